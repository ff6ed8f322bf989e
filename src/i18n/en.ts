import { alarms } from './en/alarms.ts';
import { backup } from './en/backup.ts';
import { cameras } from './en/cameras.ts';
import { cli } from './en/cli.ts';
import { config } from './en/config.ts';
import { errors } from './en/errors.ts';
import { findings } from './en/findings.ts';
import { gaps } from './en/gaps.ts';
import { ledger } from './en/ledger.ts';
import { notices } from './en/notices.ts';
import { operation } from './en/operation.ts';
import { oversight } from './en/oversight.ts';
import { people } from './en/people.ts';
import { printing } from './en/printing.ts';
import { retention } from './en/retention.ts';
import { troubles } from './en/troubles.ts';
import type { Sentences } from './ko.ts';

export const en: Sentences = {
  errors,
  config,
  cli,
  cameras,
  alarms,
  findings,
  gaps,
  ledger,
  notices,
  operation,
  oversight,
  people,
  backup,
  printing,
  retention,
  troubles,
};

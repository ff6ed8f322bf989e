import { alarms } from './ko/alarms.ts';
import { backup } from './ko/backup.ts';
import { cameras } from './ko/cameras.ts';
import { cli } from './ko/cli.ts';
import { config } from './ko/config.ts';
import { errors } from './ko/errors.ts';
import { findings } from './ko/findings.ts';
import { gaps } from './ko/gaps.ts';
import { ledger } from './ko/ledger.ts';
import { notices } from './ko/notices.ts';
import { operation } from './ko/operation.ts';
import { oversight } from './ko/oversight.ts';
import { people } from './ko/people.ts';
import { printing } from './ko/printing.ts';
import { retention } from './ko/retention.ts';
import { troubles } from './ko/troubles.ts';

/** Defines which sentences exist; `en.ts` must have every one of them. */
export const ko = {
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

export type Sentences = typeof ko;

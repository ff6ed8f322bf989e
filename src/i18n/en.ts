import { cameras } from './en/cameras.ts';
import { cli } from './en/cli.ts';
import { config } from './en/config.ts';
import { errors } from './en/errors.ts';
import type { Sentences } from './ko.ts';

export const en: Sentences = { errors, config, cli, cameras };

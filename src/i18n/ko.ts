import { cameras } from './ko/cameras.ts';
import { cli } from './ko/cli.ts';
import { config } from './ko/config.ts';
import { errors } from './ko/errors.ts';

/** Defines which sentences exist; `en.ts` must have every one of them. */
export const ko = { errors, config, cli, cameras };

export type Sentences = typeof ko;

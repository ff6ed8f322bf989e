import { config } from './ko/config.ts';
import { errors } from './ko/errors.ts';

/** Defines which sentences exist; `en.ts` must have every one of them. */
export const ko = { errors, config };

export type Sentences = typeof ko;

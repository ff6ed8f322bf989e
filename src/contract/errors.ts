import { z } from 'zod';

/** Every answer of 400 and above. */
export const errorAnswerSchema = z.strictObject({
  /** One of the codes of `lib/errors.ts`. */
  error: z.string(),
  /** What went wrong and what to do, in the caller's language. */
  message: z.string(),
  /** Which of its reasons, where a screen goes on from there (`proof_needed`, `too_short`, …). */
  why: z.string().optional(),
  /** What it is called in the log, for whoever asks about it: of what failed, and of what somebody may not. */
  reference: z.string().optional(),
  /** When it may be tried again. */
  seconds: z.int().nonnegative().optional(),
});

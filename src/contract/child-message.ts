import { z } from 'zod';

/** What a process says to `girok serve`, its parent, over the IPC channel. */
export const childMessageSchema = z.discriminatedUnion('kind', [
  /** Its work has begun; `address` is where it answers, for those that do. */
  z.object({ kind: z.literal('ready'), address: z.string().optional() }),
  /** It is preparing something that a person waits for. */
  z.object({ kind: z.literal('progress'), percent: z.number().min(0).max(100) }),
]);

export type ChildMessage = z.infer<typeof childMessageSchema>;

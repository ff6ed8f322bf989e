import { z } from 'zod';
import { kind } from './shapes.ts';

/** What the rounds of hashing find; the file is left as it is. */
export const VAULT = [
  kind('footage.damaged', {
    /** `<camera>/<day>/<name>`, relative to the vault. */
    file: z.string().min(1).max(128),
    kind: z.enum(['missing', 'size', 'hash', 'unreadable']),
  }),
] as const;

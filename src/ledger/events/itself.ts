import { z } from 'zod';
import { count, kind, line, sha256, word } from './shapes.ts';

/** The ledger itself. */
export const ITSELF = [
  kind('ledger.begun', { origin: z.string().max(200), site: word }),
  kind('ledger.corrected', { reason: line.min(1) }),
  kind('spool.overflowed', { entries: count }),
  kind('spool.refused', { name: word, bytes: count, sha256 }),
] as const;

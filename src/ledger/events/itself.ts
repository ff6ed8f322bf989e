import { z } from 'zod';
import { count, instant, kind, line, sha256, word } from './shapes.ts';

/** The ledger itself. */
export const ITSELF = [
  kind('ledger.begun', { origin: z.string().max(200), site: word }),
  /** Somebody had the whole of it verified: whether it is whole, and what it tells against those who keep it. */
  kind('ledger.verified', {
    sound: z.boolean(),
    entries: count,
    serious: count,
    warnings: count,
    notes: count,
  }),
  kind('ledger.corrected', { reason: line.min(1) }),
  /** What was told while the spool was full: how many, and of which kinds. */
  kind('spool.overflowed', {
    entries: count,
    from: instant.optional(),
    to: instant.optional(),
    events: z.record(word, count).optional(),
  }),
  /** `removed`: there was no room to keep it in spool/refused. */
  kind('spool.refused', { name: word, bytes: count, sha256, removed: z.literal(true).optional() }),
] as const;

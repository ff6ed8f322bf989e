import { count, kind, sha256, word } from './shapes.ts';

/** Backups, and what was put back out of one. */
export const BACKUP = [
  /** A full one; `sha256` is that of its manifest, which names those of its files. */
  kind('backup.made', { backup: word, sha256, bytes: count, epoch: count.optional() }),
  kind('backup.restored', {
    backup: word,
    sha256,
    /** Which of the databases were replaced or added to. */
    parts: word.array().max(8),
    keysBack: count,
    /** Keys in the backup that open under nothing any more. */
    keysGone: count,
    /** Entries that a kept checkpoint has seen and the ledger that was put back has not. */
    entriesMissing: count.optional(),
  }),
] as const;

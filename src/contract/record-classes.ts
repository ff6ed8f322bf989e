/**
 * What the personal texts of the ledger are sorted into: each class has a retention of its own (domain rules §8), and
 * each class and month a key of its own. Kept for ever as they are named: the names stand in keyrings and backups.
 */
export const RECORD_CLASSES = [
  'management',
  'viewing',
  'access',
  'rights',
  'holds',
  'erasing',
  'oversight',
  'operation',
] as const;

export type RecordClass = (typeof RECORD_CLASSES)[number];

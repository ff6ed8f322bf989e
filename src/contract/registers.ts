import { z } from 'zod';

/** The registers of the ledger as the API shows them. Instants: ISO 8601, UTC. */

export const REGISTER_NAMES = ['management', 'viewing', 'access', 'rights', 'destruction'] as const;
export type RegisterName = (typeof REGISTER_NAMES)[number];

export const REGISTER_FILES = ['csv', 'xlsx', 'pdf'] as const;
export type RegisterFile = (typeof REGISTER_FILES)[number];

const cell = z.union([z.string(), z.number()]);

export const registerPageSchema = z.strictObject({
  name: z.string(),
  /** In the order of the official form, where there is one. */
  titles: z.array(z.string()),
  /** Rows of the whole register, whatever was asked for. */
  total: z.int(),
  rows: z.array(
    z.strictObject({
      /** The entry of the ledger that the row begins with. */
      seq: z.int(),
      /** Its number in the whole register. */
      number: z.int(),
      kind: z.string(),
      /** Id of the account. */
      person: z.string().optional(),
      outcome: z.string().optional(),
      cells: z.array(cell),
    }),
  ),
  /** Where it goes on: to be given as `behind`. Absent at the end. */
  next: z.int().optional(),
});
export type RegisterPageView = z.infer<typeof registerPageSchema>;

const choice = z.strictObject({ value: z.string(), label: z.string() });

/** What a register can be narrowed down to: what there is in it, in the caller's language. */
export const registerChoicesSchema = z.strictObject({
  kinds: z.array(choice),
  outcomes: z.array(choice),
  cameras: z.array(choice),
  persons: z.array(choice),
});

/** The checkpoint that vouches for something: so many entries, when it was made, whose signatures it has. */
const checkpoint = z.strictObject({
  size: z.int(),
  madeAt: z.iso.datetime(),
  signers: z.array(z.string()),
});

export const entrySchema = z.strictObject({
  seq: z.int(),
  /** When it happened, and when it was entered. */
  at: z.iso.datetime(),
  committedAt: z.iso.datetime(),
  /** What it is, in the caller's language. */
  label: z.string(),
  /** Canonical JSON: what the tree of the ledger is over. */
  body: z.string(),
  /** Names, reasons and addresses beside it: the text, or why there is none. */
  texts: z.array(
    z.strictObject({
      field: z.string(),
      state: z.enum(['open', 'erased', 'damaged', 'sealed']),
      text: z.string(),
    }),
  ),
  proof: z.strictObject({
    /** `entered`: it is in the ledger that the checkpoint vouches for, unchanged. `unsigned`: not signed yet. */
    outcome: z.enum(['entered', 'unsigned', 'ledger_changed']),
    sentence: z.string(),
    checkpoint: checkpoint.optional(),
    /** Hash of the entry, its way up the tree, and the root that was signed; hex. */
    leaf: z.string().optional(),
    path: z.array(z.string()).optional(),
    root: z.string().optional(),
    /** Public key of the ledger, `name+id+key`. */
    key: z.string(),
  }),
});
export type EntryView = z.infer<typeof entrySchema>;

export const standingSchema = z.strictObject({
  entries: z.int(),
  /** Not signed yet. */
  unsigned: z.int(),
  checkpoint: checkpoint.optional(),
  /** The newest checkpoint that another machine has signed, and when it says that it saw it. */
  witness: z.strictObject({ size: z.int(), at: z.iso.datetime() }).optional(),
  /** The last time that all of it was verified. */
  verified: z
    .strictObject({ at: z.iso.datetime(), entries: z.int(), sound: z.boolean(), serious: z.int() })
    .optional(),
  /** It contradicts what somebody has seen of it, or cannot be written. */
  incident: z.boolean(),
});

export const checkpointSchema = z.strictObject({
  ...checkpoint.shape,
  /** Hex. */
  root: z.string(),
  key: z.string(),
  /** The signed note. */
  note: z.string(),
  /** The note as a QR code: one text a line, 1 for dark. */
  qr: z.array(z.string()),
});
export type CheckpointView = z.infer<typeof checkpointSchema>;

const finding = z.strictObject({
  code: z.string(),
  severity: z.enum(['note', 'warning', 'serious']),
  entry: z.int(),
  sentence: z.string(),
});

export const verificationSchema = z.strictObject({
  state: z.enum(['never', 'running', 'done', 'cancelled', 'failed']),
  startedAt: z.iso.datetime().optional(),
  endedAt: z.iso.datetime().optional(),
  /** How many entries have been looked at, of how many. */
  entries: z.int().optional(),
  total: z.int().optional(),
  /** Of `done`. */
  sound: z.boolean().optional(),
  checkpoints: z.int().optional(),
  /** Entries that no checkpoint vouches for yet. */
  unvouched: z.int().optional(),
  /** What is wrong and where, or what has failed. */
  sentence: z.string().optional(),
  counts: z.strictObject({ note: z.int(), warning: z.int(), serious: z.int() }).optional(),
  /** The serious ones first. */
  findings: z.array(finding).optional(),
});
export type VerificationView = z.infer<typeof verificationSchema>;

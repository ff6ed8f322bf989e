import { z } from 'zod';
import type { Waiting } from '../contract/purge-outcome.ts';
import { RECORD_CLASSES } from '../contract/record-classes.ts';
import { writeFileDurably } from '../lib/durable.ts';
import { GirokError } from '../lib/errors.ts';
import { readIfThere } from '../lib/read-file.ts';
import type { LocalDay } from '../lib/site-time.ts';
import type { Vouched } from './clock-guard.ts';
import type { LastLook } from './late-comers.ts';
import type { PlannedErasure } from './plan.ts';
import type { DueRecords } from './records.ts';

const localDay = z.iso.date().transform((text) => text as LocalDay);
const hours = z.array(z.number().int().min(0).max(24));

const stateSchema = z.object({
  v: z.literal(1),
  lastGood: z.object({ run: z.string(), day: localDay, atUs: z.number(), epoch: z.number() }).optional(),
  intent: z
    .object({
      run: z.string(),
      startedUs: z.number(),
      fromEpoch: z.number(),
      erase: z.array(
        z.object({
          camera: z.string(),
          day: localDay,
          dueUs: z.number(),
          hours,
          files: z.number(),
          bytes: z.number(),
          removesFiles: z.boolean(),
          reason: z.enum(['expired', 'left_over']),
        }),
      ),
      records: z
        .array(z.object({ class: z.enum(RECORD_CLASSES), month: z.string(), dueUs: z.number() }))
        .default([]),
    })
    .optional(),
  vouched: z.object({ boot: z.string(), uptimeUs: z.number(), utcUs: z.number() }).optional(),
  waiting: z
    .object({
      why: z.enum(['clock', 'days', 'ledger']),
      sinceUs: z.number(),
      untold: z.boolean().optional(),
    })
    .optional(),
  looked: z
    .object({
      day: localDay,
      cameraDays: z.union([z.array(z.string()), z.literal('all')]),
      late: z.array(z.object({ camera: z.string(), day: localDay, seenOn: localDay })),
      upTo: z.string().optional(),
    })
    .optional(),
  owed: z
    .object({
      run: z.string(),
      since: z.string(),
      runs: z.number(),
      day: localDay,
      places: z.array(z.string()),
      oldest: z.object({ day: localDay, dueUs: z.number(), cameras: z.number() }).optional(),
    })
    .optional(),
  overdueTold: localDay.optional(),
  unaccounted: z.array(z.string()).default([]),
});

/** Instants: µs UTC. */
export interface PurgeState {
  readonly v: 1;
  /** The last run that did all that was due; in a place that was away a secret may be left, see `owed`. */
  readonly lastGood?: { run: string; day: LocalDay; atUs: number; epoch: number } | undefined;
  /** A run that has begun and not ended. */
  readonly intent?: Intent | undefined;
  readonly vouched?: Vouched | undefined;
  /** `untold`: only this run has seen it yet, and the ledger has not heard of it. */
  readonly waiting?: { why: Waiting['why']; sinceUs: number; untold?: boolean | undefined } | undefined;
  readonly looked?: LastLook | undefined;
  /** Runs that are incomplete: some place may still open their keys, or files of theirs are left. */
  readonly owed?: Owed | undefined;
  /** The day on which the ledger last heard that something is overdue. */
  readonly overdueTold?: LocalDay | undefined;
  /** Runs whose certificates the ledger does not have yet. */
  readonly unaccounted: readonly string[];
}

export interface Owed {
  /** The newest of these runs, and the day of its certificate. */
  readonly run: string;
  readonly day: LocalDay;
  readonly since: string;
  readonly runs: number;
  /** In which places, and what each says. */
  readonly places: readonly string[];
  /** Of what they were to erase and may still be opened. */
  readonly oldest?: { readonly day: LocalDay; readonly dueUs: number; readonly cameras: number } | undefined;
}

export interface Intent {
  readonly run: string;
  readonly startedUs: number;
  /** Once the keyring names a later one, the keys are gone. */
  readonly fromEpoch: number;
  readonly erase: readonly PlannedErasure[];
  readonly records: readonly DueRecords[];
}

/** What one run tells the next; one small file, replaced whole. */
export interface Journal {
  /** A first run finds nothing. @throws GirokError `purge_journal_damaged` for a file that is not ours */
  read(): Promise<PurgeState>;
  /** Durable when it resolves. @throws the system's error */
  write(state: PurgeState): Promise<void>;
}

export function createJournal(path: string): Journal {
  return {
    async read() {
      const text = await readIfThere(path);
      if (text === undefined) return { v: 1, unaccounted: [] };
      try {
        return stateSchema.parse(JSON.parse(text));
      } catch (error) {
        throw new GirokError('purge_journal_damaged', { path }, { cause: error });
      }
    },
    write: (state) => writeFileDurably(path, `${JSON.stringify(state)}\n`),
  };
}

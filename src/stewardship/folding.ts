import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { type Clock, HOUR_US, isoFromUs } from '../lib/clock.ts';
import { systemCode } from '../lib/errors.ts';
import { newId } from '../lib/ids.ts';
import { createKeptFile } from '../lib/kept-file.ts';
import type { Spool, SpooledEvent } from './spool.ts';

/**
 * In front of the spool: a camera that comes and goes, or a network that breaks, must not bury the ledger. What comes
 * too fast to stand for itself is counted by kind and subject, and told once an hour as `recorder.folded`.
 *
 * Whatever the number of cameras, at most {@link BURST} + {@link PER_HOUR} entries and one summary (in parts of
 * {@link LINES} lines) come within an hour; of one camera {@link CAMERA_BURST} + {@link CAMERA_PER_HOUR}, so that one
 * that is broken does not take the others' room. Counts and bounds outlive the process: they lie in a file, durable
 * within a second.
 */
export interface Folding extends Spool {
  /** Tells what is counted now, before its hour is over. Resolves once it is durable or `withinMs` have passed. */
  tell(withinMs: number): Promise<void>;
  stop(): void;
}

export interface FoldingDeps {
  readonly spool: Spool;
  readonly clock: Clock;
  /** Where the counts lie. */
  readonly path: string;
  /** The counts could not be read or kept; they are still in memory. */
  failed(error: unknown): void;
}

export const BURST = 200;
export const PER_HOUR = 200;
export const CAMERA_BURST = 24;
export const CAMERA_PER_HOUR = 12;
/** Of one part: below what one entry may weigh. */
export const LINES = 500;
/** Kinds and subjects that are kept apart; further subjects are counted under their kind. */
const MOST_LINES = 10_000;
const LOOK_MS = 10_000;
const MOST_BUCKETS = 1024;
const SETTLE_MS = 5000;

/** Rare by themselves, and each says something that no sum could say. */
const NEVER_FOLDED = new Set([
  'recorder.started',
  'recorder.stopped',
  'config.changed',
  'volume.changed',
  'keyring.made',
  'keyring.repaired',
  'recording.losses',
]);

const line = z.strictObject({
  event: z.string(),
  subject: z.string(),
  count: z.int().nonnegative(),
  lastedMs: z.int().nonnegative().optional(),
  cause: z.string().optional(),
});
type Line = z.infer<typeof line>;

const stored = z.strictObject({
  v: z.literal(1),
  left: z.number(),
  atUs: z.int(),
  counted: z.strictObject({ fromUs: z.int(), toUs: z.int(), lines: z.array(line) }).optional(),
  /** A summary that is being told: its parts have their ids, so that telling them again makes none of them twice. */
  telling: z
    .strictObject({
      fromUs: z.int(),
      toUs: z.int(),
      atUs: z.int(),
      lines: z.array(line),
      ids: z.array(z.string()),
    })
    .optional(),
});
type Stored = z.infer<typeof stored>;

export function createFolding({ spool, clock, path, failed }: FoldingDeps): Folding {
  const before = read(path, failed);
  const site = createBucket(BURST, PER_HOUR, clock, before);
  const cameras = new Map<string, Bucket>();
  const lines = new Map<string, Line>();
  let counted = before?.counted && { fromUs: before.counted.fromUs, toUs: before.counted.toUs };
  for (const left of before?.counted?.lines ?? []) add(withoutTurns(left));
  let telling: (NonNullable<Stored['telling']> & { isAppended?: boolean }) | undefined = before?.telling && {
    ...before.telling,
    lines: before.telling.lines.map(withoutTurns),
  };
  let turn: Promise<void> = Promise.resolve();
  const file = createKeptFile({
    path,
    clock,
    failed,
    text() {
      const { isAppended: _, ...told } = telling ?? {};
      return JSON.stringify({
        v: 1,
        left: site.left(),
        atUs: clock.utcUs(),
        ...(counted ? { counted: { ...counted, lines: [...lines.values()] } } : {}),
        ...(telling ? { telling: told } : {}),
      });
    },
  });

  const bucketOf = (name: string): Bucket => {
    const known = cameras.get(name);
    if (known) return known;
    // Cameras that were taken out of the settings.
    if (cameras.size >= MOST_BUCKETS) cameras.clear();
    const bucket = createBucket(CAMERA_BURST, CAMERA_PER_HOUR, clock);
    cameras.set(name, bucket);
    return bucket;
  };

  /** Beginnings less ends of one alarm that were counted and are not told yet. */
  const turnsOf = (subject: string): number => {
    const waiting = telling && !telling.isAppended ? telling.lines : [];
    const counts = [
      ...waiting.filter((each) => each.subject === subject),
      ...TURNS.map((event) => lines.get(keyOf({ event, subject })) ?? { event, count: 0 }),
    ];
    return counts.reduce((sum, each) => sum + turnOf(each), 0);
  };

  const mayStand = ({ event, facts }: SpooledEvent): boolean => {
    if (NEVER_FOLDED.has(event)) return true;
    // Told before the other turn that was counted, it would leave the alarm the wrong way round.
    if (turnOf({ event, count: 1 }) !== 0 && turnsOf(subjectOf(facts)) !== 0) return false;
    const own = bucketOf(cameraOf(facts) ?? event);
    if (own.left() < 1 || site.left() < 1) return false;
    own.take();
    site.take();
    return true;
  };

  const fold = ({ event, facts }: SpooledEvent) => {
    const nowUs = clock.utcUs();
    counted = { fromUs: counted?.fromUs ?? nowUs, toUs: nowUs };
    const own = { event, subject: subjectOf(facts) };
    const named = lines.has(keyOf(own)) || lines.size < MOST_LINES ? own : { event, subject: '' };
    const lastedMs = facts.lastedMs ?? facts.awayMs;
    add({
      ...named,
      count: 1,
      ...(typeof lastedMs === 'number' ? { lastedMs } : {}),
      ...(typeof facts.cause === 'string' ? { cause: facts.cause } : {}),
    });
  };

  function add(more: Line) {
    const sum = lines.get(keyOf(more));
    const lastedMs = sum?.lastedMs === undefined ? more.lastedMs : sum.lastedMs + (more.lastedMs ?? 0);
    lines.set(keyOf(more), {
      ...sum,
      ...more,
      count: (sum?.count ?? 0) + more.count,
      ...(lastedMs === undefined ? {} : { lastedMs }),
    });
  }

  const tellOnce = async (withinMs: number) => {
    if (!telling && counted) {
      const parts = Math.ceil(lines.size / LINES);
      const atUs = clock.utcUs();
      const ids = Array.from({ length: parts }, () => newId(atUs));
      telling = { ...counted, atUs, lines: [...lines.values()], ids };
      counted = undefined;
      lines.clear();
    }
    if (!telling) return;
    if (!telling.isAppended) {
      // First it must be known under which ids: a crash after the first part tells the same parts again.
      if (!(await file.now())) return;
      telling.isAppended = true;
      for (const [part, id] of telling.ids.entries()) spool.append(summaryOf(telling, part, id));
    }
    if (!(await spool.settled(withinMs))) return;
    telling = undefined;
    await file.now();
  };
  /** One after the other: two at a time could take each other's for told. */
  const tell = (withinMs: number) => {
    turn = turn.then(() => tellOnce(withinMs));
    return turn;
  };

  const stopLooking = clock.every(LOOK_MS, () => {
    const isOver = counted && Math.abs(clock.utcUs() - counted.fromUs) >= HOUR_US;
    if (telling || isOver) void tell(SETTLE_MS);
  });

  return {
    append(told) {
      if (mayStand(told)) spool.append(told);
      else fold(told);
      file.soon();
    },
    get waiting() {
      return spool.waiting;
    },
    settled: (withinMs) => spool.settled(withinMs),
    tell,
    stop() {
      stopLooking();
      file.stop();
    },
  };
}

function summaryOf(
  { fromUs, toUs, atUs, lines }: NonNullable<Stored['telling']>,
  part: number,
  id: string,
): SpooledEvent {
  const own = lines.slice(part * LINES, (part + 1) * LINES);
  const counts: Record<string, number> = {};
  for (const { event, count } of own) counts[event] = (counts[event] ?? 0) + count;
  const entries = own.reduce((sum, { count }) => sum + count, 0);
  const facts = { from: isoFromUs(fromUs), to: isoFromUs(toUs), entries, lines: own };
  return { event: 'recorder.folded', facts, as: { id, atUs }, counts };
}

interface Bucket {
  left(): number;
  take(): void;
}

/** Full at the beginning, or as full as an earlier process left it. */
function createBucket(size: number, perHour: number, clock: Clock, before?: Stored): Bucket {
  const awayUs = before ? Math.max(0, clock.utcUs() - before.atUs) : 0;
  let left = before ? Math.min(size, before.left + (awayUs / HOUR_US) * perHour) : size;
  let atUs = clock.monoUs();
  const refill = () => {
    const nowUs = clock.monoUs();
    left = Math.min(size, left + ((nowUs - atUs) / HOUR_US) * perHour);
    atUs = nowUs;
    return left;
  };
  return {
    left: refill,
    take() {
      left = refill() - 1;
    },
  };
}

/** @returns undefined where there is nothing, or nothing of ours: then the counts begin anew */
function read(path: string, failed: (error: unknown) => void): Stored | undefined {
  try {
    return stored.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch (error) {
    if (systemCode(error) !== 'ENOENT') failed(error);
    return undefined;
  }
}

type Facts = SpooledEvent['facts'];
const textOf = (value: unknown) => (typeof value === 'string' ? value : undefined);

function cameraOf(facts: Facts): string | undefined {
  const subject = textOf(facts.camera) ?? textOf(facts.subject)?.split('/')[0];
  return subject === '' ? undefined : subject;
}

function subjectOf(facts: Facts): string {
  const [camera, stream, alarm] = [textOf(facts.camera), textOf(facts.stream), textOf(facts.alarm)];
  if (camera !== undefined) return stream === undefined ? camera : `${camera}/${stream}`;
  return [alarm, textOf(facts.subject)].filter(Boolean).join(' ').slice(0, 110);
}

const TURNS = ['alarm.raised', 'alarm.cleared'] as const;

/** Of an alarm: how much nearer to standing it is. */
const turnOf = ({ event, count }: Pick<Line, 'event' | 'count'>): number =>
  event === 'alarm.raised' ? count : event === 'alarm.cleared' ? -count : 0;

/** Alarms end with their process: what an earlier one has counted is still counted, and turns none of this one's. */
const withoutTurns = (left: Line): Line => (turnOf(left) === 0 ? left : { ...left, subject: '' });

const keyOf = ({ event, subject }: Pick<Line, 'event' | 'subject'>) => `${event} ${subject}`;

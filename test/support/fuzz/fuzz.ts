import { writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { createConversations } from './conversations.ts';
import { createDescriptions } from './descriptions.ts';
import type { Family } from './family.ts';
import { createPackets } from './packets.ts';
import { createParameterSets } from './parameter-sets.ts';
import { createChances, seedOf } from './random.ts';
import { readRecordings } from './recordings.ts';

export interface FuzzOptions {
  readonly inputs: number;
  readonly seed: number;
  /** The number of the first input: one alone is made again with `inputs: 1`. */
  readonly from?: number;
}

export interface FuzzResult {
  readonly inputs: number;
  /** What did not hold, one line each, with the input's number and the file that it was written to. */
  readonly failures: readonly string[];
  /**
   * The longest that an input kept this thread busy, by family; of two attempts the shorter. Nothing here waits for
   * anything, so it is how long other cameras wait; how long others keep the machine busy does not count.
   */
  readonly slowestMs: Readonly<Record<string, number>>;
  /** Heap and external memory above that at the beginning, after collecting; the most of all looks. */
  readonly growthBytes: number;
}

/** Longer than this, twice in a row, hangs up on all other cameras; once may be the collector or the machine. */
const LONGEST_MS = 100;
const LOOK_EVERY = 100_000;
/** What is compiled and kept at first is not growth. */
const WARM_UP = 5000;
const MOST_FAILURES = 20;
const SETTLED_BYTES = 500_000;

/** Feeds changed inputs of all four families to what reads a camera's bytes. */
export async function fuzz({ inputs, seed, from = 0 }: FuzzOptions): Promise<FuzzResult> {
  const recordings = readRecordings();
  const families: Family[] = [
    createConversations(recordings),
    createDescriptions(recordings),
    createPackets(recordings),
    createParameterSets(),
  ];
  const failures: string[] = [];
  const slowestMs: Record<string, number> = {};
  const collect = collector();
  let number = from;
  let firstBytes: number | undefined;
  let growthBytes = 0;

  const fail = (why: string, pieces: readonly Buffer[] = []) => {
    const file = join(tmpdir(), `girok-fuzz-${seed}-${number}.json`);
    writeFileSync(
      file,
      JSON.stringify({ seed, number, why, pieces: pieces.map((one) => one.toString('base64')) }),
    );
    failures.push(`seed ${seed} number ${number}: ${why} (${file})`);
  };
  const outside = (error: unknown) => fail(`outside of any call: ${textOf(error)}`);
  process.on('uncaughtException', outside);
  process.on('unhandledRejection', outside);

  const takeOne = async () => {
    const chances = createChances(seedOf(seed, 2 * number));
    const family = familyOf(families, chances.below(100));
    const pieces = family.make(chances);
    const timed = async () => {
      const began = process.threadCpuUsage();
      await family.take(pieces, createChances(seedOf(seed, 2 * number + 1)));
      const { user, system } = process.threadCpuUsage(began);
      return (user + system) / 1000;
    };
    try {
      let tookMs = await timed();
      if (tookMs > LONGEST_MS) tookMs = Math.min(tookMs, await timed());
      slowestMs[family.name] = Math.max(slowestMs[family.name] ?? 0, tookMs);
      if (tookMs > LONGEST_MS) fail(`${family.name}: ${Math.round(tookMs)} ms`, pieces);
    } catch (error) {
      fail(`${family.name}: ${textOf(error)}`, pieces);
    }
  };
  const look = async () => {
    const bytes = await heldBytes(collect);
    firstBytes ??= bytes;
    growthBytes = Math.max(growthBytes, bytes - firstBytes);
  };

  try {
    for (; number < from + inputs && failures.length < MOST_FAILURES; number++) {
      const done = number - from;
      if (done === WARM_UP || (done > 0 && done % LOOK_EVERY === 0)) await look();
      // What was thrown outside of any call comes to light between two inputs.
      if (done % 100 === 0) await new Promise((resolve) => setImmediate(resolve));
      await takeOne();
    }
    await new Promise((resolve) => setImmediate(resolve));
    await look();
  } finally {
    process.off('uncaughtException', outside);
    process.off('unhandledRejection', outside);
  }
  return { inputs: number - from, failures, slowestMs, growthBytes };
}

function familyOf(families: readonly Family[], place: number): Family {
  let left = place;
  for (const family of families) {
    if (left < family.share) return family;
    left -= family.share;
  }
  throw new Error('the shares are not a hundred');
}

const textOf = (error: unknown) => (error instanceof Error ? (error.stack ?? error.message) : String(error));

/** The memory of buffers is given back some time after they have been collected. */
async function heldBytes(collect: () => void): Promise<number> {
  let before = Number.POSITIVE_INFINITY;
  for (;;) {
    collect();
    const { heapUsed, external } = process.memoryUsage();
    if (heapUsed + external >= before - SETTLED_BYTES) return Math.min(before, heapUsed + external);
    before = heapUsed + external;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

function collector(): () => void {
  setFlagsFromString('--expose-gc');
  return runInNewContext('gc') as () => void;
}

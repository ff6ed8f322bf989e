import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { CONFIG_PRINT } from '../config/print.ts';
import type { Clock } from '../lib/clock.ts';
import { systemCode } from '../lib/errors.ts';
import { createKeptFile } from '../lib/kept-file.ts';
import type { LocalDay } from '../lib/site-time.ts';

const hash = z.string().regex(/^[0-9a-f]{64}$/);
const stream = z.strictObject({
  picture: z.strictObject({ codec: z.string(), width: z.int(), height: z.int() }).optional(),
  /** SHA-256 of the address it was pulled from. */
  address: hash.optional(),
});
const camera = z.strictObject({
  device: hash.optional(),
  firmware: hash.optional(),
  main: stream.optional(),
  sub: stream.optional(),
  /** It gave no pictures any more since then, µs UTC. */
  downSinceUs: z.int().optional(),
});
const known = z.strictObject({
  v: z.literal(1),
  /** When this was written, µs UTC. */
  seenUs: z.int(),
  /** Boot of the host that a recorder runs in; absent when the last one ended in good order. */
  runningIn: z.string().optional(),
  config: CONFIG_PRINT.optional(),
  cameras: z.record(z.string(), camera),
  /** Last day whose losses were told. */
  lossesThrough: z.custom<LocalDay>((day) => z.iso.date().safeParse(day).success).optional(),
});

export type KnownCamera = z.infer<typeof camera>;
export type KnownStream = z.infer<typeof stream>;
type Known = z.infer<typeof known>;

/**
 * What one recorder leaves for the next, so that a difference is seen although nobody ran meanwhile: how it ended,
 * the settings, the cameras. Nothing depends on it but entries of the ledger; without it the next one only knows less.
 */
export interface LastKnown {
  /** As the recorder before left it; undefined where there is nothing that can be read. */
  readonly before: Known | undefined;
  readonly cameras: Record<string, KnownCamera>;
  /** Forgets the cameras that are not in the settings any more. */
  keepCameras(ids: readonly string[]): void;
  lossesThrough(): LocalDay | undefined;
  /** Takes over what is new; durable within a second. */
  note(news: Partial<Omit<Known, 'v' | 'seenUs' | 'cameras'>>): void;
  /** The recorder ends in good order. @returns whether that is durable */
  ended(): Promise<boolean>;
}

/** @param failed told when it cannot be read or written; tried again */
export function openLastKnown(path: string, clock: Clock, failed: (error: unknown) => void): LastKnown {
  const before = read(path, failed);
  const now: Known = structuredClone(before) ?? { v: 1, seenUs: 0, cameras: {} };
  const file = createKeptFile({
    path,
    clock,
    failed,
    text: () => JSON.stringify({ ...now, seenUs: clock.utcUs() }),
  });
  return {
    before,
    cameras: now.cameras,
    keepCameras(ids) {
      for (const id of Object.keys(now.cameras)) if (!ids.includes(id)) delete now.cameras[id];
    },
    lossesThrough: () => now.lossesThrough,
    note(news) {
      Object.assign(now, news);
      // Whoever crashes in its first second has crashed too.
      if (news.runningIn === undefined) file.soon();
      else void file.now();
    },
    async ended() {
      delete now.runningIn;
      const isKept = await file.now();
      file.stop();
      return isKept;
    },
  };
}

function read(path: string, failed: (error: unknown) => void): Known | undefined {
  try {
    return known.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch (error) {
    if (systemCode(error) !== 'ENOENT') failed(error);
    return undefined;
  }
}

import { constants } from 'node:fs';
import { open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { syncDirectory } from '../lib/durable.ts';
import { GirokError, systemCode } from '../lib/errors.ts';
import type { CameraId, SegmentId } from '../lib/ids.ts';
import type { LocalDay } from '../lib/site-time.ts';

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const leafShape = z.strictObject({
  v: z.literal(1),
  camera: z.string().transform((camera) => camera as CameraId),
  stream: z.enum(['main', 'sub']),
  day: z.string().transform((day) => day as LocalDay),
  segment: z.string().transform((segment) => segment as SegmentId),
  startUs: z.int(),
  endUs: z.int(),
  chunks: z.int(),
  ciphertextSha256: sha256,
  fragmentsRoot: sha256,
});
const copyShape = z.union([
  z.strictObject({ file: z.string(), leaf: leafShape }),
  z.strictObject({ file: z.string(), missed: z.string() }),
]);

const lineShape = z.union([copyShape, z.strictObject({ wanted: z.array(z.string()) })]);

/** A file that a hold covers: copied, with its original's evidence leaf, or why it could not be. */
export type HeldFile = Readonly<z.infer<typeof copyShape>>;

/** What a hold has copied: one line a file, so that a day of all cameras is not written anew for each. */
export interface HoldCopies {
  /** In the order of copying. @throws GirokError `database_damaged` for a line that is none */
  list(): Promise<HeldFile[]>;
  /** What there was to copy at the first look, so that what was erased before it was copied is missed. @throws as list */
  wanted(): Promise<readonly string[] | undefined>;
  /** Notes it, once. */
  want(files: readonly string[]): Promise<void>;
  /** Durable when it resolves. For whoever holds the right to copy; a torn line that a crash left is cut off first. */
  add(file: HeldFile): Promise<void>;
}

/** @param folder `<storage>/retention/holds` */
export function createHoldCopies(folder: string, hold: string): HoldCopies {
  const path = join(folder, `${hold}.files`);

  const wholeLines = async (): Promise<string> => {
    try {
      const text = await readFile(path, 'utf8');
      return text.slice(0, text.lastIndexOf('\n') + 1);
    } catch (error) {
      if (systemCode(error) !== 'ENOENT') throw error;
      return '';
    }
  };
  let endsWhole: Promise<void> | undefined;
  const cutTornLine = async () => {
    const whole = await wholeLines();
    const file = await open(path, constants.O_RDWR | constants.O_CREAT, 0o600);
    try {
      await file.truncate(Buffer.byteLength(whole));
      await file.sync();
    } finally {
      await file.close();
    }
    await syncDirectory(folder);
  };

  const lines = async () => {
    const texts = (await wholeLines()).split('\n').slice(0, -1);
    try {
      return texts.map((text) => lineShape.parse(JSON.parse(text)));
    } catch (error) {
      throw new GirokError('database_damaged', { path }, { cause: error });
    }
  };
  const append = async (line: z.input<typeof lineShape>) => {
    endsWhole ??= cutTornLine();
    try {
      await endsWhole;
      const file = await open(path, 'a', 0o600);
      try {
        await file.appendFile(`${JSON.stringify(line)}\n`);
        await file.datasync();
      } finally {
        await file.close();
      }
    } catch (error) {
      // Whatever part of the line is there is cut off before the next.
      endsWhole = undefined;
      throw error;
    }
  };

  return {
    list: async () => (await lines()).flatMap((line) => ('wanted' in line ? [] : [line])),
    wanted: async () => (await lines()).flatMap((line) => ('wanted' in line ? [line.wanted] : []))[0],
    want: (files) => append({ wanted: [...files] }),
    add: append,
  };
}

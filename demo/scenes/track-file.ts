import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { type AccessUnit, accessUnits, type Codec, isSei, nalType } from './annex-b.ts';
import type { StreamShape, TrackName } from './profile.ts';

/** One encoded loop as it is served: pictures in order, each beginning where the last ended. */
export interface SceneTrack {
  readonly codec: Codec;
  readonly width: number;
  readonly height: number;
  readonly bitrateBps: number;
  readonly units: readonly AccessUnit[];
}

const Index = z.strictObject({
  codec: z.enum(['h264', 'h265']),
  width: z.int(),
  height: z.int(),
  bitrateBps: z.int(),
  /** `[offset, bytes, key frame 0/1]` of every access unit in the `.bin` file. */
  frames: z.array(z.tuple([z.int(), z.int(), z.int()])),
});

const START_CODE = Buffer.from([0, 0, 0, 1]);

/** Turns an encoder's output into `NAME.bin` (Annex B without the encoder's own messages) and `NAME.json`. */
export async function writeTrack(
  folder: string,
  name: TrackName,
  encoded: string,
  codec: Codec,
  shape: StreamShape,
  frames: number,
): Promise<void> {
  const units = accessUnits(await readFile(encoded), codec);
  if (units.length !== frames) throw new Error(`the encoder made ${units.length} pictures of ${frames}`);
  const chunks: Uint8Array[] = [];
  const rows: [number, number, number][] = [];
  let offset = 0;
  for (const unit of units) {
    const start = offset;
    for (const nal of unit.nals) {
      if (isSei(codec, nalType(codec, nal[0]!))) continue;
      chunks.push(START_CODE, nal);
      offset += START_CODE.length + nal.length;
    }
    rows.push([start, offset - start, unit.key ? 1 : 0]);
  }
  await writeFile(join(folder, `${name}.bin`), Buffer.concat(chunks));
  const index: z.infer<typeof Index> = { codec, ...shape, frames: rows };
  await writeFile(join(folder, `${name}.json`), JSON.stringify(index));
}

/** @throws when the files are missing or do not fit each other: the folder must be generated again. */
export async function readTrack(folder: string, name: TrackName): Promise<SceneTrack> {
  const index = Index.parse(JSON.parse(await readFile(join(folder, `${name}.json`), 'utf8')));
  const bytes = await readFile(join(folder, `${name}.bin`));
  const last = index.frames.at(-1);
  if (!last || last[0] + last[1] !== bytes.length) throw new Error(`${name} is incomplete`);
  const units = index.frames.map(([offset, size, key]) => ({
    nals: accessUnits(bytes.subarray(offset, offset + size), index.codec).flatMap((unit) => unit.nals),
    key: key === 1,
  }));
  return {
    codec: index.codec,
    width: index.width,
    height: index.height,
    bitrateBps: index.bitrateBps,
    units,
  };
}

import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';
import { writeFileDurably } from '../lib/durable.ts';
import { readIfThere } from '../lib/read-file.ts';

const schema = z.object({
  v: z.literal(1),
  at: z.iso.datetime(),
  /** How many there were. */
  entries: z.int(),
  sound: z.boolean(),
  /** What it tells against those who keep it. */
  serious: z.int(),
});

/** What came of the last time that the whole ledger was verified. */
export type LastVerified = Omit<z.infer<typeof schema>, 'v'>;

/** @throws the system's error */
export async function keepVerified(path: string, verified: LastVerified): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  await writeFileDurably(path, JSON.stringify({ v: 1, ...verified }));
}

/** @returns undefined where it never was, or what is there cannot be read: then nobody is told that it was */
export async function readVerified(path: string): Promise<LastVerified | undefined> {
  const text = await readIfThere(path);
  if (text === undefined) return undefined;
  try {
    const { v: _v, ...verified } = schema.parse(JSON.parse(text));
    return verified;
  } catch {
    // Half of a file says nothing; the next time it is written whole.
    return undefined;
  }
}

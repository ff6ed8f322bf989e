import { dirname } from 'node:path';
import { z } from 'zod';
import { writeFileDurably } from '../lib/durable.ts';
import { readIfThere } from '../lib/read-file.ts';
import { makeSharedFolder } from '../lib/sharing.ts';
import type { Boot, Vouched } from './clock-guard.ts';

const shape = z.object({ v: z.literal(1), boot: z.string(), uptimeUs: z.number(), utcUs: z.number() });

/** What the witness said the time was, for the next run of the purge. @throws the system's error */
export async function keepWitnessTime(path: string, boot: Boot | undefined, atS: number): Promise<void> {
  if (!boot) return;
  makeSharedFolder(dirname(path));
  const vouched: Vouched = { boot: boot.id, uptimeUs: boot.uptimeUs, utcUs: atS * 1_000_000 };
  await writeFileDurably(path, `${JSON.stringify({ v: 1, ...vouched })}\n`);
}

/** @returns undefined where none has been kept, or nothing that can be read: then the witness has said nothing */
export async function readWitnessTime(path: string): Promise<Vouched | undefined> {
  const text = await readIfThere(path);
  if (text === undefined) return undefined;
  try {
    const { v: _, ...vouched } = shape.parse(JSON.parse(text));
    return vouched;
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof z.ZodError) return undefined;
    throw error;
  }
}

import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { GirokError, systemCode } from '../../lib/errors.ts';

/**
 * What a backup says of itself: `backup.json` in its folder, canonical JSON. A full one is named in the ledger with
 * the SHA-256 of these bytes, and they name the SHA-256 of every other file.
 */

const count = z.number().int().min(0);
const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

/** The closed set of files in a backup. Secrets of epochs, the root key and footage are none of them. */
export const BACKUP_FILES = [
  'site.db',
  'keyring.db',
  'catalogue.db',
  'retention.json',
  'cameras.yml',
] as const;
export type BackupFile = (typeof BACKUP_FILES)[number];

export const BACKUP_NAME = /^\d{8}T\d{9}Z$/;
export const MANIFEST = 'backup.json';

const manifestSchema = z.strictObject({
  v: z.literal(1),
  name: z.string().regex(BACKUP_NAME),
  site: z.string(),
  /** Of `volume.json`: which storage folder it was. */
  volume: z.uuid(),
  madeAt: z.iso.datetime(),
  /** `quick`: without the catalogue, which can be made again from the files. */
  kind: z.enum(['full', 'quick']),
  /** Absent before the steward has begun one. */
  ledger: z.strictObject({ origin: z.string(), size: count, root: sha256 }).optional(),
  /** The epoch that the keyring's copy names, and how many keys it holds; absent before the recorder has made one. */
  keyring: z.strictObject({ epoch: count, keys: count }).optional(),
  files: z.array(
    z.strictObject({ name: z.enum(BACKUP_FILES), bytes: count, sha256, version: count.optional() }),
  ),
  /** What could not be copied because it is damaged itself. */
  omitted: z.array(z.strictObject({ name: z.enum(BACKUP_FILES), code: z.string() })),
});

export type Manifest = z.infer<typeof manifestSchema>;
export type BackupKind = Manifest['kind'];

/** Bounded, since it may be anybody's file. */
const LARGEST_BYTES = 64 * 1024;

/** @throws GirokError `backup_unknown` (there is none, or it is no backup), `backup_newer` */
export async function readManifest(folder: string): Promise<{ manifest: Manifest; bytes: Buffer }> {
  let bytes: Buffer;
  try {
    bytes = await beginningOf(join(folder, MANIFEST));
  } catch (error) {
    if (systemCode(error) === undefined) throw error;
    throw new GirokError('backup_unknown', { path: folder, system: systemCode(error) }, { cause: error });
  }
  const json = bytes.length <= LARGEST_BYTES ? parse(bytes) : undefined;
  if (typeof json?.v === 'number' && json.v > 1)
    throw new GirokError('backup_newer', { path: folder, found: json.v, known: 1 });
  const read = manifestSchema.safeParse(json);
  if (!read.success) throw new GirokError('backup_unknown', { path: folder });
  return { manifest: read.data, bytes };
}

/** One byte more than the largest that is read: what is longer shows itself. */
async function beginningOf(path: string): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of createReadStream(path, { end: LARGEST_BYTES })) parts.push(part as Buffer);
  return Buffer.concat(parts);
}

function parse(bytes: Buffer): { v?: unknown } | undefined {
  try {
    return JSON.parse(bytes.toString('utf8')) as { v?: unknown };
  } catch {
    // Not JSON: no manifest of ours, as the caller says.
    return undefined;
  }
}

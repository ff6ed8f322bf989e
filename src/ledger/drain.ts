import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, readdir, readFile, rename, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { syncDirectory } from '../lib/durable.ts';
import { systemCode } from '../lib/errors.ts';
import { listSpool, takeFromSpool } from '../stewardship/spool.ts';
import type { NewEntry } from './entry.ts';
import { ledgerEvent } from './events.ts';
import type { Ledger } from './ledger.ts';

export interface Drained {
  /** Files that are no entries; they lie in the folder `refused` now, and the ledger says so. */
  readonly refused: number;
  /** Files that are left. */
  readonly waiting: number;
}

/** In one transaction: it holds the write lock for some milliseconds only. */
const AT_ONCE = 200;
/** Well below what the database takes for one entry. */
const LARGEST_BYTES = 192 * 1024;
/** Sub-folder of the spool that no process writes to. */
export const REFUSED = 'refused';

/**
 * Moves what waits in the spool into the ledger, oldest first over all processes, each exactly once: an entry and
 * its spool name commit together, and a file whose name the ledger has is only removed.
 *
 * @param spool `<storage>/spool`, with one folder for each process that tells
 * @param only the processes whose entries are taken; all of them unless told
 * @throws the system's and SQLite's errors; then nothing that was not entered has been removed
 */
export async function drainSpool(ledger: Ledger, spool: string, only?: readonly string[]): Promise<Drained> {
  const all = (await waitingIn(spool)).filter(({ writer }) => only?.includes(writer) ?? true);
  const batch = all.slice(0, AT_ONCE);
  const read = await Promise.all(batch.map((file) => readSpooled(spool, file)));
  if (read.length > 0)
    ledger.write((tx) => {
      for (const { id, entry } of read) {
        if (ledger.rows.ofSpool(id) !== undefined) continue;
        tx.append(entry, { spooled: id });
      }
    });
  const refused = read.filter(({ isRefused }) => isRefused);
  for (const { writer, name } of refused) await moveAside(spool, writer, name);
  for (const writer of new Set(batch.map((file) => file.writer))) {
    const taken = read.filter((one) => one.writer === writer && !one.isRefused).map(({ name }) => name);
    if (taken.length > 0) await takeFromSpool(join(spool, writer), taken);
  }
  return { refused: refused.length, waiting: all.length - batch.length };
}

interface SpoolFile {
  readonly writer: string;
  readonly name: string;
}

/** Oldest first: names begin with their time. */
export async function waitingIn(spool: string): Promise<SpoolFile[]> {
  const found: SpoolFile[] = [];
  for (const folder of await foldersOf(spool)) {
    if (folder === REFUSED) continue;
    for (const name of await listSpool(join(spool, folder))) found.push({ writer: folder, name });
  }
  return found.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : a.writer < b.writer ? -1 : 1));
}

async function foldersOf(spool: string): Promise<string[]> {
  try {
    const found = await readdir(spool, { withFileTypes: true });
    return found.filter((one) => one.isDirectory() && WRITER.test(one.name)).map(({ name }) => name);
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return [];
    throw error;
  }
}

const WRITER = /^[a-z]{1,32}$/;

const spooledShape = z.strictObject({
  v: z.literal(1),
  at: z.iso.datetime({ precision: 3 }),
  writer: z.string(),
  event: z.string(),
  facts: z.record(z.string(), z.unknown()),
});

async function readSpooled(spool: string, { writer, name }: SpoolFile) {
  const path = join(spool, writer, name);
  const id = `${writer}/${name}`;
  const { size } = await stat(path);
  const entry = size <= LARGEST_BYTES ? parse(await readFile(path, 'utf8'), writer) : undefined;
  if (entry) return { writer, name, id, entry, isRefused: false };
  const hash = createHash('sha256');
  for await (const part of createReadStream(path)) hash.update(part as Buffer);
  const facts = { name: id.slice(0, 64), bytes: size, sha256: hash.digest('hex') };
  const refusal: NewEntry = { event: 'spool.refused', facts, actor: 'process:steward' };
  return { writer, name, id, entry: refusal, isRefused: true };
}

/** @returns undefined for what is no entry of this process, whatever it is */
function parse(text: string, writer: string): NewEntry | undefined {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    // Not JSON: refused like everything else that is no entry.
    return undefined;
  }
  const told = spooledShape.safeParse(json);
  if (!told.success || told.data.writer !== writer) return undefined;
  const { event, facts, at } = told.data;
  const known = ledgerEvent.safeParse({ event, facts });
  // JSON has texts that canonical JSON has not; met later, one of them would hold up all that follow.
  if (!known.success || !text.isWellFormed() || /\\u[dD][89a-fA-F]/.test(text)) return undefined;
  return { ...known.data, actor: `process:${writer}`, atUs: Date.parse(at) * 1000 };
}

async function moveAside(spool: string, writer: string, name: string): Promise<void> {
  const folder = join(spool, REFUSED);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await rename(join(spool, writer, name), join(folder, `${writer}-${name}`));
  await syncDirectory(folder);
}

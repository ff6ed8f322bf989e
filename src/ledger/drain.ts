import { createHash } from 'node:crypto';
import { createReadStream, type Dirent } from 'node:fs';
import { lstat, mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { syncDirectory } from '../lib/durable.ts';
import { systemCode } from '../lib/errors.ts';
import { listSpool, takeFromSpool } from '../stewardship/spool.ts';
import { type NewEntry, readBody } from './entry.ts';
import { ledgerEvent } from './events.ts';
import type { Ledger } from './ledger.ts';
import { LONGEST_PERSONAL } from './personal.ts';
import { recordClassOf } from './records.ts';

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
/** In {@link REFUSED}: at the most 192 MB. Whatever comes beyond is only hashed, named and removed. */
const MOST_REFUSED = 1000;
/** Sub-folder of the spool that no process writes to. */
export const REFUSED = 'refused';

/**
 * Moves what waits in the spool into the ledger, oldest first over all processes, each exactly once: an entry and
 * its spool name commit together, and a file whose name the ledger has is only removed. Personal texts are sealed
 * beside the entry, and overwritten where they lay in the clear.
 *
 * @param spool `<storage>/spool`, with one folder for each process that tells
 * @param only the processes whose entries are taken; all of them unless told
 * @throws the system's and SQLite's errors, and GirokError of the keyring that personal texts are sealed under; then
 *   nothing that was not entered has been removed
 */
export async function drainSpool(ledger: Ledger, spool: string, only?: readonly string[]): Promise<Drained> {
  const all = (await waitingIn(spool)).filter(({ writer }) => only?.includes(writer) ?? true);
  const batch = all.slice(0, AT_ONCE);
  const refusedBefore = (await contentsOf(join(spool, REFUSED))).length;
  const read = await Promise.all(
    batch.map((file) => (isEntered(ledger, file) ? entered(file) : readSpooled(spool, file, refusedBefore))),
  );
  if (read.length > 0)
    ledger.write((tx) => {
      for (const { id, entry, personal } of read) {
        if (!entry || ledger.rows.ofSpool(id) !== undefined) continue;
        tx.append(entry, { spooled: id, ...(personal && { personal }) });
      }
    });
  const refused = read.filter(({ isRefused }) => isRefused);
  for (const { writer, name, isRemoved } of refused)
    await (isRemoved ? rm(join(spool, writer, name), { recursive: true }) : moveAside(spool, writer, name));
  for (const { writer, name, entry, personal } of read)
    if (personal || !entry) await overwrite(join(spool, writer, name));
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
  const found = await contentsOf(spool);
  return found.filter((one) => one.isDirectory() && WRITER.test(one.name)).map(({ name }) => name);
}

/** A folder that is not there yet is empty. */
async function contentsOf(folder: string): Promise<Dirent[]> {
  try {
    return await readdir(folder, { withFileTypes: true });
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
  personal: z.record(z.string().regex(/^[a-zA-Z]{1,32}$/), z.string().max(LONGEST_PERSONAL)).optional(),
});

interface Read extends SpoolFile {
  /** Its name in the ledger. */
  readonly id: string;
  /** Undefined: the ledger has it, and a crash kept the file from being removed. */
  readonly entry?: NewEntry;
  readonly personal?: Readonly<Record<string, string>>;
  readonly isRefused: boolean;
  /** Refused, and not kept either. */
  readonly isRemoved?: boolean;
}

const idOf = ({ writer, name }: SpoolFile): string => `${writer}/${name}`;

const entered = (file: SpoolFile): Read => ({ ...file, id: idOf(file), isRefused: false });

/** Then whatever the file still has may be half overwritten. One that was refused has yet to be laid aside. */
function isEntered({ rows }: Ledger, file: SpoolFile): boolean {
  const seq = rows.ofSpool(idOf(file));
  const row = seq === undefined ? undefined : rows.entry(seq);
  return row !== undefined && readBody(row.body).event !== 'spool.refused';
}

async function readSpooled(spool: string, { writer, name }: SpoolFile, refused: number): Promise<Read> {
  const path = join(spool, writer, name);
  const id = idOf({ writer, name });
  const found = await lstat(path);
  // A pipe or a link would be read for ever, or somewhere else.
  const size = found.isFile() ? found.size : 0;
  const isReadable = found.isFile() && size <= LARGEST_BYTES;
  const told = isReadable ? parse(await readFile(path, 'utf8'), writer) : undefined;
  if (told) return { writer, name, id, ...told, isRefused: false };
  const hash = createHash('sha256');
  if (found.isFile()) for await (const part of createReadStream(path)) hash.update(part as Buffer);
  const isRemoved = size > LARGEST_BYTES || refused >= MOST_REFUSED - AT_ONCE;
  const sum = { name: id.slice(0, 64), bytes: size, sha256: hash.digest('hex') };
  const facts = { ...sum, ...(isRemoved && { removed: true as const }) };
  const refusal: NewEntry = { event: 'spool.refused', facts, actor: 'process:steward' };
  return { writer, name, id, entry: refusal, isRefused: true, isRemoved };
}

/** @returns undefined for what is no entry of this process, whatever it is */
function parse(text: string, writer: string): Pick<Read, 'entry' | 'personal'> | undefined {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    // Not JSON: refused like everything else that is no entry.
    return undefined;
  }
  const told = spooledShape.safeParse(json);
  if (!told.success || told.data.writer !== writer) return undefined;
  const { event, at } = told.data;
  const { facts, personal } = withPersonsApart(told.data);
  const known = ledgerEvent.safeParse({ event, facts });
  // JSON has texts that canonical JSON has not; met later, one of them would hold up all that follow.
  if (!known.success || !text.isWellFormed() || /\\u[dD][89a-fA-F]/.test(text)) return undefined;
  if (personal && !recordClassOf(known.data.event)) return undefined;
  const entry: NewEntry = { ...known.data, actor: `process:${writer}`, atUs: Date.parse(at) * 1000 };
  return { entry, ...(personal && { personal }) };
}

/** Erasing and holding once told who and why among the facts; such files are taken, and the tree never has them. */
function withPersonsApart({ event, facts, personal }: z.infer<typeof spooledShape>) {
  if (!/^(erase|hold)\./.test(event)) return { facts, personal };
  const { by, reason, confirmedBy, ...others } = facts;
  const found = { by, reason, ...(confirmedBy as object | undefined) };
  const texts = Object.entries(found).flatMap(([field, text]) =>
    ['by', 'reason'].includes(field) && typeof text === 'string'
      ? [[field, text.slice(0, LONGEST_PERSONAL)] as const]
      : [],
  );
  const all = { ...Object.fromEntries(texts), ...personal };
  return { facts: others, personal: Object.keys(all).length > 0 ? all : undefined };
}

/** What a removed file leaves on the disk can be read until something else is written there. */
async function overwrite(path: string): Promise<void> {
  const file = await open(path, 'r+');
  try {
    const { size } = await file.stat();
    await file.write(Buffer.alloc(size), 0, size, 0);
    await file.datasync();
  } finally {
    await file.close();
  }
}

async function moveAside(spool: string, writer: string, name: string): Promise<void> {
  const folder = join(spool, REFUSED);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await rename(join(spool, writer, name), join(folder, `${writer}-${name}`));
  await syncDirectory(folder);
}

import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { openSiteForWriting } from '../db/site/open.ts';
import { type Clock, isoFromUs } from '../lib/clock.ts';
import { syncDirectory, writeFileDurably } from '../lib/durable.ts';
import { GirokError, systemCode } from '../lib/errors.ts';
import { newId } from '../lib/ids.ts';
import { createCheckpoints } from './checkpoints.ts';
import type { Incident } from './incident.ts';
import { openLog } from './log.ts';
import type { VerifierKey } from './note.ts';
import { BROKEN_OFF, parseOrigin } from './origin.ts';
import { keepCheckpoint, readKeptCheckpoint } from './second-place.ts';

export interface BeginAnewDeps {
  /** `site.db`; what was laid aside is in `ledger-before/` beside it. */
  readonly path: string;
  readonly keptCheckpoint: string;
  /** Says of the log before this one what is no secret any more once the new one names it. */
  readonly seenElsewhere: string;
  readonly site: string;
  /** Not kept. */
  readonly rootKey: Buffer;
  readonly clock: Clock;
}

const pageShape = z.strictObject({
  v: z.literal(1),
  at: z.iso.datetime(),
  origin: z.string(),
  before: z.strictObject({
    origin: z.string(),
    size: z.int(),
    root: z.string(),
    why: z.enum(BROKEN_OFF),
    found: z.int(),
  }),
});

/** A log that is over, as its successor names it. */
export type LogOver = z.infer<typeof pageShape>['before'] & { readonly folder?: string };

const PAGE = 'begun-anew.json';
const KEPT = 'ledger-checkpoint';
const folderOf = (path: string) => join(dirname(path), 'ledger-before');
/** The database last: a journal without it is nothing that could be opened. */
const PARTS = ['-wal', '-shm', ''] as const;

/**
 * Lays the database aside, whole and under its own name, and puts a new one in its place whose log names the one
 * before. The caller holds the steward's lock. 1. what was seen is kept in the folder → 2. the new database is made
 * beside the old one → 3. the old one's files are moved → 4. the new one takes their place → 5. the second place gets
 * its checkpoint, and what a witness has shown is removed → 6. a page says that it is done. Broken off anywhere, the same again goes on; nothing is deleted,
 * and what came to lie here meanwhile gets a folder of its own.
 *
 * @throws the system's and SQLite's errors
 */
export async function beginAnew(
  deps: BeginAnewDeps,
  { seen, before }: Incident,
): Promise<{ origin: string; key: VerifierKey; folder: string }> {
  const { path, clock } = deps;
  const folder = (await unfinished(path, seen)) ?? join(folderOf(path), newId(clock.utcUs()));
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await writeFileDurably(join(folder, KEPT), seen.note);
  const fresh = `${path}.new`;
  // What a broken-off attempt has made is no ledger yet: nothing was ever entered into it or signed for others.
  for (const part of PARTS) await rm(`${fresh}${part}`, { force: true });
  const db = openSiteForWriting(fresh);
  const begun = (() => {
    try {
      const identity = openLog(db, { ...deps, before });
      const checkpoint = createCheckpoints(db, { identity, clock }).make();
      if (!checkpoint) throw new GirokError('ledger_damaged', { path: fresh });
      return { origin: identity.origin, key: identity.key, checkpoint };
    } finally {
      db.close();
    }
  })();
  for (const part of PARTS) await moved(`${path}${part}`, join(folder, `site.db${part}`));
  await syncDirectory(folder);
  await rename(fresh, path);
  await syncDirectory(dirname(path));
  try {
    await keepCheckpoint(deps.keptCheckpoint, begun.checkpoint);
  } catch (error) {
    // What lies there names the log before this one, if it is there at all: the steward says so, and brings the next.
    if (systemCode(error) === undefined) throw error;
  }
  await rm(deps.seenElsewhere, { force: true });
  const { size, why, found } = before;
  const page: z.infer<typeof pageShape> = {
    v: 1,
    at: isoFromUs(clock.utcUs()),
    origin: begun.origin,
    before: { origin: seen.origin, size, root: seen.root.toString('base64'), why, found },
  };
  await writeFileDurably(join(folder, PAGE), `${JSON.stringify(page)}\n`);
  return { origin: begun.origin, key: begun.key, folder };
}

async function moved(from: string, to: string): Promise<void> {
  try {
    await rename(from, to);
  } catch (error) {
    // Not there, or moved by the attempt before.
    if (systemCode(error) !== 'ENOENT') throw error;
  }
}

async function foldersIn(path: string): Promise<string[]> {
  try {
    const names = await readdir(folderOf(path));
    return names.sort().map((name) => join(folderOf(path), name));
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return [];
    throw error;
  }
}

/** The folder of an attempt that was broken off; none in which anything would be replaced. */
async function unfinished(path: string, { origin }: Incident['seen']): Promise<string | undefined> {
  for (const folder of (await foldersIn(path)).reverse()) {
    if (existsSync(join(folder, PAGE))) continue;
    // What is in `-shm` is made anew whenever the database is opened.
    if (['-wal', ''].some((part) => existsSync(path + part) && existsSync(join(folder, `site.db${part}`))))
      continue;
    const before = await readKeptCheckpoint(join(folder, KEPT));
    if (!before || before.origin === origin) return folder;
  }
  return undefined;
}

/** The logs before this one, newest first, as far as their pages are there; its own origin names the newest. */
export async function logsBefore(path: string, origin: string): Promise<LogOver[]> {
  const pages = new Map<string, LogOver>();
  for (const folder of await foldersIn(path)) {
    const page = await readPage(join(folder, PAGE));
    if (page) pages.set(page.origin, { ...page.before, folder });
  }
  const chain: LogOver[] = [];
  for (let now = origin; chain.length <= pages.size; ) {
    const named = parseOrigin(now)?.before;
    if (!named) break;
    const page = pages.get(now);
    // The page only adds where it lies and its whole name: what was vouched for is said by the origin.
    const { id, size, root, why, found } = named;
    const isSame = page !== undefined && parseOrigin(page.origin)?.id === id;
    chain.push({
      origin: isSame ? page.origin : id,
      size,
      root: root.toString('base64'),
      why,
      found,
      ...(isSame && page.folder !== undefined && { folder: page.folder }),
    });
    if (!isSame) break;
    now = page.origin;
  }
  return chain;
}

async function readPage(path: string) {
  try {
    return pageShape.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch (error) {
    // A page that is missing or spoilt takes nothing away from what the origin says.
    if (systemCode(error) !== undefined || error instanceof SyntaxError || error instanceof z.ZodError)
      return undefined;
    throw error;
  }
}

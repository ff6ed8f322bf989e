import { constants } from 'node:fs';
import { type FileHandle, mkdir, open, readdir, stat, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { syncDirectory } from '../lib/durable.ts';
import { systemCode } from '../lib/errors.ts';
import { folderModeIn, OWN_FILE } from '../lib/sharing.ts';
import { PREAMBLE_BYTES, SEALED_CHUNK_BYTES, TAG_BYTES } from './layout.ts';

/** A segment file that is being written. After any error it is only ever closed, never synced again. */
export interface AppendFile {
  /** Appends all of `pieces`, in order, or throws. */
  append(pieces: readonly Buffer[]): Promise<void>;
  /** Everything appended so far survives a power cut. */
  datasync(): Promise<void>;
  /** Like `datasync`, with the file's facts and its directory entry. */
  sync(): Promise<void>;
  close(): Promise<void>;
}

export interface ReadFile {
  readonly bytes: number;
  /** Fills `target` from `position`; returns fewer bytes only at the end of the file. */
  read(target: Buffer, position: number): Promise<number>;
  close(): Promise<void>;
}

/** The narrow port through which the vault touches storage. Files are named as in `identity.ts`. */
export interface SegmentStore {
  /** A new file, refused when the name exists; its directory entry survives a power cut once this resolves. */
  create(file: string): Promise<AppendFile>;
  open(file: string): Promise<ReadFile>;
  /** File size in bytes, undefined when absent. */
  bytesOf(file: string): Promise<number | undefined>;
  /**
   * Removes what a crash left between creating a file and its first whole chunk: a file in which no footage can
   * be. One that was never complete (`rowIsOpen`) holds nothing before its first whole chunk; of any other, only
   * one without a single sealed byte is certain to be empty, since a short one may be a complete segment that is
   * merely damaged or misplaced.
   * @returns whether it was removed
   */
  discardStub(file: string, rowIsOpen?: boolean): Promise<boolean>;
  /** Names below `folder` (`''` is the vault itself), undefined when absent; unsorted. */
  list(folder: string): Promise<string[] | undefined>;
}

/** Shorter than this there is no whole chunk, and no chunk at all. */
const FIRST_CHUNK_END = PREAMBLE_BYTES + SEALED_CHUNK_BYTES;
const SHORTEST_SEALED = PREAMBLE_BYTES + TAG_BYTES;

/** The longest list of buffers that one writev takes on Linux. */
const IOV_LIMIT = 1024;

/** @param root the vault's folder, e.g. `<storage>/vault` */
export function createFolderStore(root: string): SegmentStore {
  const known = new Set<string>();

  const ensureFolder = async (folder: string): Promise<void> => {
    if (known.has(folder)) return;
    const parent = dirname(folder);
    if (folder !== root) await ensureFolder(parent);
    try {
      await mkdir(folder, { mode: await folderModeIn(parent) });
      await syncDirectory(parent);
    } catch (error) {
      if (systemCode(error) !== 'EEXIST') throw error;
    }
    if (known.size > 1000) known.clear();
    known.add(folder);
  };
  // Whoever erases lists, measures and removes these files, and can open none.
  const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_APPEND;

  return {
    async create(file) {
      const path = join(root, file);
      const folder = dirname(path);
      await ensureFolder(folder);
      let handle: FileHandle;
      try {
        handle = await open(path, flags, OWN_FILE);
      } catch (error) {
        if (systemCode(error) !== 'ENOENT') throw error;
        // An emptied day was removed behind our back: make the folders again, once.
        known.clear();
        await ensureFolder(folder);
        handle = await open(path, flags, OWN_FILE);
      }
      try {
        await syncDirectory(folder);
      } catch (error) {
        await handle.close();
        throw error;
      }
      return appendFile(handle, folder);
    },

    async open(file) {
      const handle = await open(join(root, file), constants.O_RDONLY);
      try {
        const { size } = await handle.stat();
        return readFile(handle, size);
      } catch (error) {
        await handle.close();
        throw error;
      }
    },

    async bytesOf(file) {
      try {
        return (await stat(join(root, file))).size;
      } catch (error) {
        if (systemCode(error) === 'ENOENT' || systemCode(error) === 'ENOTDIR') return undefined;
        throw error;
      }
    },

    async discardStub(file, rowIsOpen = false) {
      const path = join(root, file);
      if ((await stat(path)).size >= (rowIsOpen ? FIRST_CHUNK_END : SHORTEST_SEALED)) return false;
      await unlink(path);
      await syncDirectory(dirname(path));
      return true;
    },

    async list(folder) {
      try {
        return await readdir(join(root, folder));
      } catch (error) {
        if (systemCode(error) === 'ENOENT' || systemCode(error) === 'ENOTDIR') return undefined;
        throw error;
      }
    },
  };
}

function appendFile(handle: FileHandle, folder: string): AppendFile {
  return {
    async append(pieces) {
      for (let i = 0; i < pieces.length; i += IOV_LIMIT) {
        await appendAll(handle, pieces.slice(i, i + IOV_LIMIT));
      }
    },
    datasync: () => handle.datasync(),
    async sync() {
      await handle.sync();
      await syncDirectory(folder);
    },
    close: () => handle.close(),
  };
}

/** A disk that is nearly full takes a part first and refuses the next call: go on until it says why. */
async function appendAll(handle: FileHandle, pieces: Buffer[]): Promise<void> {
  const total = pieces.reduce((sum, piece) => sum + piece.length, 0);
  let { bytesWritten: done } = await handle.writev(pieces);
  if (done === total) return;
  const rest = Buffer.concat(pieces);
  while (done < total) done += (await handle.write(rest, done)).bytesWritten;
}

function readFile(handle: FileHandle, bytes: number): ReadFile {
  return {
    bytes,
    async read(target, position) {
      let done = 0;
      while (done < target.length) {
        const { bytesRead } = await handle.read(target, done, target.length - done, position + done);
        if (bytesRead === 0) break;
        done += bytesRead;
      }
      return done;
    },
    close: () => handle.close(),
  };
}

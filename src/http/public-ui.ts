import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

/** One file of the pages, as it is sent. */
export interface UiFile {
  readonly type: string;
  readonly body: Buffer;
  /** The same as gzip, of what gets smaller by it. */
  readonly packed?: Buffer;
  readonly tag: string;
  /** Its name changes with its content. */
  readonly named: boolean;
}

/** What anybody gets who opens the address: the pages without anything in them. */
export interface PublicUi {
  readonly page: UiFile;
  /** By path: `/assets/main-3f2a.js`. */
  readonly files: ReadonlyMap<string, UiFile>;
}

/** Whatever else is in the folder was not built for anybody to see. */
const TYPES: Readonly<Record<string, string>> = {
  html: 'text/html; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  svg: 'image/svg+xml',
  txt: 'text/plain; charset=utf-8',
  woff2: 'font/woff2',
};
const PAGE = '/index.html';

/**
 * Reads all of the built pages into memory, so that no request ever names a file of this machine.
 *
 * @returns undefined where they were not built
 */
export function readPublicUi(folder: string): PublicUi | undefined {
  const files = new Map<string, UiFile>();
  for (const path of pathsIn(folder)) {
    const type = TYPES[path.slice(path.lastIndexOf('.') + 1)];
    if (type !== undefined) files.set(path, fileOf(path, type, readFileSync(join(folder, path))));
  }
  const page = files.get(PAGE);
  files.delete(PAGE);
  return page && { page, files };
}

function fileOf(path: string, type: string, body: Buffer): UiFile {
  const packed = path.endsWith('.woff2') ? undefined : gzipSync(body, { level: 9 });
  return {
    type,
    body,
    ...(packed && packed.length < body.length && { packed }),
    tag: `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`,
    named: path.startsWith('/assets/'),
  };
}

/** Regular files alone: a link would lead out of the folder. */
function pathsIn(folder: string): string[] {
  try {
    return readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => `${parentPath.slice(folder.length)}/${name}`);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

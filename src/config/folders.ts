import { join } from 'node:path';
import type { Config } from './config.ts';

/** Where everything lies below the storage folder. */
export interface StorageFolders {
  readonly root: string;
  readonly vault: string;
  readonly keys: string;
  readonly keysMirror: string;
  readonly catalogue: string;
  readonly spool: string;
  readonly socket: string;
}

export function storageFolders({ storage }: Pick<Config, 'storage'>): StorageFolders {
  const root = storage.folder;
  return {
    root,
    vault: join(root, 'vault'),
    keys: join(root, 'keys'),
    keysMirror: storage.keys.mirror,
    catalogue: join(root, 'catalogue.db'),
    spool: join(root, 'spool', 'recorder'),
    socket: join(root, 'run', 'recorder.sock'),
  };
}

import { createHash } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Config } from './config.ts';

/** Where everything lies below the storage folder. */
export interface StorageFolders {
  readonly root: string;
  readonly vault: string;
  readonly keys: string;
  readonly keysMirror: string;
  /** Under which clocks keys were made. */
  readonly clockStretches: string;
  readonly catalogue: string;
  /** People, requests and the ledger. */
  readonly site: string;
  readonly spool: string;
  /** What one recorder leaves for the next. */
  readonly recorderKnown: string;
  /** What the recorder has counted instead of telling it one by one. */
  readonly recorderFolded: string;
  /** Which volume the site last recorded on: in the second place, since it must not go with the volume. */
  readonly lastVolume: string;
  /** Where the rounds of hashing stand. */
  readonly hashRound: string;
  /** What came of verifying the ledger the last time. */
  readonly lastVerified: string;
  /** Certificates and what one purge tells the next. */
  readonly retention: string;
  /** What the witness said the time was. */
  readonly witnessTime: string;
  /** The checkpoint that a witness has shown to contradict the ledger. */
  readonly seenElsewhere: string;
  readonly purgeSpool: string;
  readonly webSpool: string;
  /** Copies under hold, one folder each. */
  readonly evidence: string;
  readonly holdSpool: string;
  readonly socket: string;
  /** Answers how the recorder is, and nothing else. */
  readonly statusSocket: string;
}

export function storageFolders({ storage }: Pick<Config, 'storage'>): StorageFolders {
  const root = storage.folder;
  return {
    root,
    vault: join(root, 'vault'),
    keys: join(root, 'keys'),
    keysMirror: storage.keys.mirror,
    clockStretches: join(root, 'keys', 'clock.json'),
    catalogue: join(root, 'catalogue.db'),
    site: join(root, 'site.db'),
    spool: join(root, 'spool', 'recorder'),
    recorderKnown: join(root, 'recorder', 'known.json'),
    recorderFolded: join(root, 'recorder', 'folded.json'),
    lastVolume: join(storage.keys.mirror, 'last-volume'),
    hashRound: join(root, 'steward', 'hash-round.json'),
    lastVerified: join(root, 'steward', 'ledger-verified.json'),
    retention: join(root, 'retention'),
    witnessTime: join(root, 'retention', 'witness-time.json'),
    seenElsewhere: join(root, 'ledger-seen-elsewhere'),
    purgeSpool: join(root, 'spool', 'purge'),
    webSpool: join(root, 'spool', 'web'),
    evidence: join(root, 'evidence'),
    holdSpool: join(root, 'spool', 'hold'),
    socket: socketPath(root, 'recorder'),
    statusSocket: socketPath(root, 'status'),
  };
}

/** The kernel takes 107 bytes for the name of a Unix socket. */
const LONGEST_SOCKET_PATH = 107;

/** Beside the footage; where that name is too long, in a folder of the system's temporary one that it names. */
function socketPath(root: string, of: 'recorder' | 'status'): string {
  const path = join(root, 'run', `${of}.sock`);
  if (Buffer.byteLength(path) <= LONGEST_SOCKET_PATH) return path;
  const name = createHash('sha256').update(root).digest('hex').slice(0, 16);
  return join(tmpdir(), `girok-${name}`, `${of}.sock`);
}

import { randomBytes } from 'node:crypto';
import type { Cancel, Clock } from '../lib/clock.ts';
import { GirokError } from '../lib/errors.ts';
import type { CameraId } from '../lib/ids.ts';
import { createMemoryPool } from '../lib/memory-pool.ts';
import type { LocalDay, SiteTime } from '../lib/site-time.ts';
import { boxTypes, readBoxHead } from './boxes.ts';
import { deriveSecrets } from './chunked.ts';
import { headerBox, type SegmentFacts } from './header.ts';
import { contextOf, fileOf, type SegmentIdentity } from './identity.ts';
import { SALT_BYTES } from './layout.ts';
import { createSealedStream } from './sealed-stream.ts';
import type { SegmentEvents, SegmentWriter } from './segment.ts';
import type { SegmentStore } from './segment-store.ts';
import { createSegmentWriter, type TickedWriter } from './segment-writer.ts';

/** Where the vault gets the keys of hours it seals under. Both results are the caller's to erase. */
export interface SealingKeys {
  /** The key of this hour, made durable first when there was none. @throws GirokError of the keyring */
  sealingKey(camera: CameraId, day: LocalDay, hour: number): Buffer;
}

export interface VaultDeps {
  readonly store: SegmentStore;
  readonly keys: SealingKeys;
  readonly clock: Clock;
  readonly siteTime: SiteTime;
  readonly random?: (bytes: number) => Buffer;
}

export interface Vault {
  /**
   * Begins a segment and returns at once; the file is opened behind the caller's back.
   *
   * @param init `ftyp` and `moov`, as the stream's source gave them
   * @throws GirokError of the keyring (`key_missing`, `epoch_lost` …) or `internal` for an init that is none;
   *   whatever the disk refuses comes through `on.failed`
   */
  create(identity: SegmentIdentity, facts: SegmentFacts, init: Buffer, on: SegmentEvents): SegmentWriter;
  /** Sealed bytes of all segments that the disk has not taken yet. */
  readonly backlogBytes: number;
  /** Stops the ticker. Writers still open are abandoned. */
  close(): void;
}

const TICK_MS = 100;
const FILL_AFTER_US = 700_000;
/** The promise is 2 s; the rest is for the tick, a queue of syncs and the disk itself. */
const SYNC_AFTER_US = 1_000_000;
const STAGGER_US = 25_000;
const STAGGER_STEPS = 20;
const SYNCS_AT_ONCE = 2;
/** Of sealed chunks on their way to the disk, kept for those that follow. */
const POOL_BYTES = 8 * 1024 * 1024;

export function createVault(deps: VaultDeps): Vault {
  const { store, keys, clock, siteTime, random = randomBytes } = deps;
  const open = new Set<TickedWriter>();
  const memory = createMemoryPool(POOL_BYTES);
  let created = 0;
  let syncing = 0;
  let stopTicking: Cancel | undefined;

  const tick = () => {
    const nowUs = clock.monoUs();
    for (const ticked of open) ticked.fillOlderThan(nowUs - FILL_AFTER_US);
    syncDue();
  };
  /** The longest waiting first, a few at a time: a slow disk sees an even stream of syncs, not a burst. */
  const syncDue = () => {
    const nowUs = clock.monoUs();
    const due = [...open]
      .filter((ticked) => (ticked.syncDueMonoUs ?? Infinity) <= nowUs && !busy.has(ticked))
      .sort((a, b) => (a.syncDueMonoUs ?? 0) - (b.syncDueMonoUs ?? 0));
    for (const ticked of due.slice(0, SYNCS_AT_ONCE - syncing)) {
      syncing += 1;
      busy.add(ticked);
      void ticked.sync().then((progressed) => {
        syncing -= 1;
        busy.delete(ticked);
        // One that could not get on is asked again at the next tick, not in a circle.
        if (progressed) syncDue();
      });
    }
  };
  const busy = new Set<TickedWriter>();

  return {
    create(identity, facts, init, on) {
      const file = fileOf(identity, siteTime.hhmmss(facts.startUs));
      const piece = insertHeader(file, init, headerBox(identity, facts));
      const salt = random(SALT_BYTES);
      const hourKey = keys.sealingKey(identity.camera, identity.day, identity.hour);
      const secrets = deriveSecrets(hourKey, salt, contextOf(identity));
      hourKey.fill(0);
      const preamble = Buffer.concat([salt, secrets.commitment]);
      created += 1;
      const ticked: TickedWriter = createSegmentWriter(
        {
          monoUs: () => clock.monoUs(),
          open: () => store.create(file),
          stream: (emit) => createSealedStream(secrets, preamble, emit, memory),
          memory,
          syncAfterUs: SYNC_AFTER_US + (created % STAGGER_STEPS) * STAGGER_US,
          ended: () => open.delete(ticked),
        },
        { identity, facts, file, init: piece },
        on,
      );
      open.add(ticked);
      stopTicking ??= clock.every(TICK_MS, tick);
      return ticked.writer;
    },
    get backlogBytes() {
      let sum = 0;
      for (const { writer } of open) sum += writer.backlogBytes;
      return sum;
    },
    close() {
      stopTicking?.();
      stopTicking = undefined;
      for (const { writer } of open) writer.abandon();
    },
  };
}

function insertHeader(file: string, init: Buffer, header: Buffer): Buffer {
  const types = boxTypes(init)?.join(' ');
  const ftyp = readBoxHead(init);
  if (types !== 'ftyp moov' || !ftyp) throw new GirokError('internal', { file, init: types ?? 'no boxes' });
  return Buffer.concat([init.subarray(0, ftyp.bytes), header, init.subarray(ftyp.bytes)]);
}

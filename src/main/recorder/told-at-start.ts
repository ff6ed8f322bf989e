import type { Config } from '../../config/config.ts';
import type { StorageFolders } from '../../config/folders.ts';
import { diffPrints, printConfig } from '../../config/print.ts';
import type { Clock } from '../../lib/clock.ts';
import { hostBoot } from '../../lib/host-clock.ts';
import { factsOf, type Log } from '../../lib/logger.ts';
import type { LastKnown } from '../../recording/last-known.ts';
import { noteVolume } from '../../recording/last-volume.ts';
import { endBefore } from '../../recording/told.ts';
import { stepBeforeStart } from '../../recording/watch-host-clock.ts';
import type { SpooledEvent } from '../../stewardship/spool.ts';
import type { Keyring } from '../../vault/keyring.ts';
import type { Volume } from '../../vault/volume.ts';

/** What is other than the recorder before this one left it, the start itself first. Notes what the next one compares. */
export async function toldAtStart(deps: {
  readonly config: Config;
  readonly folders: StorageFolders;
  readonly clock: Clock;
  readonly known: LastKnown;
  readonly volume: Volume;
  readonly keyring: Keyring;
  readonly log: Log;
}): Promise<SpooledEvent[]> {
  const { config, clock, known, volume } = deps;
  const { before } = known;
  const boot = hostBoot()?.id;
  const now = printConfig(config);
  known.keepCameras(config.cameras.map(({ id }) => id));
  known.note({ runningIn: boot ?? 'unknown', config: now });
  const after = before || !volume.isNew ? endBefore(before, boot) : 'first_start';
  const facts = { pid: process.pid, cameras: config.cameras.length, ...(after ? { after } : {}) };
  const edited = before?.config && diffPrints(before.config, now);
  return [
    { event: 'recorder.started', facts },
    await otherVolume(deps),
    before && stepBeforeStart(before.seenUs, clock.utcUs()),
    edited && { event: 'config.changed', facts: { ...edited, atStart: true } },
  ].filter((event) => event !== undefined);
}

async function otherVolume({
  folders,
  volume,
  keyring,
  log,
}: Parameters<typeof toldAtStart>[0]): Promise<SpooledEvent | undefined> {
  try {
    return await noteVolume(folders.lastVolume, {
      volume: volume.marker.volume,
      isNew: volume.isNew,
      mayKeep: keyring.mirror.state === 'whole',
    });
  } catch (error) {
    // The second place is somebody else's care; recording does not need it.
    log.warn('volume.not_noted', factsOf(error));
    return undefined;
  }
}

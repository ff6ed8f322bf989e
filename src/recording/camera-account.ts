import { createHash } from 'node:crypto';
import type { GapCause } from '../catalogue/causes.ts';
import type { RunStart } from '../catalogue/changes.ts';
import { type Clock, isoFromUs, SECOND_US } from '../lib/clock.ts';
import type { CameraId, StreamKind } from '../lib/ids.ts';
import type { Spool } from '../stewardship/spool.ts';
import type { LocatedCamera } from './camera-recorder.ts';
import type { KnownCamera, KnownStream, LastKnown } from './last-known.ts';

/**
 * What the ledger hears of the cameras themselves: that one is gone or back, and that it is not what it was, also
 * where that happened while no recorder ran. Nothing in it is text that a camera wrote: numbers, our own words, hashes.
 */
export interface CameraAccount {
  /** The camera has said where its streams are and what it is. */
  located(camera: CameraId, found: LocatedCamera): void;
  runStarted(run: Pick<RunStart, 'ref' | 'codec' | 'width' | 'height'>): void;
  /**
   * To be called every few seconds for each camera that is pulled.
   *
   * @param lastMediaMonoUs of its latest picture in any stream; undefined before the first
   * @param cause why it gives none, as far as that is known
   */
  look(camera: CameraId, lastMediaMonoUs: number | undefined, cause: GapCause): void;
  /** It was taken out of the settings. */
  forget(camera: CameraId): void;
}

/** Shorter absences are gaps, and an interruption with its cause; a whole connection takes some seconds. */
const DOWN_US = 10 * SECOND_US;

export function createCameraAccount(deps: {
  readonly clock: Clock;
  readonly spool: Pick<Spool, 'append'>;
  readonly known: LastKnown;
}): CameraAccount {
  const { clock, spool, known } = deps;
  /** Since when a camera is looked at or gave its last picture; in this process. */
  const since = new Map<CameraId, number>();

  const of = (camera: CameraId): KnownCamera => {
    known.cameras[camera] ??= {};
    return known.cameras[camera];
  };
  const streamOf = (camera: CameraId, kind: StreamKind): KnownStream => {
    const own = of(camera);
    own[kind] ??= {};
    return own[kind];
  };
  const tellChange = (camera: CameraId, facts: Readonly<Record<string, unknown>>) =>
    spool.append({ event: 'camera.changed', facts: { camera, ...facts } });

  return {
    located(camera, { identity, ...streams }) {
      const own = of(camera);
      const changed = (['device', 'firmware'] as const).filter((aspect) => {
        const [was, is] = [own[aspect], identity?.[aspect]];
        // A camera that says nothing of itself this time is not another one.
        if (is !== undefined) own[aspect] = is;
        return was !== undefined && is !== undefined && was !== is;
      });
      if (changed.length > 0)
        tellChange(camera, { changed, ...(own.device === undefined ? {} : { device: own.device }) });
      for (const kind of ['main', 'sub'] as const) {
        const url = streams[kind]?.url;
        if (url === undefined) continue;
        const stream = streamOf(camera, kind);
        const address = createHash('sha256').update(url).digest('hex');
        const isOther = stream.address !== undefined && stream.address !== address;
        stream.address = address;
        if (isOther) tellChange(camera, { stream: kind, changed: ['address'] });
      }
      known.note({});
    },
    runStarted({ ref, codec, width, height }) {
      const stream = streamOf(ref.camera, ref.stream);
      const before = stream.picture;
      const after = { codec, width, height };
      stream.picture = after;
      known.note({});
      if (!before) return;
      const isOtherSize = before.width !== width || before.height !== height;
      const changed = [...(before.codec === codec ? [] : ['codec']), ...(isOtherSize ? ['size'] : [])];
      if (changed.length > 0) tellChange(ref.camera, { stream: ref.stream, changed, before, after });
    },
    look(camera, lastMediaMonoUs, cause) {
      const own = of(camera);
      const [nowUs, nowMonoUs] = [clock.utcUs(), clock.monoUs()];
      const lastUs = Math.max(lastMediaMonoUs ?? 0, since.get(camera) ?? nowMonoUs);
      since.set(camera, lastUs);
      const silentUs = nowMonoUs - lastUs;
      if (own.downSinceUs === undefined) {
        if (silentUs <= DOWN_US) return;
        own.downSinceUs = nowUs - silentUs;
        spool.append({ event: 'camera.down', facts: { camera, since: isoFromUs(own.downSinceUs), cause } });
      } else {
        if (lastMediaMonoUs === undefined || silentUs > DOWN_US) return;
        // The wall clock may have been set back in between.
        const awayMs = Math.max(0, Math.round((nowUs - silentUs - own.downSinceUs) / 1000));
        delete own.downSinceUs;
        spool.append({ event: 'camera.up', facts: { camera, awayMs } });
      }
      known.note({});
    },
    forget(camera) {
      since.delete(camera);
      delete known.cameras[camera];
      known.note({});
    },
  };
}

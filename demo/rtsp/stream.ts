import type { Clock } from '../../src/lib/clock.ts';
import type { ClinicCamera, DemoStream } from '../clinic.ts';
import type { FaultBoard } from '../faults.ts';
import { FPS, FRAME_TICKS, GOP_FRAMES } from '../scenes/profile.ts';
import { writeStamp } from '../sei.ts';
import { type FrameTemplate, packet } from './packets.ts';
import type { ServedTrack } from './track.ts';

const PERIOD_US = 1_000_000 / FPS;
export const AUDIO_PERIOD_US = 40_000;

/** Whoever is sent a stream's pictures: one playing session. */
export interface Viewer {
  frame(frame: number, template: FrameTemplate, stamp: Buffer): void;
  audio(block: number): void;
}

/** One endless stream of a camera: frame numbers follow from time alone, whether or not anybody watches. */
export interface CameraStream {
  readonly camera: ClinicCamera;
  readonly kind: DemoStream;
  /** What DESCRIBE tells. */
  track(): ServedTrack;
  join(viewer: Viewer): void;
  leave(viewer: Viewer): void;
  /** The frame with which a session that plays from now on begins. */
  nextKeyFrame(): number;
  /** RTP time of now, before any fault, not yet cut to 32 bits. */
  rtpNow(): number;
  /** Sends what is due. */
  tick(nowMonoUs: number): void;
}

export interface StreamTracks {
  readonly usual: ServedTrack;
  readonly changed: ServedTrack;
  /** Without key frames; absent where the codec does not have one. */
  readonly long?: ServedTrack;
}

export function createCameraStream(
  deps: { clock: Clock; faults: FaultBoard },
  options: {
    camera: ClinicCamera;
    kind: DemoStream;
    tracks: StreamTracks;
    /** Common start of all streams and this one's share of the frame period, µs: spreads the load. */
    startMonoUs: number;
    phaseUs: number;
  },
): CameraStream {
  const { clock, faults } = deps;
  const { camera, kind, tracks } = options;
  const startUs = options.startMonoUs + options.phaseUs;
  const viewers = new Set<Viewer>();
  let playing = tracks.usual;
  /** The absolute frame at which `playing` was at its first picture. */
  let base = 0;
  let next = 0;
  let nextAudio = 0;

  const dueFrame = (nowUs: number) => Math.floor((nowUs - startUs) / PERIOD_US);
  const at = (frame: number) =>
    playing.frames[
      (((frame - base) % playing.frames.length) + playing.frames.length) % playing.frames.length
    ]!;

  function wanted(): ServedTrack {
    if (!faults.any(camera.id)) return tracks.usual;
    if (tracks.long && faults.find(camera.id, kind, 'no_key_frame')) return tracks.long;
    if (faults.find(camera.id, kind, 'parameter_change')) return tracks.changed;
    return tracks.usual;
  }

  /** Tracks are exchanged only where a group of pictures ends; the clip without key frames starts at its own beginning. */
  function exchange(frame: number): void {
    if (frame % GOP_FRAMES !== 0) return;
    const track = wanted();
    if (track === playing) return;
    playing = track;
    base = track === tracks.long ? frame : 0;
  }

  function send(frame: number, nowUs: number): void {
    exchange(frame);
    const template = at(frame);
    const takenUs = clock.utcUs() - Math.round(nowUs - (startUs + frame * PERIOD_US));
    const stamp = packet(
      writeStamp(playing.codec, { frame, utcUs: takenUs, camera: camera.number, stream: kind }),
    );
    for (const viewer of viewers) viewer.frame(frame, template, stamp);
  }

  return {
    camera,
    kind,
    track: () => wanted(),
    join(viewer) {
      if (viewers.size === 0) {
        const now = clock.monoUs();
        next = dueFrame(now) + 1;
        nextAudio = Math.floor((now - startUs) / AUDIO_PERIOD_US) + 1;
        // Nobody was sent the frames at which tracks would have been exchanged.
        playing = wanted();
        base = playing === tracks.long ? Math.ceil(next / GOP_FRAMES) * GOP_FRAMES : 0;
      }
      viewers.add(viewer);
    },
    leave: (viewer) => void viewers.delete(viewer),
    nextKeyFrame() {
      let frame = viewers.size ? next : dueFrame(clock.monoUs()) + 1;
      // Every usual track has a key frame per group; the search ends there even if the playing one has none.
      while (frame % GOP_FRAMES !== 0) frame++;
      return frame;
    },
    rtpNow: () => ((clock.monoUs() - startUs) / PERIOD_US) * FRAME_TICKS,
    tick(nowUs) {
      if (viewers.size === 0) return;
      for (const due = dueFrame(nowUs); next <= due; next++) send(next, nowUs);
      for (const due = Math.floor((nowUs - startUs) / AUDIO_PERIOD_US); nextAudio <= due; nextAudio++) {
        for (const viewer of viewers) viewer.audio(nextAudio);
      }
    },
  };
}

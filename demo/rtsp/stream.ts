import type { Clock } from '../../src/lib/clock.ts';
import type { ClinicCamera, DemoStream } from '../clinic.ts';
import type { FaultBoard } from '../faults.ts';
import type { QuirkBoard } from '../quirks.ts';
import { FPS, FRAME_TICKS, GOP_FRAMES, LONG_GOP_FRAMES } from '../scenes/profile.ts';
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

interface Picture {
  /** Its number in the order of time. */
  readonly frame: number;
  readonly template: FrameTemplate;
  readonly stamp: Buffer;
}

/** One endless stream of a camera: frame numbers follow from time alone, whether or not anybody watches. */
export interface CameraStream {
  readonly camera: ClinicCamera;
  readonly kind: DemoStream;
  /** What DESCRIBE tells. */
  track(): ServedTrack;
  join(viewer: Viewer): void;
  leave(viewer: Viewer): void;
  /** The next frame to be sent. */
  nextFrame(): number;
  /** The frame with which a session that plays from now on begins. */
  nextKeyFrame(): number;
  /**
   * Sends a viewer that has joined the pictures of the last `frames` first, faster than real time.
   *
   * @returns the frame that it begins with, a key frame
   */
  replay(viewer: Viewer, frames: number): number;
  /** Of another size, for descriptions that are wrong. */
  readonly misleading: ServedTrack;
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
  /** With a key frame every {@link LONG_GOP_FRAMES}. */
  readonly longGroup?: ServedTrack;
  /** With B-frames, in decode order. */
  readonly bFrames?: ServedTrack;
  /** After somebody was at the camera. */
  readonly touched?: Readonly<Record<'turned' | 'covered', ServedTrack>>;
  /** The same codec in another size. */
  readonly misleading: ServedTrack;
}

/** Frames that a viewer is sent per tick while it catches up. */
const REPLAY_FRAMES_PER_TICK = 2;

export function createCameraStream(
  deps: { clock: Clock; faults: FaultBoard; quirks: QuirkBoard },
  options: {
    camera: ClinicCamera;
    kind: DemoStream;
    tracks: StreamTracks;
    /** Common start of all streams and this one's share of the frame period, µs: spreads the load. */
    startMonoUs: number;
    phaseUs: number;
  },
): CameraStream {
  const { clock, faults, quirks } = deps;
  const { camera, kind, tracks } = options;
  const startUs = options.startMonoUs + options.phaseUs;
  const viewers = new Set<Viewer>();
  /** Viewers that are still sent older pictures, and their next one. */
  const behind = new Map<Viewer, number>();
  let playing = tracks.usual;
  /** The absolute frame at which `playing` was at its first picture. */
  let base = 0;
  let next = 0;
  let nextAudio = 0;

  /** The position in the stream that is due: with B-frames a picture can be coded only after those it is shown before. */
  const dueFrame = (nowUs: number) => Math.floor((nowUs - startUs) / PERIOD_US) - playing.delay;
  /** Nothing comes before frame 0, whatever the delay of B-frames. */
  const firstDue = (nowUs: number) => Math.max(0, dueFrame(nowUs) + 1);
  const groupFrames = () => (playing === tracks.longGroup ? LONG_GOP_FRAMES : GOP_FRAMES);
  const at = (frame: number) =>
    playing.frames[
      (((frame - base) % playing.frames.length) + playing.frames.length) % playing.frames.length
    ]!;

  function wanted(): ServedTrack {
    const own = quirks.of(camera.id);
    if (own.size > 0) {
      if (tracks.longGroup && own.has('long_group')) return tracks.longGroup;
      if (tracks.bFrames && own.has('b_frames')) return tracks.bFrames;
    }
    if (!faults.any(camera.id)) return tracks.usual;
    if (tracks.long && faults.find(camera.id, kind, 'no_key_frame')) return tracks.long;
    if (faults.find(camera.id, kind, 'parameter_change')) return tracks.changed;
    if (tracks.touched && faults.find(camera.id, kind, 'turned')) return tracks.touched.turned;
    if (tracks.touched && faults.find(camera.id, kind, 'covered')) return tracks.touched.covered;
    return tracks.usual;
  }

  /** Tracks are exchanged only where a group of pictures ends; the clip without key frames starts at its own beginning. */
  function exchange(frame: number): void {
    if (frame % GOP_FRAMES !== 0) return;
    const track = wanted();
    if (track === playing) return;
    playing = track;
    base = track === tracks.long || track === tracks.longGroup ? frame : 0;
  }

  function pictureAt(position: number): Picture {
    const template = at(position);
    const frame = position + template.shift;
    // Both clocks at once: sending the pictures before this one has taken its time.
    const takenUs = clock.utcUs() - Math.round(clock.monoUs() - (startUs + frame * PERIOD_US));
    const stamp = packet(
      writeStamp(playing.codec, { frame, utcUs: takenUs, camera: camera.number, stream: kind }),
    );
    return { frame, template, stamp };
  }

  function send(position: number): void {
    exchange(position);
    const { frame, template, stamp } = pictureAt(position);
    for (const viewer of viewers) if (!behind.has(viewer)) viewer.frame(frame, template, stamp);
  }

  function catchUp(): void {
    for (const [viewer, first] of behind) {
      const end = Math.min(next, first + REPLAY_FRAMES_PER_TICK);
      for (let position = first; position < end; position++) {
        const { frame, template, stamp } = pictureAt(position);
        viewer.frame(frame, template, stamp);
      }
      if (end === next) behind.delete(viewer);
      else behind.set(viewer, end);
    }
  }

  const nextFrame = () => (viewers.size ? next : firstDue(clock.monoUs()));

  return {
    camera,
    kind,
    track: () => wanted(),
    join(viewer) {
      if (viewers.size === 0) {
        const now = clock.monoUs();
        // Nobody was sent the frames at which tracks would have been exchanged.
        playing = wanted();
        next = firstDue(now);
        nextAudio = Math.floor((now - startUs) / AUDIO_PERIOD_US) + 1;
        base = playing === tracks.long ? Math.ceil(next / GOP_FRAMES) * GOP_FRAMES : 0;
      }
      viewers.add(viewer);
    },
    leave(viewer) {
      viewers.delete(viewer);
      behind.delete(viewer);
    },
    misleading: tracks.misleading,
    nextFrame,
    replay(viewer, frames) {
      const group = groupFrames();
      const wish = Math.max(base, nextFrame() - frames);
      const first = wish - ((wish - base) % group);
      behind.set(viewer, first);
      return first;
    },
    nextKeyFrame() {
      const frame = nextFrame();
      // Every usual track has a key frame per group; the search ends there even if the playing one has none.
      const group = groupFrames();
      const phase = playing === tracks.longGroup ? base : 0;
      return frame + ((((phase - frame) % group) + group) % group);
    },
    rtpNow: () => ((clock.monoUs() - startUs) / PERIOD_US) * FRAME_TICKS,
    tick(nowUs) {
      if (viewers.size === 0) return;
      if (behind.size > 0) catchUp();
      for (const due = dueFrame(nowUs); next <= due; next++) send(next);
      for (const due = Math.floor((nowUs - startUs) / AUDIO_PERIOD_US); nextAudio <= due; nextAudio++) {
        for (const viewer of viewers) viewer.audio(nextAudio);
      }
    },
  };
}

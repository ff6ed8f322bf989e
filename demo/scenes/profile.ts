import type { DemoStream } from '../clinic.ts';

/** Raise it whenever generated scenes change: caches made by older code are then made anew. */
export const SCENES_VERSION = 3;

export type ProfileName = 'full' | 'small';

export interface StreamShape {
  readonly width: number;
  readonly height: number;
  readonly bitrateBps: number;
}

/** What is generated for every camera. All streams run at {@link FPS} with a key frame every {@link GOP_FRAMES}. */
export interface Profile {
  readonly name: ProfileName;
  readonly loopFrames: number;
  readonly main: StreamShape;
  readonly sub: StreamShape;
  readonly night: StreamShape;
  /** What a main stream turns into when its parameter sets change (H.265 cameras; the others take their sub). */
  readonly changed: StreamShape;
  readonly x264Preset: string;
}

export const FPS = 15;
export const GOP_FRAMES = 15;
/** A "smart" encoder's group of pictures: 10 s. */
export const LONG_GOP_FRAMES = 10 * FPS;
/** RTP clock (90 kHz) per frame. */
export const FRAME_TICKS = 90_000 / FPS;
/** Frames of the clip without a key frame (80 s), that the fault of that name plays. */
export const NO_KEY_FRAMES = 80 * FPS;

export const PROFILES: Readonly<Record<ProfileName, Profile>> = {
  full: {
    name: 'full',
    loopFrames: 20 * FPS,
    main: { width: 1920, height: 1080, bitrateBps: 4_000_000 },
    sub: { width: 640, height: 360, bitrateBps: 450_000 },
    night: { width: 640, height: 360, bitrateBps: 64_000 },
    changed: { width: 1280, height: 720, bitrateBps: 2_000_000 },
    x264Preset: 'superfast',
  },
  small: {
    name: 'small',
    loopFrames: 10 * FPS,
    main: { width: 640, height: 360, bitrateBps: 500_000 },
    sub: { width: 320, height: 180, bitrateBps: 150_000 },
    night: { width: 320, height: 180, bitrateBps: 64_000 },
    changed: { width: 480, height: 270, bitrateBps: 300_000 },
    x264Preset: 'superfast',
  },
};

/**
 * Files of one scene folder; `long` is the clip without key frames, `changed` the other picture size, `b-frames` the
 * first room's loop with B-frames, `turned` and `covered` its sub-stream after somebody was at the camera.
 */
export type TrackName = DemoStream | 'changed' | 'long' | 'b-frames' | 'turned' | 'covered';

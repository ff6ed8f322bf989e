import { describe, expect, it } from 'vitest';
import { type SeenFrame, shapeOf } from '../../../src/cameras/key-frames.ts';

/** 15 frames a second; a key frame wherever `keyAt` says. */
const frames = (seconds: number, keyAt: (frame: number) => boolean): SeenFrame[] =>
  Array.from({ length: seconds * 15 }, (_, index) => ({
    atSeconds: index / 15,
    bytes: 1000,
    key: keyAt(index),
  }));

describe('how a stream is coded', () => {
  it('is told by frame rate, bit rate and distance of key frames', () => {
    const shape = shapeOf(frames(6, (index) => index % 15 === 0));
    expect(shape.fps).toBeCloseTo(15);
    expect(shape.keyFrameSeconds).toHaveLength(5);
    expect(shape.keyFrameSeconds[0]).toBeCloseTo(1);
    expect(shape.bitsPerSecond).toBeGreaterThan(115_000);
    expect(shape.warnings).toEqual([]);
  });

  it('is fine at exactly two seconds', () => {
    expect(shapeOf(frames(7, (index) => index % 30 === 0)).warnings).toEqual([]);
  });

  it('is warned of when key frames are four seconds apart, also when only one was seen', () => {
    expect(shapeOf(frames(9, (index) => index % 60 === 0)).warnings).toEqual(['key_frames_far_apart']);
    expect(shapeOf(frames(6, (index) => index === 0)).warnings).toEqual(['key_frames_far_apart']);
  });

  it('is warned of when their distance varies', () => {
    const keys = new Set([0, 15, 45, 60, 82]);
    expect(shapeOf(frames(6, (index) => keys.has(index))).warnings).toEqual(['dynamic_gop']);
  });

  it('is warned of when there is no key frame, or nothing at all', () => {
    expect(shapeOf(frames(6, () => false)).warnings).toEqual(['no_key_frame']);
    expect(shapeOf([])).toEqual({ frames: 0, keyFrameSeconds: [], warnings: ['no_key_frame'] });
  });
});

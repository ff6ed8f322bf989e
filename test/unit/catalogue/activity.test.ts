import { describe, expect, it } from 'vitest';
import { createActivityMeter, nextActivity } from '../../../src/catalogue/activity.ts';

/** Deterministic noise, −1 … 1. */
function noise(seed: number) {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2147483648 - 1;
  };
}

/** One-second GOPs of 15 frames; `level(second)` gives the bytes per second of the predicted frames. */
function measure(seconds: number, level: (second: number) => number) {
  const meter = createActivityMeter();
  const random = noise(7);
  return Array.from({ length: seconds }, (_, second) => {
    const each = level(second) / 14;
    const samples = Array.from({ length: 15 }, (_, i) => ({
      keyFrame: i === 0,
      bytes: i === 0 ? 90_000 : Math.max(1, Math.round(each * (1 + 0.2 * random()))),
    }));
    return meter.measure(samples, 1_000_000);
  });
}
const share = (values: readonly number[], test: (value: number) => boolean) =>
  values.filter(test).length / values.length;

const QUIET = 60_000;
const random = noise(3);
const walking = (second: number, from: number) =>
  QUIET * (3 + 4 * Math.abs(Math.sin((second - from) * 1.3)) + random());

describe('activity from frame sizes', () => {
  it('is silent in a still picture', () => {
    const values = measure(600, () => QUIET * (1 + 0.05 * random()));
    expect(share(values, (v) => v === 0)).toBeGreaterThan(0.99);
  });

  it('shows somebody who walks through, from the first second, and is silent again after', () => {
    const values = measure(400, (s) =>
      s >= 200 && s < 220 ? walking(s, 200) : QUIET * (1 + 0.05 * random()),
    );
    expect(share(values.slice(201, 220), (v) => v > 60)).toBeGreaterThan(0.9);
    expect(values.slice(200, 202).some((v) => v > 40)).toBe(true);
    expect(share(values.slice(225), (v) => v === 0)).toBeGreaterThan(0.98);
  });

  it('goes on showing somebody who moves about for ten minutes', () => {
    const values = measure(900, (s) => (s >= 200 && s < 800 ? walking(s, 200) : QUIET));
    expect(share(values.slice(700, 800), (v) => v > 30)).toBeGreaterThan(0.7);
  });

  it('takes a noisy night for quiet, and still shows a person in it', () => {
    const night = () => QUIET * 2.5 * 2 ** (0.35 * random());
    const values = measure(1500, (s) => (s < 300 ? QUIET : s >= 1200 && s < 1220 ? night() * 4 : night()));
    expect(share(values.slice(400, 1200), (v) => v > 20)).toBeLessThan(0.02);
    expect(share(values.slice(1200, 1220), (v) => v > 30)).toBeGreaterThan(0.8);
  });

  it('takes a changed bit rate for the new quiet within a minute, upwards and downwards', () => {
    const values = measure(900, (s) => QUIET * (s < 300 ? 1 : s < 600 ? 4 : 0.5) * (1 + 0.05 * random()));
    expect(share(values.slice(350, 600), (v) => v === 0)).toBeGreaterThan(0.99);
    expect(share(values.slice(600), (v) => v === 0)).toBeGreaterThan(0.99);
  });

  it('grows with the movement and ends at 255', () => {
    const at = (factor: number) => measure(301, (s) => (s === 300 ? QUIET * factor : QUIET)).at(-1) as number;
    expect(at(1)).toBe(0);
    expect(at(2)).toBeGreaterThan(20);
    expect(at(4)).toBeGreaterThan(at(2));
    expect(at(1000)).toBe(255);
  });

  it('says nothing about GOPs without predicted frames and learns nothing from them', () => {
    const quiet = nextActivity(undefined, {
      samples: [{ bytes: 100, keyFrame: false }],
      durationUs: 1_000_000,
    });
    const lone = nextActivity(quiet.state, {
      samples: [{ bytes: 9e6, keyFrame: true }],
      durationUs: 1_000_000,
    });
    expect(lone).toEqual({ activity: 0, state: quiet.state });
    expect(nextActivity(undefined, { samples: [], durationUs: 0 }).activity).toBe(0);
  });
});

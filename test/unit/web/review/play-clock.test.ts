import { describe, expect, it } from 'vitest';
import {
  changed,
  otherSpeed,
  positionOf,
  startAt,
  within,
} from '../../../../web/pages/review/player/play-clock.ts';

describe('the clock of all cameras', () => {
  it('stands until it plays, goes on at its speed, and keeps its place when that changes', () => {
    const standing = startAt(1_000_000, 500);
    expect(positionOf(standing, 9000)).toBe(1_000_000);
    const playing = changed(standing, 1000, { isPlaying: true });
    expect(positionOf(playing, 1500)).toBe(1_500_000);
    const faster = changed(playing, 2000, { speed: 4 });
    expect(positionOf(faster, 2000)).toBe(2_000_000);
    expect(positionOf(faster, 2500)).toBe(4_000_000);
    expect(positionOf(changed(faster, 2500, { isPlaying: false }), 99_999)).toBe(4_000_000);
  });

  it('has speeds from a quarter to sixteen times, and no more', () => {
    expect(otherSpeed(1, 1)).toBe(2);
    expect(otherSpeed(1, -1)).toBe(0.5);
    expect(otherSpeed(16, 1)).toBe(16);
    expect(otherSpeed(0.25, -1)).toBe(0.25);
  });

  it('does not leave what was granted', () => {
    const range = { fromUs: 10_000_000, toUs: 20_000_000 };
    expect(within(0, range)).toBe(10_000_000);
    expect(within(30_000_000, range)).toBe(19_999_000);
  });
});

import fc from 'fast-check';
import { expect, it } from 'vitest';
import { SECOND_US } from '../../../src/lib/clock.ts';
import { mediaPlaylist, type PlayedGop } from '../../../src/media/hls.ts';

const START_US = Date.parse('2026-11-22T03:00:00Z') * 1000;
const gop = (startS: number, seconds: number, run = 'r1'): PlayedGop => ({
  uri: `media/${run}-${startS}.m4s`,
  run,
  initUri: `init/${run}.mp4`,
  startUs: START_US + startS * SECOND_US,
  durationUs: seconds * SECOND_US,
});
const range = (fromS: number, toS: number) => ({
  fromUs: START_US + fromS * SECOND_US,
  toUs: START_US + toS * SECOND_US,
});

it('is a playlist of one segment per group of pictures, each with its time', () => {
  expect(mediaPlaylist([gop(0, 2), gop(2, 2.5)], range(0, 4.5))).toBe(
    `#EXTM3U
#EXT-X-VERSION:8
#EXT-X-TARGETDURATION:3
#EXT-X-MEDIA-SEQUENCE:0
#EXT-X-PLAYLIST-TYPE:VOD
#EXT-X-MAP:URI="init/r1.mp4"
#EXT-X-PROGRAM-DATE-TIME:2026-11-22T03:00:00.000Z
#EXTINF:2.000000,
media/r1-0.m4s
#EXT-X-PROGRAM-DATE-TIME:2026-11-22T03:00:02.000Z
#EXTINF:2.500000,
media/r1-2.m4s
#EXT-X-ENDLIST
`,
  );
});

it('says where nothing is, in pieces, and begins a new run with a discontinuity', () => {
  const lines = mediaPlaylist([gop(5, 2), gop(29, 2, 'r2')], range(0, 40)).split('\n');
  const order = lines.filter((line) => /^#EXT-X-(GAP|MAP|DISC)|^#EXTINF|^media/.test(line));
  expect(order).toEqual([
    '#EXTINF:5.000000,',
    '#EXT-X-GAP',
    '#EXT-X-MAP:URI="init/r1.mp4"',
    '#EXTINF:2.000000,',
    'media/r1-5.m4s',
    '#EXTINF:10.000000,',
    '#EXT-X-GAP',
    '#EXTINF:10.000000,',
    '#EXT-X-GAP',
    '#EXTINF:2.000000,',
    '#EXT-X-GAP',
    '#EXT-X-DISCONTINUITY',
    '#EXT-X-MAP:URI="init/r2.mp4"',
    '#EXTINF:2.000000,',
    'media/r2-29.m4s',
    '#EXTINF:9.000000,',
    '#EXT-X-GAP',
  ]);
  expect(lines).toContain('#EXT-X-TARGETDURATION:10');
});

it('makes no hole out of a seam within a run, nor of a clock that was set back', () => {
  expect(mediaPlaylist([gop(0, 2), gop(2.4, 2)], range(0, 4.4))).not.toContain('GAP');
  expect(mediaPlaylist([gop(0, 2), gop(2.6, 2)], range(0, 4.6))).toContain('GAP');
  const back = mediaPlaylist([gop(10, 2), gop(5, 2, 'r2')], range(10, 12));
  expect(back.match(/#EXTINF/g)).toHaveLength(2);
});

it('has nothing but a gap where nothing was recorded', () => {
  const lines = mediaPlaylist([], range(0, 25)).split('\n');
  expect(lines.filter((line) => line === '#EXT-X-GAP')).toHaveLength(3);
  expect(lines).not.toContain('#EXT-X-DISCONTINUITY');
});

it('covers the range once, whatever lies in it', () => {
  const piece = fc.record({
    hole: fc.double({ min: 0, max: 30, noNaN: true }),
    lasts: fc.double({ min: 0.05, max: 12, noNaN: true }),
    fresh: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
      let [at, run] = [0, 0];
      const gops = pieces.map(({ hole, lasts, fresh }) => {
        if (fresh) run += 1;
        at += hole;
        const one = gop(at, lasts, `r${run}`);
        at += lasts;
        return { ...one, startUs: Math.round(one.startUs), durationUs: Math.round(one.durationUs) };
      });
      const text = mediaPlaylist(gops, range(0, at + 3));
      const target = Number(/TARGETDURATION:(\d+)/.exec(text)![1]);
      const lasts = [...text.matchAll(/#EXTINF:([\d.]+),/g)].map(([, seconds]) => Number(seconds));
      expect(Math.max(...lasts)).toBeLessThanOrEqual(target);
      const times = [...text.matchAll(/DATE-TIME:(.*)/g)].map(([, iso]) => Date.parse(iso!) / 1000);
      expect(times).toHaveLength(lasts.length);
      // Each begins where the one before ends, but for seams within a run.
      for (let i = 1; i < times.length; i++)
        expect(Math.abs(times[i]! - times[i - 1]! - lasts[i - 1]!)).toBeLessThan(0.502);
      expect(text.match(/^media/gm)?.length ?? 0).toBe(gops.length);
      const runs = new Set(gops.map((one) => one.run)).size;
      expect(text.match(/#EXT-X-MAP/g)?.length ?? 0).toBe(runs);
      expect(text.match(/#EXT-X-DISCONTINUITY/g)?.length ?? 0).toBe(Math.max(0, runs - 1));
    }),
    { numRuns: 200 },
  );
});

import { describe, expect, it } from 'vitest';
import { mediaPlaylist } from '../../../../src/media/hls.ts';
import { joined, pieceAt, readPlaylist } from '../../../../web/pages/review/player/playlist.ts';

const T = Date.parse('2026-11-22T03:00:00Z') * 1000;
const SECOND = 1_000_000;
const gop = (run: string, at: number, seconds = 1) => ({
  uri: `media/${run}-${at}.m4s`,
  run,
  initUri: `init/${run}.mp4`,
  startUs: T + at * SECOND,
  durationUs: seconds * SECOND,
});
const read = (gops: ReturnType<typeof gop>[], to: number) =>
  readPlaylist(mediaPlaylist(gops, { fromUs: T, toUs: T + to * SECOND }));

describe('a playlist of ours', () => {
  it('tells each group of pictures with its time and with what its run begins with', () => {
    expect(read([gop('a', 0), gop('a', 1)], 2)).toEqual([
      { kind: 'pictures', fromUs: T, toUs: T + SECOND, uri: 'media/a-0.m4s', initUri: 'init/a.mp4' },
      {
        kind: 'pictures',
        fromUs: T + SECOND,
        toUs: T + 2 * SECOND,
        uri: 'media/a-1.m4s',
        initUri: 'init/a.mp4',
      },
    ]);
  });

  it('tells a hole as one gap, and the run behind it with its own beginning', () => {
    const pieces = read([gop('a', 0), gop('b', 65)], 66);
    expect(pieces.map(({ kind }) => kind)).toEqual(['pictures', 'gap', 'pictures']);
    expect(pieces[1]).toEqual({ kind: 'gap', fromUs: T + SECOND, toUs: T + 65 * SECOND });
    expect(pieces[2]).toMatchObject({ initUri: 'init/b.mp4' });
  });

  it.each(['', '#EXTM3U\n', '<html>', '#EXTM3U\n#EXTINF:1.0,\nmedia/a.m4s\n#EXT-X-ENDLIST\n'])(
    'refuses %j',
    (text) => {
      expect(() => readPlaylist(text)).toThrow(RangeError);
    },
  );

  it('finds the piece of an instant, and the earlier one where two nearly touch', () => {
    const pieces = read([gop('a', 0), gop('b', 5)], 8);
    expect(pieceAt(pieces, T - 1)).toBeUndefined();
    expect(pieceAt(pieces, T)).toBe(0);
    expect(pieceAt(pieces, T + 3 * SECOND)).toBe(1);
    expect(pieceAt(pieces, T + 5 * SECOND)).toBe(2);
    expect(pieceAt(pieces, T + 8 * SECOND)).toBeUndefined();
  });

  it('is joined with the one behind it, without what lies over their seam twice', () => {
    const before = read([gop('a', 0), gop('a', 1)], 2);
    const after = [...before.slice(1), ...read([gop('a', 0), gop('a', 1), gop('a', 2)], 3).slice(2)];
    expect(joined(before, after).map(({ fromUs }) => fromUs - T)).toEqual([0, SECOND, 2 * SECOND]);
  });
});

import { describe, expect, it } from 'vitest';
import type { CodedPicture } from '../../../../web/pages/review/player/group.ts';
import {
  type Feeding,
  nextStep,
  type Pictures,
  type Situation,
  standingAt,
} from '../../../../web/pages/review/player/next-step.ts';
import type { Piece } from '../../../../web/pages/review/player/playlist.ts';

type Moment = Pick<Situation, 'atUs' | 'isPlaying' | 'speed'>;

const SECOND = 1_000_000;
const FRAME = SECOND / 10;
const piece = (at: number, run = 'a'): Pictures => ({
  kind: 'pictures',
  fromUs: at * SECOND,
  toUs: (at + 1) * SECOND,
  uri: `${run}-${at}`,
  initUri: run,
});
const picturesOf = ({ fromUs }: Pictures): CodedPicture[] =>
  Array.from({ length: 10 }, (_, at) => ({
    atUs: fromUs + at * FRAME,
    durationUs: FRAME,
    isKey: at === 0,
    data: new Uint8Array(1),
  }));

/** A tile that does what it is told, with a decoder that gives out everything once it is finished. */
function tile(pieces: readonly Piece[], { delay = 0 }: { readonly delay?: number } = {}) {
  const groups = new Map<string, CodedPicture[]>();
  const fetched: string[] = [];
  let feeding: Feeding | undefined;
  let shownUs: number | undefined;
  let inside: number[] = [];
  let out: number[] = [];
  const drawn: number[] = [];
  /** As the screen does: the newest that stands, and when paused the wanted one alone. */
  const present = (moment: Moment) => {
    const standing = out.filter((at) => at <= moment.atUs);
    out = out.filter((at) => at > moment.atUs);
    const last = standing.at(-1);
    const known = [...groups.values()].flat();
    if (last === undefined || (!moment.isPlaying && last !== standingAt(known, moment.atUs))) return;
    shownUs = last;
    drawn.push(last);
  };
  const look = (moment: Moment) => {
    present(moment);
    for (let count = 0; count < 100; count++) {
      const step = nextStep({
        ...moment,
        pieces,
        group: ({ uri }) => groups.get(uri),
        feeding,
        shownUs,
        ahead: inside.length + out.length,
      });
      if (step.do === 'nothing') break;
      if (step.do === 'load') {
        groups.set(step.piece.uri, picturesOf(step.piece));
        fetched.push(step.piece.uri);
      } else if (step.do === 'feed' && feeding) {
        inside.push(step.picture.atUs);
        while (inside.length > delay) out.push(inside.shift() ?? 0);
        feeding = { ...feeding, next: feeding.next + 1 };
      } else if (step.do === 'finish' && feeding) {
        out.push(...inside.splice(0));
        feeding = { ...feeding, isFinished: true };
      } else if (step.do === 'begin' || step.do === 'go-on') {
        if (step.do === 'begin') {
          [inside, out, shownUs] = [[], [], undefined];
        }
        feeding = { piece: step.piece, next: 0, isFinished: false };
      }
      present(moment);
    }
    return shownUs;
  };
  return { look, drawn, fetched };
}

describe('what a tile does next', () => {
  const pieces: Piece[] = [
    piece(0),
    piece(1),
    { kind: 'gap', fromUs: 2 * SECOND, toUs: 5 * SECOND },
    piece(5, 'b'),
    piece(6, 'b'),
  ];

  it.each([0, 3])(
    'shows exactly the picture that stands when paused (a decoder that keeps %i back)',
    (delay) => {
      for (const at of [0, 1, 4.5, 9.9, 10, 15.2, 53, 60.1]) {
        const { look, drawn } = tile(pieces, { delay });
        const shown = look({ atUs: at * FRAME, isPlaying: false, speed: 1 });
        expect(shown).toBe(Math.floor(at) * FRAME);
        expect(drawn).toEqual([shown]);
      }
    },
  );

  it('steps on and back by one picture, over the seam of two groups too', () => {
    const { look } = tile(pieces, { delay: 2 });
    for (const frame of [8, 9, 10, 11, 10, 9, 8, 7, 51, 50, 19])
      expect(look({ atUs: frame * FRAME, isPlaying: false, speed: 1 })).toBe(frame * FRAME);
  });

  it('shows every picture once and in order while it plays, from one run to the next', () => {
    const { look, drawn } = tile(pieces, { delay: 2 });
    for (let frame = 0; frame < 70; frame += 0.5) look({ atUs: frame * FRAME, isPlaying: true, speed: 1 });
    const shown = [...new Set(drawn)];
    const all = [...Array(20).keys(), ...Array.from({ length: 20 }, (_, at) => 50 + at)];
    // The last of a run wait for nothing: what follows is another decoder's.
    expect(shown).toEqual(all.map((frame) => frame * FRAME));
  });

  it('fetches nothing before it is about to be watched', () => {
    const { look, fetched } = tile(pieces);
    look({ atUs: 0, isPlaying: false, speed: 1 });
    expect(fetched).toEqual(['a-0']);
    look({ atUs: 1 * FRAME, isPlaying: true, speed: 1 });
    expect(fetched).toEqual(['a-0']);
    look({ atUs: 4 * FRAME, isPlaying: true, speed: 1 });
    expect(fetched).toEqual(['a-0', 'a-1']);
    look({ atUs: 30 * FRAME, isPlaying: true, speed: 1 });
    expect(fetched).toEqual(['a-0', 'a-1']);
  });

  it('goes on playing after a pause in the middle of a group', () => {
    const { look } = tile(pieces, { delay: 2 });
    expect(look({ atUs: 4 * FRAME, isPlaying: false, speed: 1 })).toBe(4 * FRAME);
    expect(look({ atUs: 4.2 * FRAME, isPlaying: true, speed: 1 })).toBe(4 * FRAME);
    expect(look({ atUs: 6 * FRAME, isPlaying: true, speed: 1 })).toBe(6 * FRAME);
    expect(look({ atUs: 6 * FRAME, isPlaying: false, speed: 1 })).toBe(6 * FRAME);
  });

  it('asks for nothing in a gap, and says nothing of a time that is not there', () => {
    const { look, fetched } = tile(pieces);
    expect(look({ atUs: 3 * SECOND, isPlaying: false, speed: 1 })).toBeUndefined();
    expect(look({ atUs: 99 * SECOND, isPlaying: true, speed: 1 })).toBeUndefined();
    expect(fetched).toEqual([]);
  });
});

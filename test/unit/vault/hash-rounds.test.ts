import { createHash, randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { DAY_US } from '../../../src/lib/clock.ts';
import { type HashFinding, hashRound, type RoundState } from '../../../src/vault/hash-rounds.ts';
import type { RegisteredFile } from '../../../src/vault/segment-tree.ts';
import { createManualClock } from '../../support/manual-clock.ts';
import { createMemoryStore } from './sealing-room.ts';

const DAYS = ['2026-11-20', '2026-11-21'];
const CAMERAS = ['cam01', 'cam02'];

/** Three files of each camera and day, 100 kB each, and whoever looks at them. */
function createRoom() {
  const { store, files } = createMemoryStore();
  const rows = new Map<string, RegisteredFile[]>();
  for (const camera of CAMERAS)
    for (const day of DAYS)
      rows.set(
        `${camera}/${day}`,
        [1, 2, 3].map((n) => {
          const file = `${camera}/${day}/12000${n}-main-000000000000000${n}.seg`;
          const bytes = randomBytes(100_000);
          files.set(file, bytes);
          const ciphertextSha256 = createHash('sha256').update(bytes).digest();
          return { id: String(n), file, state: 'sealed', bytes: bytes.length, chunks: 7, ciphertextSha256 };
        }),
      );
  const clock = createManualClock();
  const found: HashFinding[] = [];
  const looked: string[] = [];
  let kept: RoundState | undefined;
  const register = {
    cameraDays: () => [...rows.keys()].map((id) => ({ camera: id.slice(0, 5), day: id.slice(6) })),
    filesOf: (camera: string, day: string) => rows.get(`${camera}/${day}`) ?? [],
  };
  const round = async (signal = new AbortController().signal, bytesPerSecond = 1e12) => {
    let over = false;
    const done = hashRound(
      {
        store: {
          ...store,
          open: (file) => {
            looked.push(file);
            return store.open(file);
          },
        },
        register,
        clock,
        bytesPerSecond,
        state: kept,
        save: async (state) => {
          kept = JSON.parse(JSON.stringify(state)) as RoundState;
        },
        found: (finding) => found.push(finding),
      },
      signal,
    ).finally(() => {
      over = true;
    });
    const beganUs = clock.monoUs();
    while (!over) await clock.run(100, 100);
    return { state: await done, tookUs: clock.monoUs() - beganUs };
  };
  return { files, rows, clock, found, looked, round };
}

const nth = (n: number) => [...createNames()][n] as string;
function* createNames() {
  for (const day of DAYS)
    for (const camera of CAMERAS)
      for (const i of [1, 2, 3]) yield `${camera}/${day}/12000${i}-main-000000000000000${i}.seg`;
}

describe('a round of hashing', () => {
  it('reads every sealed file once, oldest day first, and at most once a day', async () => {
    const room = createRoom();
    const { state } = await room.round();
    expect(room.looked).toEqual([...createNames()]);
    expect(state).toMatchObject({ round: 1, files: 12, bytes: 1_200_000, findings: [] });
    await room.round();
    expect(room.looked).toHaveLength(12);
    room.clock.setWall(DAY_US);
    expect((await room.round()).state.round).toBe(2);
    expect(room.looked).toHaveLength(24);
    expect(room.found).toEqual([]);
  });

  it('finds one changed bit, a missing, a short and a long file; tells each once; takes back what is mended', async () => {
    const room = createRoom();
    const whole = Buffer.from(room.files.get(nth(0)) as Buffer);
    const changed = Buffer.from(whole);
    changed[99_999] = (changed[99_999] as number) ^ 1;
    room.files.set(nth(0), changed);
    room.files.delete(nth(4));
    room.files.set(nth(7), (room.files.get(nth(7)) as Buffer).subarray(1));
    room.files.set(nth(9), Buffer.concat([room.files.get(nth(9)) as Buffer, Buffer.alloc(1)]));
    const kinds = ['hash', 'missing', 'size', 'size'];
    const told = [0, 4, 7, 9].map((n, i) => ({ file: nth(n), kind: kinds[i] }));
    await room.round();
    expect(room.found).toEqual(told);
    room.files.set(nth(0), whole);
    room.clock.setWall(DAY_US);
    const { state } = await room.round();
    expect(room.found).toEqual(told);
    expect(state.findings).toEqual(told.slice(1));
  });

  it('goes on after the last file when it was broken off', async () => {
    const room = createRoom();
    const stop = new AbortController();
    const slow = room.round(stop.signal, 100_000);
    await room.clock.run(3000, 100);
    stop.abort();
    const { state } = await slow;
    expect(state.files).toBeGreaterThan(0);
    expect(state.files).toBeLessThan(12);
    await room.round();
    expect(room.looked).toEqual([...createNames()]);
  });

  it('takes its time, so that the disk stays the recorder’s', async () => {
    const room = createRoom();
    const { tookUs } = await room.round(undefined, 100_000);
    expect(tookUs).toBeGreaterThan(11_000_000);
  });

  it('does not call missing what the purge has just erased', async () => {
    const room = createRoom();
    room.files.delete(nth(2));
    const before = room.rows.get('cam01/2026-11-20') as RegisteredFile[];
    room.clock.after(500, () => room.rows.set('cam01/2026-11-20', before.slice(0, 2)));
    await room.round();
    expect(room.found).toEqual([]);
  });
});

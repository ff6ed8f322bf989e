import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { createBallast } from '../../../src/ledger/ballast.ts';
import { parseCheckpoint } from '../../../src/ledger/checkpoint.ts';
import { readBody } from '../../../src/ledger/entry.ts';
import { createKeeper } from '../../../src/ledger/keeper.ts';
import { createAlarms, type StandingAlarm } from '../../../src/stewardship/alarms.ts';
import { createSpool } from '../../../src/stewardship/spool.ts';
import { started } from '../../support/ledger/entries.ts';
import { beginLedger, scratchFolder } from '../../support/ledger/scratch.ts';
import { createManualClock } from '../../support/manual-clock.ts';

/** A steward's keeper on a real database and a real spool, with a clock that the test moves. */
function keeping() {
  const folder = scratchFolder();
  const clock = createManualClock();
  const made = beginLedger({ path: join(folder, 'site.db'), clock });
  const told: string[] = [];
  const tell = (how: string) => (alarm: StandingAlarm) => void told.push(`${how} ${alarm.code}`);
  const alarms = createAlarms({ clock, listener: { raised: tell('raised'), cleared: tell('cleared') } });
  const signed: number[] = [];
  const keptCheckpoint = join(folder, 'mirror', 'ledger-checkpoint');
  mkdirSync(join(folder, 'mirror'));
  const mounted = { is: true };
  const failures: unknown[] = [];
  const create = () =>
    createKeeper({
      ledger: made.ledger,
      checkpoints: made.checkpoints,
      spool: join(folder, 'spool'),
      keptCheckpoint,
      seenElsewhere: join(folder, 'ledger-seen-elsewhere'),
      secondPlaceIsThere: () => mounted.is,
      ballast: createBallast({ path: join(folder, 'ballast'), bytes: 1024 * 1024 }),
      clock,
      alarms,
      signed: ({ size }) => void signed.push(size),
      failed: (error) => void failures.push(error),
    });
  const spool = createSpool({
    folder: join(folder, 'spool', 'recorder'),
    clock,
    writer: 'recorder',
    trouble: () => undefined,
  });
  const put = (name: string, text: string, writer = 'recorder') => {
    mkdirSync(join(folder, 'spool', writer), { recursive: true });
    writeFileSync(join(folder, 'spool', writer, name), text);
  };
  const events = () =>
    [...made.ledger.rows.entries(0, 1e6)].map(({ body }) => {
      const { event, actor } = readBody(body);
      return `${actor} ${event}`;
    });
  const left = (writer = 'recorder') => readdirSync(join(folder, 'spool', writer)).sort();
  return {
    ...made,
    folder,
    clock,
    alarms,
    told,
    signed,
    failures,
    create,
    spool,
    put,
    events,
    left,
    keptCheckpoint,
    mounted,
  };
}

const text = (facts: object, more: object = {}) =>
  JSON.stringify({
    v: 1,
    at: '2026-11-22T02:00:00.000Z',
    writer: 'recorder',
    event: 'recorder.started',
    facts,
    ...more,
  });

describe('the spool', () => {
  it('is emptied into the ledger in the order of its names, over all processes, late entries saying so', async () => {
    const room = keeping();
    room.put('b.json', text({ pid: 2, cameras: 1 }));
    room.put('a.json', text({ pid: 1, cameras: 1 }));
    room.put('aa.json', text({ run: 'r' }, { writer: 'purge', event: 'erase.intent' }), 'purge');
    room.spool.append({ event: 'recorder.started', facts: { pid: 3, cameras: 1 } });
    await vi.waitFor(() => expect(room.spool.waiting).toBe(0), { interval: 2 });
    await room.create().round();
    expect(room.left()).toEqual([]);
    const entries = [...room.ledger.rows.entries(1, 99)].map(({ body }) => readBody(body));
    expect(entries.map(({ actor, late, facts }) => [actor, late, facts])).toEqual([
      // Made by the spool itself: its name begins with the time.
      ['process:recorder', undefined, { pid: 3, cameras: 1 }],
      ['process:recorder', true, { pid: 1, cameras: 1 }],
      ['process:purge', true, { run: 'r' }],
      ['process:recorder', true, { pid: 2, cameras: 1 }],
    ]);
  });

  it('is emptied also while its second place cannot be reached, and an alarm stands for that', async () => {
    const room = keeping();
    // A file where the folder should be.
    rmSync(join(room.folder, 'mirror'), { recursive: true });
    writeFileSync(join(room.folder, 'mirror'), '');
    room.put('a.json', text({ pid: 1, cameras: 1 }));
    const keeper = room.create();
    await keeper.round();
    expect(room.events()).toContain('process:recorder recorder.started');
    expect(room.alarms.standing().map(({ code }) => code)).toEqual(['ledger_unmirrored']);
    expect(keeper.mayEnter).toBe(true);
  });

  it('is entered once, also when its file comes again after the entry was committed', async () => {
    const room = keeping();
    room.put('a.json', text({ pid: 1, cameras: 1 }));
    await room.create().round();
    room.put('a.json', text({ pid: 1, cameras: 1 }));
    await room.create().round();
    expect(room.events().filter((event) => event.includes('recorder'))).toHaveLength(1);
    expect(room.left()).toEqual([]);
  });

  it.each([
    ['no JSON', '{"half'],
    ['another process', text({ pid: 1, cameras: 1 }, { writer: 'web' })],
    ['an event that nobody knows', text({}, { event: 'recorder.invented' })],
    ['half a letter', text({ pid: 1, cameras: 1 }).replace('"recorder.started"', '"recorder\\ud800"')],
    [
      'half a letter among the facts',
      text({ run: 'a' }, { event: 'erase.intent' }).replace('"a"', '"\\udc00"'),
    ],
  ])(
    'with %s in it is not held up: it is laid aside, the ledger says so, and an alarm stands',
    async (_what, bad) => {
      const room = keeping();
      room.put('a.json', bad);
      room.put('b.json', text({ pid: 1, cameras: 1 }));
      await room.create().round();
      expect(room.events().slice(1)).toEqual([
        'process:steward spool.refused',
        'process:recorder recorder.started',
      ]);
      expect(readFileSync(join(room.folder, 'spool', 'refused', 'recorder-a.json'), 'utf8')).toBe(bad);
      expect(room.alarms.standing().map(({ code }) => code)).toEqual(['spool_refused']);
    },
  );

  it('keeps what is refused only as far as there is room for it: the rest is hashed, named and gone', async () => {
    const room = keeping();
    const large = text({ run: 'a', days: 'x'.repeat(200_000) }, { event: 'erase.intent' });
    room.put('a.json', large);
    await room.create().round();
    const refusals = () =>
      [...room.ledger.rows.entriesOf(['spool.refused'], 0)].map(({ body }) => readBody(body).facts);
    const sha256 = createHash('sha256').update(large).digest('hex');
    expect(refusals()).toEqual([{ name: 'recorder/a.json', bytes: large.length, sha256, removed: true }]);
    expect(room.left()).toEqual([]);
    for (let n = 0; n < 1200; n++) room.put(`b${String(n).padStart(4, '0')}.json`, '{');
    await room.create().round();
    expect(refusals()).toHaveLength(1201);
    expect(room.left()).toEqual([]);
    const kept = readdirSync(join(room.folder, 'spool', 'refused'));
    expect(kept.length).toBeGreaterThanOrEqual(800);
    expect(kept.length).toBeLessThanOrEqual(1000);
    expect(refusals().filter((facts) => !('removed' in facts))).toHaveLength(kept.length);
  });

  it.each<[string, (path: string) => void]>([
    ['a folder', mkdirSync],
    ['a link', (path) => symlinkSync('/dev/zero', path)],
    ['a pipe', (path) => void execFileSync('mkfifo', [path])],
  ])('with %s in it that is named like an entry is not held up either', async (_what, make) => {
    const room = keeping();
    room.put('b.json', text({ pid: 1, cameras: 1 }));
    make(join(room.folder, 'spool', 'recorder', 'a.json'));
    await room.create().round();
    expect(room.events().slice(1)).toEqual([
      'process:steward spool.refused',
      'process:recorder recorder.started',
    ]);
    expect(room.left()).toEqual([]);
    expect(readdirSync(join(room.folder, 'spool', 'refused'))).toEqual(['recorder-a.json']);
  });

  it('loses nothing while another process holds the database, and an alarm stands meanwhile', async () => {
    const room = keeping();
    const keeper = room.create();
    room.put('a.json', text({ pid: 1, cameras: 1 }));
    const other = beginLedger({ path: room.path, rootKey: room.rootKey, clock: room.clock });
    room.db.pragma('busy_timeout = 10');
    other.db.exec('BEGIN IMMEDIATE');
    await keeper.round();
    expect(room.told).toEqual(['raised ledger_blocked']);
    expect(room.left()).toEqual(['a.json']);
    other.db.exec('ROLLBACK');
    await keeper.round();
    expect(room.told).toEqual(['raised ledger_blocked', 'cleared ledger_blocked']);
    expect(room.events().at(-1)).toBe('process:recorder recorder.started');
  });
});

describe('signing', () => {
  it('follows an entry within the minute, is not repeated, and lies in a second place', async () => {
    const room = keeping();
    const keeper = room.create();
    await keeper.round();
    room.append(started(1));
    await keeper.round();
    expect(room.signed).toEqual([1]);
    await room.clock.run(25_000, 25_000);
    await keeper.round();
    await room.clock.run(25_000, 25_000);
    await keeper.round();
    expect(room.signed).toEqual([1, 2]);
    expect(parseCheckpoint(readFileSync(room.keptCheckpoint, 'utf8'))?.size).toBe(2);
  });

  it('is not put into the empty mount point of a second disk that is away, and says so until it is back', async () => {
    const room = keeping();
    const keeper = room.create();
    room.mounted.is = false;
    room.append(started(1));
    await keeper.round();
    expect(room.signed).toEqual([2]);
    expect(readdirSync(join(room.folder, 'mirror'))).toEqual([]);
    expect(room.alarms.standing()).toMatchObject([{ code: 'ledger_unmirrored', facts: { error: 'ENODEV' } }]);
    room.mounted.is = true;
    room.append(started(2));
    await room.clock.run(25_000, 25_000);
    await keeper.round();
    expect(parseCheckpoint(readFileSync(room.keptCheckpoint, 'utf8'))?.size).toBe(3);
    expect(room.alarms.standing()).toEqual([]);
  });

  it('comes at once after what somebody might want to undo', async () => {
    const room = keeping();
    const keeper = room.create();
    await keeper.round();
    room.append({ event: 'erase.intent', facts: { run: 'r' }, actor: 'process:purge' });
    await keeper.round();
    expect(room.signed).toEqual([1, 2]);
  });
});

describe('a ledger that is not the one that was signed', () => {
  it('because an old copy was put in its place, is not continued', async () => {
    const room = keeping();
    await room.create().round();
    const kept = readFileSync(room.keptCheckpoint);
    // What the second place saw is more than what is there now.
    const other = keeping();
    other.append(started(1), started(2));
    const later = room.checkpoints;
    room.append(started(1));
    later.make();
    writeFileSync(room.keptCheckpoint, later.last()!.note);
    room.db.exec('drop trigger ledger_entry_remains; drop trigger ledger_hash_remains');
    room.db.exec('delete from ledger_checkpoint where size > 1; delete from ledger_entry where seq > 0');
    room.db.exec('delete from ledger_hash where not (level = 0 and number = 0)');
    expect(kept.equals(readFileSync(room.keptCheckpoint))).toBe(false);
    room.put('a.json', text({ pid: 1, cameras: 1 }));
    await room.create().round();
    expect(room.alarms.standing()).toMatchObject([
      { code: 'ledger_incident', facts: { kind: 'smaller', seen: 2, found: 1, seenBy: 'second place' } },
    ]);
    expect([room.ledger.rows.size(), room.left()]).toEqual([1, ['a.json']]);
  });

  it('because it is another one, begun in silence where the old one was taken away, is not continued', async () => {
    const before = keeping();
    before.append(started(1), started(2));
    await before.create().round();
    const room = keeping();
    writeFileSync(room.keptCheckpoint, readFileSync(before.keptCheckpoint));
    room.put('a.json', text({ pid: 1, cameras: 1 }));
    const keeper = room.create();
    await keeper.round();
    expect(room.alarms.standing()).toMatchObject([
      { code: 'ledger_incident', facts: { seenBy: 'second place', kind: 'different', seen: 3, found: 1 } },
    ]);
    expect({ mayEnter: keeper.mayEnter, left: room.left(), signed: room.signed }).toEqual({
      mayEnter: false,
      left: ['a.json'],
      signed: [],
    });
    // What was seen is still there, for whoever looks into it.
    expect(readFileSync(room.keptCheckpoint, 'utf8')).toBe(readFileSync(before.keptCheckpoint, 'utf8'));
  });

  it('because it was rewritten, is not continued', async () => {
    const room = keeping();
    const keeper = room.create();
    room.append(started(1));
    await keeper.round();
    room.db.exec('drop trigger ledger_hash_stays');
    room.db.exec('update ledger_hash set hash = zeroblob(32) where level = 1');
    await room.clock.run(61_000, 61_000);
    await keeper.round();
    expect(room.alarms.standing()).toMatchObject([{ code: 'ledger_incident', facts: { kind: 'different' } }]);
    room.append(started(3));
    await room.clock.run(61_000, 61_000);
    await keeper.round();
    expect(room.signed).toEqual([2]);
  });
});

describe('what the steward tells of itself', () => {
  const raised = (n: number) => ({
    event: 'alarm.raised' as const,
    facts: { alarm: 'disk_full', subject: String(n) },
    actor: 'process:steward' as const,
  });
  const told = (room: ReturnType<typeof keeping>) =>
    [...room.ledger.rows.entriesOf(['alarm.raised', 'alarm.cleared', 'steward.started'], 0)]
      .map(({ body }) => readBody(body))
      .map(({ event, facts }) =>
        event === 'steward.started' ? event : `${event} ${(facts as { subject: string }).subject}`,
      );

  it('is neither lost nor doubled by a ledger that is blocked, however much it is, nor by a kill meanwhile', async () => {
    const room = keeping();
    const first = room.create();
    first.enter(raised(0));
    await first.round();
    expect(told(room)).toEqual(['alarm.raised 0']);
    room.db.pragma('query_only = true');
    first.enter(raised(1));
    await first.round();
    expect(room.failures).not.toEqual([]);
    for (let n = 2; n < 1500; n++) first.enter(raised(n));
    await first.round();
    expect(await first.settled()).toBe(true);
    // Killed: of the first one there is nothing left but its files.
    room.db.pragma('query_only = false');
    const second = room.create();
    second.enter({ event: 'steward.started', facts: { pid: 2 }, actor: 'process:steward' });
    await second.round();
    const all = Array.from({ length: 1500 }, (_, n) => `alarm.raised ${n}`);
    expect(told(room)).toEqual([...all, 'steward.started']);
    expect(room.left('steward')).toEqual([]);
  });

  it('is entered in its order when the ledger can be written again: no end before its beginning', async () => {
    const room = keeping();
    const keeper = room.create();
    await keeper.round();
    room.db.pragma('query_only = true');
    keeper.enter(raised(1));
    await keeper.round();
    keeper.enter(raised(2));
    room.db.pragma('query_only = false');
    await vi.waitFor(
      async () => {
        await keeper.round();
        expect(room.left('steward')).toEqual([]);
        expect(told(room)).toContain('alarm.raised 2');
      },
      { interval: 5 },
    );
    keeper.enter({ ...raised(1), event: 'alarm.cleared' });
    // It may have gone behind the others into the spool, whose disk takes its time.
    await vi.waitFor(
      async () => {
        await keeper.round();
        expect(told(room)).toHaveLength(3);
      },
      { interval: 5 },
    );
    expect(told(room)).toEqual(['alarm.raised 1', 'alarm.raised 2', 'alarm.cleared 1']);
  });

  it('is entered once, also where the commit failed and took effect all the same', async () => {
    const room = keeping();
    const { write } = room.ledger;
    let isBroken = true;
    Object.assign(room.ledger, {
      write: (work: Parameters<typeof write>[0]) => {
        const done = write(work);
        if (!isBroken) return done;
        isBroken = false;
        throw Object.assign(new Error('lost'), { code: 'SQLITE_IOERR' });
      },
    });
    const keeper = room.create();
    keeper.enter(raised(1));
    await keeper.round();
    expect(await keeper.settled()).toBe(true);
    await keeper.round();
    expect(told(room)).toEqual(['alarm.raised 1']);
    expect(room.left('steward')).toEqual([]);
  });

  it('waits in the spool while the ledger contradicts what somebody has seen', async () => {
    const room = keeping();
    const keeper = room.create();
    await keeper.round();
    const entries = room.ledger.rows.size();
    keeper.incident('witness', { kind: 'smaller', seen: 9, found: 1 });
    keeper.enter(raised(1));
    await keeper.round();
    expect(await keeper.settled()).toBe(true);
    expect(room.left('steward')).toHaveLength(1);
    expect(room.ledger.rows.size()).toBe(entries);
  });
});

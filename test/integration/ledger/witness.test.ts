import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createAnchoring } from '../../../src/ledger/anchoring.ts';
import { parseCheckpoint, type SignedCheckpoint, signCheckpoint } from '../../../src/ledger/checkpoint.ts';
import { cosignatureLine, NOTE_KEY, verifierKey } from '../../../src/ledger/note.ts';
import type { Divergence } from '../../../src/ledger/second-place.ts';
import { keyOfSeed } from '../../../src/ledger/signing-key.ts';
import { consistencyPath, rootOf } from '../../../src/ledger/tree.ts';
import { createWitness, submissionOf, type Witness } from '../../../src/ledger/witness.ts';
import { createWitnessClient } from '../../../src/ledger/witness-client.ts';
import { serveWitness, type WitnessServer } from '../../../src/ledger/witness-server.ts';
import { createAlarms } from '../../../src/stewardship/alarms.ts';
import { started } from '../../support/ledger/entries.ts';
import { beginLedger, scratchFolder } from '../../support/ledger/scratch.ts';
import { createManualClock } from '../../support/manual-clock.ts';

const own = keyOfSeed(Buffer.alloc(32, 42));
const key = verifierKey('girok-witness.invalid/test', NOTE_KEY.witness, own.publicKey);
const PORT = 0;

let room: ReturnType<typeof beginLedger>;
let clock: ReturnType<typeof createManualClock>;
let folder: string;
let witness: Witness;
beforeEach(() => {
  clock = createManualClock();
  room = beginLedger({ clock });
  folder = join(scratchFolder(), 'logs');
  witness = remembering();
});
const servers: WitnessServer[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});

/** A witness with the same memory, as after a restart. */
const remembering = () =>
  createWitness({ folder, logs: [room.identity.key], key, privateKey: own.privateKey, clock });
const grow = (count: number): SignedCheckpoint => {
  room.append(...Array.from({ length: count }, (_, n) => started(n)));
  return room.checkpoints.make()!;
};
const submission = (old: number, checkpoint: SignedCheckpoint) =>
  submissionOf(old, consistencyPath(old, checkpoint.size, room.ledger.rows), checkpoint.note);
/** Signed by the log's own key, as its owner could. */
const forged = (size: number, byte = 7) =>
  parseCheckpoint(
    signCheckpoint(
      { origin: room.identity.origin, size, root: Buffer.alloc(32, byte) },
      room.identity.key,
      room.identity.signing.privateKey,
    ),
  )!;

describe('a witness', () => {
  it('signs for what contains all that it has seen, also after a restart', async () => {
    const first = grow(3);
    const answer = await witness.addCheckpoint(submission(0, first));
    expect(answer.status).toBe(200);
    const atS = Math.floor(clock.utcUs() / 1e6);
    expect(answer.body).toBe(`${cosignatureLine(first.signed.text, key, own.privateKey, atS)}\n`);
    witness = remembering();
    expect((await witness.addCheckpoint(submission(4, grow(5)))).status).toBe(200);
    expect((await witness.latest(room.identity.origin))?.size).toBe(9);
  });

  it('signs again for what it knows, which shows that the log is alive', async () => {
    const one = grow(2);
    await witness.addCheckpoint(submission(0, one));
    expect((await witness.addCheckpoint(submission(3, one))).status).toBe(200);
  });

  it.each<[string, number, () => string]>([
    ['nonsense', 400, () => 'old'],
    ['a proof that is too long', 400, () => submissionOf(0, Array(64).fill(Buffer.alloc(32)), grow(1).note)],
    ['an old size above the new one', 400, () => submission(0, grow(1)).replace('old 0', 'old 99')],
    ['a log that it does not know', 404, () => submission(0, grow(1)).replace(room.identity.origin, 'x')],
    [
      'a signature of somebody else',
      403,
      () => {
        const { text } = grow(1).signed;
        return `old 0\n\n${text}\n${cosignatureLine(text, key, own.privateKey, 1)}\n`;
      },
    ],
    ['another beginning than it knows', 409, () => submission(2, grow(3))],
  ])('refuses %s', async (_what, status, body) => {
    expect((await witness.addCheckpoint(body())).status).toBe(status);
    expect(await witness.latest(room.identity.origin)).toBeUndefined();
  });

  it('refuses every one of 1,000 forks and rollbacks, a hundred at a time, and forgets nothing meanwhile', async () => {
    const early = grow(20);
    const late = grow(30);
    await witness.addCheckpoint(submission(0, early));
    await witness.addCheckpoint(submission(early.size, late));
    const attempt = (n: number): string => {
      const size = 1 + (n % 80);
      switch (n % 5) {
        case 0: // Rolled back, honestly told.
          return submission(0, early);
        case 1: // Rolled back, as if it followed.
          return submissionOf(late.size, [], early.note);
        case 2: // Another history of the same length.
          return submissionOf(late.size, [], forged(late.size, n % 251).note);
        case 3: // A longer one that does not contain what was seen.
          return submissionOf(late.size, [Buffer.alloc(32, n % 251)], forged(late.size + size).note);
        default: // A shorter one.
          return submissionOf(Math.min(size, late.size), [], forged(size).note);
      }
    };
    const statuses = new Map<number, number>();
    for (let done = 0; done < 1000; done += 100) {
      const answers = await Promise.all(
        Array.from({ length: 100 }, (_, n) => witness.addCheckpoint(attempt(done + n))),
      );
      for (const { status } of answers) statuses.set(status, (statuses.get(status) ?? 0) + 1);
    }
    expect(statuses.get(200)).toBeUndefined();
    expect([...statuses.values()].reduce((a, b) => a + b)).toBe(1000);
    expect((await witness.latest(room.identity.origin))?.note).toBe(late.note);
  });

  it('lets one of a hundred that race win, and is never taken back by the others', async () => {
    const checkpoints = Array.from({ length: 100 }, () => grow(1));
    const answers = await Promise.all(checkpoints.map((one) => witness.addCheckpoint(submission(0, one))));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 409)).toHaveLength(99);
  });
});

describe('anchoring', () => {
  const anchoring = (url: string) => {
    const contradictions: Divergence[] = [];
    const failures: unknown[] = [];
    const alarms = createAlarms({ clock, listener: { raised: () => undefined, cleared: () => undefined } });
    const made = createAnchoring({
      witness: createWitnessClient({ url, key }),
      checkpoints: room.checkpoints,
      rows: room.ledger.rows,
      log: room.identity.key,
      clock,
      alarms,
      contradicted: async (divergence) => void contradictions.push(divergence),
      failed: (error) => void failures.push(error),
    });
    const pass = async (ms: number) => {
      await clock.run(ms, ms);
      await made.round();
      expect(failures).toEqual([]);
    };
    return { alarms, contradictions, pass };
  };
  const serve = async (port = PORT) => {
    const server = await serveWitness(witness, { host: '127.0.0.1', port, failed: () => undefined });
    servers.push(server);
    return server;
  };

  it('brings checkpoints to the witness and keeps its signature beside ours', async () => {
    const server = await serve();
    const { pass } = anchoring(`http://127.0.0.1:${server.port}`);
    for (const count of [3, 4]) {
      grow(count);
      await pass(30_000);
      expect(room.checkpoints.last()?.signed.signatures.map(({ name }) => name)).toEqual([
        room.identity.origin,
        key.name,
      ]);
    }
    expect((await witness.latest(room.identity.origin))?.size).toBe(8);
  });

  it('raises an alarm while the witness is away for three days, and catches up when it is back', async () => {
    const { port } = await serve();
    await servers.pop()!.close();
    const { alarms, pass } = anchoring(`http://127.0.0.1:${port}`);
    grow(1);
    await pass(60_000);
    expect(alarms.standing()).toEqual([]);
    for (let hour = 0; hour < 72; hour++) {
      if (hour % 12 === 0) grow(2);
      await pass(3_600_000);
      expect(alarms.standing()).toMatchObject([
        { code: 'witness_silent', facts: { reason: 'ECONNREFUSED' } },
      ]);
    }
    await serve(port);
    await pass(30_000);
    expect(alarms.standing()).toEqual([]);
    expect((await witness.latest(room.identity.origin))?.size).toBe(room.ledger.rows.size());
  });

  it('is told when the witness has seen more than the ledger has: an old copy was put in its place', async () => {
    const server = await serve();
    grow(5);
    await anchoring(`http://127.0.0.1:${server.port}`).pass(30_000);
    const before = room;
    // The same log, as it was earlier: another history from here on.
    room.db.exec('drop trigger ledger_entry_remains; drop trigger ledger_hash_remains');
    room.db.exec('delete from ledger_checkpoint; delete from ledger_entry where seq > 0');
    room.db.exec('delete from ledger_hash where not (level = 0 and number = 0)');
    grow(1);
    const { contradictions, alarms, pass } = anchoring(`http://127.0.0.1:${server.port}`);
    await pass(30_000);
    expect(contradictions).toEqual([{ kind: 'smaller', seen: 6, found: 2 }]);
    grow(9);
    await pass(30_000);
    expect(contradictions.at(-1)).toEqual({ kind: 'different', seen: 6, found: 11 });
    expect(alarms.standing()).toEqual([]);
    expect(rootOf(1, before.ledger.rows)).toBeDefined();
  });
});

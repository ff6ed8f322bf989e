import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { lastCertificate } from '../../../src/ledger/certificates.ts';
import type { NewEntry } from '../../../src/ledger/entry.ts';
import { type Heartbeat, parseHeartbeat, signHeartbeat } from '../../../src/ledger/heartbeat.ts';
import { NOTE_KEY, verifierKey } from '../../../src/ledger/note.ts';
import { keyOfSeed } from '../../../src/ledger/signing-key.ts';
import { consistencyPath } from '../../../src/ledger/tree.ts';
import { createWitness, submissionOf, type Witness } from '../../../src/ledger/witness.ts';
import { createWitnessClient } from '../../../src/ledger/witness-client.ts';
import { serveWitness, type WitnessServer } from '../../../src/ledger/witness-server.ts';
import { createWitnessWatch } from '../../../src/ledger/witness-watch.ts';
import { isoFromUs } from '../../../src/lib/clock.ts';
import { started } from '../../support/ledger/entries.ts';
import { beginLedger, scratchFolder } from '../../support/ledger/scratch.ts';
import { createManualClock } from '../../support/manual-clock.ts';

const own = keyOfSeed(Buffer.alloc(32, 42));
const key = verifierKey('girok-witness.invalid/test', NOTE_KEY.witness, own.publicKey);
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const STEP_MS = 10 * MINUTE_MS;

let clock: ReturnType<typeof createManualClock>;
let room: ReturnType<typeof beginLedger>;
let folder: string;
let witness: Witness;
let watch: ReturnType<typeof createWitnessWatch>;
const servers: WitnessServer[] = [];
beforeEach(() => {
  clock = createManualClock();
  room = beginLedger({ clock });
  folder = join(scratchFolder(), 'logs');
  start();
});
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});

/** A witness with the same memory, as after a restart. */
function start() {
  const logs = [room.identity.key];
  witness = createWitness({ folder, logs, key, privateKey: own.privateKey, clock });
  watch = createWitnessWatch({ witness, logs, clock });
}

const heartbeat = (changes: Partial<Heartbeat> = {}): string => {
  const certificate = lastCertificate(room.ledger.rows);
  return signHeartbeat(
    {
      origin: room.identity.origin,
      atUs: clock.utcUs(),
      serious: 0,
      ...(certificate && { certificate }),
      ...changes,
    },
    room.identity.key,
    room.identity.signing.privateKey,
  );
};
const certify = () => {
  const at = isoFromUs(clock.utcUs());
  const facts = {
    run: `run-${clock.utcUs()}`,
    startedAt: at,
    finishedAt: at,
    state: 'complete',
    epoch: 1,
    days: [],
    failures: [],
    deferred: [],
  };
  room.append({ event: 'erase.done', facts, actor: 'process:purge' } as NewEntry);
};
async function submit() {
  room.append(started(1));
  const before = (await witness.latest(room.identity.origin))?.size ?? 0;
  const made = room.checkpoints.make();
  if (!made) throw new Error('nothing to sign');
  const path = consistencyPath(before, made.size, room.ledger.rows);
  expect((await witness.addCheckpoint(submissionOf(before, path, made.note))).status).toBe(200);
}

/** What a steward does, and what the witness's person hears meanwhile. */
async function pass(ms: number, { alive = true, purging = true } = {}): Promise<string[]> {
  const heard: string[] = [];
  for (let done = 0; done < ms; done += STEP_MS) {
    if (purging && done % (24 * HOUR_MS) === 0) certify();
    if (alive) {
      await submit();
      expect(await witness.addHeartbeat(heartbeat())).toBe(200);
    }
    clock.advance(STEP_MS);
    for (const { kind, state } of await watch.look()) heard.push(`${state} ${kind}`);
  }
  return heard;
}

describe('the dead-man’s switch', () => {
  it('says nothing while all is well, also over restarts of the witness', async () => {
    expect(await pass(27 * HOUR_MS)).toEqual([]);
    start();
    expect(await pass(27 * HOUR_MS)).toEqual([]);
  });

  it('notices within 15 minutes that the steward was ended, again each day, and that it is back', async () => {
    await pass(HOUR_MS);
    clock.advance(15 * MINUTE_MS - STEP_MS);
    expect(await watch.look()).toEqual([]);
    clock.advance(MINUTE_MS);
    expect(await watch.look()).toMatchObject([{ kind: 'silent', state: 'begun', last: { serious: 0 } }]);
    expect(await pass(25 * HOUR_MS, { alive: false, purging: false })).toEqual([
      'again silent',
      'begun uncertified',
    ]);
    expect(await pass(HOUR_MS)).toEqual(['over silent', 'over uncertified']);
  });

  it('notices after 26 hours that the purge was ended, although everything else goes on', async () => {
    await pass(HOUR_MS);
    expect(await pass(25 * HOUR_MS, { purging: false })).toEqual([]);
    expect(await pass(STEP_MS, { purging: false })).toEqual(['begun uncertified']);
    // Starting the witness anew makes nobody wait another day.
    start();
    expect(await pass(STEP_MS, { purging: false })).toEqual(['begun uncertified']);
    expect(await pass(STEP_MS)).toEqual(['over uncertified']);
  });

  it('waits 26 hours for the first certificate of a site, and for one that sends no heartbeats', async () => {
    expect(await pass(26 * HOUR_MS, { purging: false })).toEqual([]);
    expect(await pass(STEP_MS, { purging: false })).toEqual(['begun uncertified']);
    clock = createManualClock();
    room = beginLedger({ clock });
    start();
    const heard: string[] = [];
    for (let n = 0; n < 27 * 6; n++) {
      await submit();
      clock.advance(STEP_MS);
      for (const { kind } of await watch.look()) heard.push(kind);
    }
    expect(heard).toEqual(['uncertified']);
  });

  it('is not put off by a clock of the site that is ahead, nor by heartbeats that somebody sends again', async () => {
    await pass(STEP_MS);
    const ahead = { run: 'r-ahead', atUs: clock.utcUs() + 365 * 24 * HOUR_MS * 1000 };
    const old = heartbeat();
    let told = 0;
    for (let n = 0; n < 27 * 6; n++) {
      await submit();
      await witness.addHeartbeat(heartbeat({ certificate: ahead }));
      clock.advance(STEP_MS);
      told += (await watch.look()).length;
    }
    expect(told).toBe(1);
    await witness.addHeartbeat(old);
    expect(await watch.look()).toEqual([]);
  });

  it('is not put off by checkpoints and heartbeats that somebody has kept and sends again', async () => {
    const checkpoints: string[] = [];
    const heartbeats: string[] = [];
    for (let n = 0; n < 12; n++) {
      room.append(started(n));
      const before = (await witness.latest(room.identity.origin))?.size ?? 0;
      const made = room.checkpoints.make()!;
      const path = consistencyPath(before, made.size, room.ledger.rows);
      checkpoints.push(submissionOf(before, path, made.note), submissionOf(made.size, [], made.note));
      heartbeats.push(heartbeat());
      expect((await witness.addCheckpoint(checkpoints.at(-2)!)).status).toBe(200);
      expect(await witness.addHeartbeat(heartbeats.at(-1)!)).toBe(200);
      clock.advance(MINUTE_MS);
    }
    const kept = await witness.lastHeartbeat(room.identity.origin);
    const told: string[] = [];
    for (let n = 0; n < 30; n++) {
      await witness.addCheckpoint(checkpoints[n % checkpoints.length]!);
      await witness.addHeartbeat(heartbeats[n % heartbeats.length]!);
      expect((await witness.addCheckpoint(checkpoints.at(-1)!)).status).toBe(200);
      clock.advance(MINUTE_MS);
      for (const { kind, state } of await watch.look()) told.push(`${state} ${kind}`);
      // A witness that was begun anew has its memory.
      if (n === 2) start();
    }
    expect(told).toEqual(['begun silent']);
    expect(await witness.lastHeartbeat(room.identity.origin)).toEqual(kept);
    expect(await witness.addHeartbeat(heartbeat())).toBe(200);
    expect((await watch.look()).map(({ state }) => state)).toEqual(['over']);
  });

  it('hears a site with a quiet ledger, and one whose clock was years ahead, by its heartbeats alone', async () => {
    const day = 24 * HOUR_MS * 1000;
    certify();
    const ahead: string[] = [];
    const pulse = async (aheadUs: number) => {
      const note = heartbeat({ atUs: clock.utcUs() + aheadUs });
      if (aheadUs > 0) ahead.push(note);
      expect(await witness.addHeartbeat(note)).toBe(200);
      clock.advance(STEP_MS);
      expect(await watch.look()).toEqual([]);
    };
    for (const aheadUs of [0, 0, 500 * day, 500 * day, 500 * day, 0, 0, 0]) await pulse(aheadUs);
    // Whoever has kept those of the wrong clock gains nothing by them.
    for (const note of ahead) await witness.addHeartbeat(note);
    clock.advance(STEP_MS);
    expect(await watch.look()).toMatchObject([{ kind: 'silent', state: 'begun' }]);
  });

  it('does not begin anew when its memory was damaged', async () => {
    await pass(STEP_MS);
    const { createHash } = await import('node:crypto');
    const file = join(folder, `${createHash('sha256').update(room.identity.origin).digest('hex')}.heartbeat`);
    expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ serious: 0 });
    writeFileSync(file, '{');
    await expect(watch.look()).rejects.toMatchObject({ code: 'ledger_damaged' });
  });
});

describe('a heartbeat', () => {
  it('comes over HTTP', async () => {
    const server = await serveWitness(witness, { host: '127.0.0.1', port: 0, failed: () => undefined });
    servers.push(server);
    const client = createWitnessClient({ url: `http://127.0.0.1:${server.port}`, key });
    certify();
    expect(await client.heartbeat(heartbeat({ serious: 3 }))).toBe(200);
    expect(await witness.lastHeartbeat(room.identity.origin)).toMatchObject({
      serious: 3,
      certifiedUs: clock.utcUs(),
    });
    expect(await client.heartbeat('x'.repeat(70_000))).toBe(413);
    await servers.pop()?.close();
    expect(await client.heartbeat(heartbeat())).toBeUndefined();
  });

  it('of another log, another hand or another shape is refused, every changed letter of it', async () => {
    const note = heartbeat({ serious: 1 });
    expect(await witness.addHeartbeat(note.replaceAll(room.identity.origin, 'girok.invalid/other/1'))).toBe(
      404,
    );
    for (let at = 0; at < note.length; at++) {
      const changed = `${note.slice(0, at)}${note[at] === '1' ? '2' : '1'}${note.slice(at + 1)}`;
      expect([400, 403, 404]).toContain(await witness.addHeartbeat(changed));
    }
    const other = keyOfSeed(Buffer.alloc(32, 7));
    const forged = signHeartbeat(
      { origin: room.identity.origin, atUs: clock.utcUs(), serious: 0 },
      room.identity.key,
      other.privateKey,
    );
    expect(await witness.addHeartbeat(forged)).toBe(403);
    expect(await witness.lastHeartbeat(room.identity.origin)).toBeUndefined();
  });

  it('is never a checkpoint, nor a checkpoint a heartbeat', async () => {
    expect((await witness.addCheckpoint(`old 0\n\n${heartbeat()}`)).status).toBe(400);
    room.append(started(1));
    expect(parseHeartbeat(room.checkpoints.make()?.note ?? '')).toBeUndefined();
  });
});

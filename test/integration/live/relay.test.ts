import { readlinkSync } from 'node:fs';
import { request } from 'node:http';
import { connect } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../../src/lib/clock.ts';
import { newId } from '../../../src/lib/ids.ts';
import { createRelay, type RunningRelay } from '../../../src/live/relay-process.ts';
import { FLV_VIDEO_HEADER, writeFlvTag } from '../../../src/media/flv.ts';
import { listeningOf, spokenOf } from '../../support/live/listening.ts';
import { childrenOf } from '../../support/recorder-process.ts';

const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});
const never = new AbortController().signal;
const name = () => newId(systemClock.utcUs());
const relays = () => childrenOf(process.pid).filter(({ command }) => command.includes('main/relay'));

async function startRelay() {
  const said: string[] = [];
  const note = (event: string, facts?: object) => void said.push(`${event} ${JSON.stringify(facts)}`);
  const relay = createRelay({
    clock: systemClock,
    random: Math.random,
    log: { info: note, warn: note, error: note },
  });
  ends.push(() => relay.stop());
  const hold = relay.hold();
  return { relay, hold, said, running: await hold.ready(never) };
}

/** One request; `body` for an answer that has no end is what came within 300 ms. */
function ask(url: string, { method = 'GET', headers = {}, body = [] as readonly Buffer[] } = {}) {
  return new Promise<{ status: number; body: Buffer }>((resolve, reject) => {
    const asked = request(url, { method, headers, agent: false }, (answer) => {
      const parts: Buffer[] = [];
      const done = () => {
        asked.destroy();
        resolve({ status: answer.statusCode ?? 0, body: Buffer.concat(parts) });
      };
      answer.on('data', (part: Buffer) => parts.push(part));
      answer.on('end', done);
      answer.on('error', done);
      setTimeout(done, 300);
    });
    asked.on('error', reject);
    for (const part of body) asked.write(part);
    asked.end();
  });
}

/** Raw bytes to the relay's port. @returns the first line of the answer, empty where it only hangs up */
const speak = (running: RunningRelay, text: string) =>
  new Promise<string>((resolve) => {
    const socket = connect(Number(new URL(running.url(name())).port), '127.0.0.1', () => socket.write(text));
    let said = '';
    socket.setEncoding('latin1').on('data', (part: string) => {
      said += part;
      socket.destroy();
    });
    socket.on('error', () => undefined);
    socket.on('close', () => resolve(said.split('\r\n')[0] ?? ''));
  });

describe('the relay', () => {
  it('listens on loopback alone, and its secret is nowhere to be read', async () => {
    const { running, said, relay } = await startRelay();
    expect(relay.pid).toBe(running.pid);
    const url = new URL(running.url(name()));
    expect(listeningOf(running.pid)).toEqual([`127.0.0.1:${url.port}`]);
    expect(url.hostname).toBe('127.0.0.1');
    expect(spokenOf(running.pid)).toMatch(/main\/relay\.ts\0\n[^\0]*NODE_ENV=production/);
    expect(spokenOf(running.pid)).not.toMatch(/[0-9a-f]{32}/);
    expect(said.join('\n')).not.toMatch(/[0-9a-f]{32}|sign/);
    // Its words go nowhere.
    expect(readlinkSync(`/proc/${running.pid}/fd/1`)).toBe('/dev/null');
  });

  it('hands on what is published, and nothing to whom we did not send', async () => {
    const { running } = await startRelay();
    const stream = name();
    const key = { kind: 'video', timestampMs: 0, keyFrame: true, config: false } as const;
    const tag = writeFlvTag({ ...key, body: Buffer.from([0x17, 1, 0, 0, 0, 42, 43, 44]) }, 7);
    const reading = ask(running.url(stream));
    // What is published is never answered.
    ask(running.url(stream), { method: 'POST', body: [FLV_VIDEO_HEADER, tag] }).catch(() => undefined);
    const { status, body } = await reading;
    expect(status).toBe(200);
    expect(body.includes(tag)).toBe(true);
    const unsigned = running.url(stream).replace(/\?.*/, '');
    for (const method of ['GET', 'POST', 'HEAD', 'PUT', 'OPTIONS'])
      expect((await ask(unsigned, { method })).status, method).toBe(403);
  });

  it('refuses every other address, method and protocol, and lives on', async () => {
    const { running } = await startRelay();
    const good = new URL(running.url(name()));
    const path = good.pathname + good.search;
    const refused = [
      '/',
      '/admin/',
      '/api/v1/health',
      '/api/v1/login',
      good.pathname,
      `${good.pathname}?sign=`,
      `${good.pathname}?sign=a&sign=b`,
      `${path}&sign=1-2`,
      `${path}&x=y`,
      `/live/..%2f${path.slice(6)}`,
      path.replace('live', 'other'),
    ];
    for (const other of refused) expect((await ask(`${good.origin}${other}`)).status, other).toBe(403);
    expect((await ask(good.href, { method: 'DELETE' })).status).toBe(403);
    // A page in a browser on this machine says where it is from.
    expect((await ask(good.href, { headers: { origin: 'https://example.com' } })).status).toBe(403);
    for (const target of [path, '/', '/live', '/live/a b', '//x', '/%'])
      expect(
        await speak(
          running,
          `GET ${target} HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n`,
        ),
        target,
      ).not.toMatch(/ 101 /);
    await speak(running, `\x03${'\0'.repeat(1536)}`);
    await speak(running, 'GET /live/x HTTP/9.9\r\n\r\n');
    expect((await ask(running.url(name()))).status).toBe(200);
    expect(running.ended.aborted).toBe(false);
  });

  it('is started again when it dies, with a secret that makes the old addresses worthless', async () => {
    const { running, hold, said } = await startRelay();
    const old = new URL(running.url(name()));
    process.kill(running.pid, 'SIGKILL');
    await expect.poll(() => running.ended.aborted).toBe(true);
    const next = await hold.ready(never);
    expect(next.pid).not.toBe(running.pid);
    const port = new URL(next.url(name())).port;
    expect((await ask(`http://127.0.0.1:${port}${old.pathname}${old.search}`)).status).toBe(403);
    expect(said.filter((line) => line.startsWith('relay.ended'))).toHaveLength(1);
  });

  it('runs only while somebody holds it', async () => {
    const { relay, hold, running } = await startRelay();
    const other = relay.hold();
    hold.release();
    hold.release();
    expect((await other.ready(never)).pid).toBe(running.pid);
    other.release();
    await expect.poll(relays, { timeout: 5000 }).toEqual([]);
    expect(relay.pid).toBeUndefined();
    const again = relay.hold();
    expect((await again.ready(never)).pid).not.toBe(running.pid);
    again.release();
  });

  it('lets go of who waits for it and gives up', async () => {
    const relay = createRelay({
      clock: systemClock,
      random: Math.random,
      log: { info() {}, warn() {}, error() {} },
    });
    const hold = relay.hold();
    const giveUp = new AbortController();
    const waiting = hold.ready(giveUp.signal);
    giveUp.abort(new Error('left'));
    await expect(waiting).rejects.toThrow('left');
    await relay.stop();
    expect(relays()).toEqual([]);
  });
});

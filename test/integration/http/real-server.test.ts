import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { command } from '../../../src/http/route.ts';
import { stopServing } from '../../../src/http/stopping.ts';
import { systemClock } from '../../../src/lib/clock.ts';
import { allRoutes } from '../../support/http/all-routes.ts';
import {
  CERTIFICATE,
  cookieOf,
  IN_CLEAR,
  listening,
  type Served,
  served,
  sessionOf,
} from '../../support/http/served.ts';

/** What only a server that listens shows: bytes that are no request, slow ones, and its end. */

let site: Served;
let port = 0;
let url = '';
beforeAll(async () => {
  site = await served(
    [
      ...allRoutes(),
      command({
        method: 'POST',
        path: '/test/slow',
        access: 'public',
        summary: 'Takes its time.',
        body: z.strictObject({ ms: z.int() }),
        handle: ({ body }) => new Promise((resolve) => systemClock.after(body.ms, resolve)),
      }),
    ],
    { listening: IN_CLEAR },
  );
  site.sessions.set('guard', sessionOf('security'));
  ({ port, url } = await listening(site.app));
});
afterAll(() => site.app.close());

async function open(): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  // What the server hangs up on is not this side's fault.
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  return socket;
}

/** All that comes back until the server hangs up. */
async function answerTo(bytes: string | Buffer): Promise<string> {
  const socket = await open();
  const chunks: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => chunks.push(chunk));
  const ended = once(socket, 'close');
  socket.write(bytes);
  await ended;
  return Buffer.concat(chunks).toString('latin1');
}

describe('bytes that are no request', () => {
  const get = (more: string, target = '/healthz') =>
    `GET ${target} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n${more}\r\n`;
  it.each<[string, string, RegExp]>([
    ['nonsense', 'hello\r\n\r\n', /^HTTP\/1\.1 400 /],
    ['TLS to a server in clear', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03', /^HTTP\/1\.1 400 /],
    ['another protocol', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', /^HTTP\/1\.1 (400|505) /],
    ['a method that is none', 'G\x00T / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n', /^HTTP\/1\.1 400 /],
    [
      'a head without end',
      `GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`,
      /^HTTP\/1\.1 413 /,
    ],
    ['an endless address', get('', `/${'x'.repeat(20_000)}`), /^HTTP\/1\.1 413 /],
    [
      'two lengths',
      'POST /test/slow HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}',
      /^HTTP\/1\.1 400 /,
    ],
    [
      'a length and pieces',
      'POST /test/slow HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /healthz HTTP/1.1\r\n\r\n',
      /^HTTP\/1\.1 400 /,
    ],
    [
      'a bad piece',
      'POST /test/slow HTTP/1.1\r\nHost: 127.0.0.1\r\nOrigin: http://127.0.0.1\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n',
      /^HTTP\/1\.1 400 /,
    ],
    ['a folded head', get('X: a\r\n b\r\n'), /^HTTP\/1\.1 400 /],
    ['no host', 'GET /healthz HTTP/1.1\r\nConnection: close\r\n\r\n', /^HTTP\/1\.1 421 /],
    ['two hosts', get('Host: evil.example\r\n'), /^HTTP\/1\.1 (400|421) /],
    ['a whole address of another host', get('', 'http://evil.example/healthz'), /^HTTP\/1\.1 4\d\d /],
    [
      'an asterisk',
      'OPTIONS * HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n',
      /^HTTP\/1\.1 4\d\d /,
    ],
    [
      'a way to somewhere else',
      'CONNECT evil.example:443 HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n',
      /^(HTTP\/1\.1 4\d\d |$)/,
    ],
    ['a byte that is no text', get('', '/\xff\xfe'), /^HTTP\/1\.1 4\d\d /],
    ['a percent and nothing', get('', '/api/%'), /^HTTP\/1\.1 4\d\d /],
    [
      'an upgrade to what is not spoken',
      get('Upgrade: h2c\r\nConnection: Upgrade\r\n'),
      /^HTTP\/1\.1 4\d\d /,
    ],
  ])('get a refusal of 4xx, in words: %s', async (_what, bytes, expected) => {
    const answer = await answerTo(Buffer.from(bytes, 'latin1'));
    expect(answer).toMatch(expected);
    if (answer !== '') {
      const { error, message } = JSON.parse(
        Buffer.from(answer.slice(answer.indexOf('\r\n\r\n') + 4), 'latin1').toString('utf8'),
      );
      expect(error).toMatch(/^request_/);
      expect(message).toMatch(/[가-힣]/);
      expect(answer.toLowerCase()).toContain('cache-control: no-store');
    }
  });
});

describe('slow clients', () => {
  it('five hundred of them keep nobody waiting, and are hung up on', async () => {
    const sockets = await Promise.all(Array.from({ length: 500 }, open));
    const closed = Promise.all(sockets.map((socket) => once(socket, 'close')));
    const answers: string[] = [];
    for (const [at, socket] of sockets.entries()) {
      socket.on('data', (chunk) => answers.push(chunk.toString('latin1')));
      // Half a head, or a head whose body never comes.
      socket.write(
        at % 2 === 0
          ? 'GET /healthz HTTP/1.1\r\nHost: 127.0'
          : 'POST /test/slow HTTP/1.1\r\nHost: 127.0.0.1\r\nOrigin: http://127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{',
      );
    }
    const took: number[] = [];
    for (let at = 0; at < 100; at++) {
      const begun = systemClock.monoUs();
      const answer = await fetch(`${url}/api/alarms`, { headers: cookieOf('guard') });
      expect(answer.status).toBe(200);
      await answer.arrayBuffer();
      took.push((systemClock.monoUs() - begun) / 1000);
    }
    expect(took.sort((a, b) => a - b)[94]).toBeLessThan(200);
    await closed;
    expect(answers.filter((text) => /^HTTP\/1\.1 408 /.test(text)).length).toBeGreaterThan(400);
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
  }, 60_000);
});

describe('the end', () => {
  it('lets what is under way be answered, and takes nothing new', async () => {
    const own = await served(
      [
        command({
          method: 'POST',
          path: '/test/slow',
          access: 'public',
          summary: 'Takes its time.',
          handle: () => new Promise((resolve) => systemClock.after(300, resolve)),
        }),
      ],
      { listening: IN_CLEAR },
    );
    const at = await listening(own.app);
    const headers = { origin: at.url, 'content-type': 'application/json' };
    const underWay = fetch(`${at.url}/test/slow`, { method: 'POST', headers, body: '{}' });
    await once(own.app.server, 'request');
    await stopServing(own.app, systemClock);
    expect((await underWay).status).toBe(204);
    await expect(fetch(`${at.url}/test/slow`)).rejects.toThrow();
  });
});

describe('TLS', () => {
  it('is spoken with the configured certificate, and nothing older than 1.2 or in clear is answered', async () => {
    const secure = await served(allRoutes(), { listening: { tls: CERTIFICATE, secure: true, proxies: [] } });
    const { port } = await listening(secure.app);
    try {
      const socket = connectTls({ port, host: '127.0.0.1', ca: CERTIFICATE.cert, servername: '' });
      await once(socket, 'secureConnect');
      expect(socket.authorized).toBe(true);
      const chunks: Buffer[] = [];
      socket.on('data', (chunk: Buffer) => chunks.push(chunk));
      socket.write('GET /api/alarms HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n');
      await once(socket, 'close');
      const answer = Buffer.concat(chunks).toString('utf8').toLowerCase();
      expect(answer).toMatch(/^http\/1\.1 401 /);
      expect(answer).toContain('strict-transport-security: max-age=31536000');

      const old = connectTls({
        port,
        host: '127.0.0.1',
        rejectUnauthorized: false,
        minVersion: 'TLSv1',
        maxVersion: 'TLSv1.1',
      });
      await expect(once(old, 'secureConnect')).rejects.toThrow();
      await expect(fetch(`http://127.0.0.1:${port}/healthz`)).rejects.toThrow();
    } finally {
      await secure.app.close();
    }
  });
});

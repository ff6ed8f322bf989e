import { createHmac } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { createSecrets } from '../../../src/config/secrets.ts';
import { sentencesIn } from '../../../src/i18n/sentences.ts';
import { createWebhookChannel } from '../../../src/stewardship/channels.ts';
import { createWebhook } from '../../../src/stewardship/webhook.ts';
import { ALARM_SINCE_US, alarmRow } from '../../support/alarm-row.ts';
import { createManualClock } from '../../support/manual-clock.ts';

interface Asked {
  readonly path: string;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: string;
}

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.close();
    server.closeAllConnections();
  }
});

async function room(answer: { status: number; location?: string; body?: string } | 'silence') {
  const asked: Asked[] = [];
  const server = createServer(async (request, response) => {
    const parts: Buffer[] = [];
    for await (const part of request as AsyncIterable<Buffer>) parts.push(part);
    asked.push({
      path: request.url ?? '',
      headers: request.headers,
      body: Buffer.concat(parts).toString('utf8'),
    });
    if (answer === 'silence') return;
    response.writeHead(answer.status, answer.location ? { location: answer.location } : {}).end(answer.body);
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const clock = createManualClock();
  const webhook = createWebhook({
    settings: { url: `http://127.0.0.1:${port}/hook?site=1`, secret: { kind: 'env', name: 'HOOK' } },
    secrets: createSecrets({ env: { HOOK: 'key' }, uid: 0 }),
    clock,
  });
  return { asked, webhook, clock };
}

describe('a webhook', () => {
  it('gets each alarm as a document that its receiver can check', async () => {
    const { asked, webhook, clock } = await room({ status: 204 });
    const words = sentencesIn('en');
    const channel = createWebhookChannel(webhook, {
      site: 'clinic',
      wording: { site: 'Clinic', words, label: String },
      nowUs: clock.utcUs,
    });
    const alarm = alarmRow({ facts: '{"error":"SQLITE_FULL"}' });
    expect(await channel.send([{ kind: 'raised', alarm }], new AbortController().signal)).toEqual({
      ok: true,
    });
    const [{ path, headers, body } = { path: '', headers: {}, body: '' }] = asked;
    expect(path).toBe('/hook?site=1');
    const timestamp = String(headers['girok-timestamp']);
    expect(timestamp).toBe(String(Math.floor(clock.utcUs() / 1e6)));
    expect(headers['girok-signature']).toBe(
      `sha256=${createHmac('sha256', 'key').update(`${timestamp}.${body}`).digest('hex')}`,
    );
    expect(JSON.parse(body)).toEqual({
      v: 1,
      site: 'clinic',
      at: '2026-11-22T03:00:00.000Z',
      alarms: [
        {
          kind: 'raised',
          id: alarm.id,
          alarm: 'ledger_blocked',
          subject: '',
          process: 'steward',
          severity: 'serious',
          since: new Date(ALARM_SINCE_US / 1000).toISOString(),
          count: 1,
          sentence: words.alarms.ledger_blocked('', { error: 'SQLITE_FULL' }),
        },
      ],
      more: 0,
    });
  });

  it.each<[string, Parameters<typeof room>[0], string]>([
    ['sends it elsewhere', { status: 302, location: 'http://127.0.0.1:1/' }, 'HTTP 302'],
    ['refuses it', { status: 500, body: 'x'.repeat(1_000_000) }, 'HTTP 500'],
  ])('that %s has not taken it', async (_what, answer, error) => {
    const { asked, webhook } = await room(answer);
    expect(await webhook.post({})).toEqual({ ok: false, error });
    expect(asked).toHaveLength(1);
  });

  it('that says nothing is given up, at the latest when the steward ends', async () => {
    const { asked, webhook } = await room('silence');
    const ending = new AbortController();
    const posting = webhook.post({}, ending.signal);
    await expect.poll(() => asked.length).toBe(1);
    ending.abort();
    expect(await posting).toEqual({ ok: false, error: 'AbortError' });
  });

  it('that is not there is a word', async () => {
    const { webhook } = await room({ status: 200 });
    servers.pop()?.close();
    expect(await webhook.post({})).toEqual({ ok: false, error: 'ECONNREFUSED' });
  });
});

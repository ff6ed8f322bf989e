import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { COMMANDS } from '../../../src/cli/commands.ts';
import { runCli } from '../../../src/cli/run.ts';
import { vkeyOf } from '../../../src/ledger/note.ts';
import { beginLedger, scratchFolder } from '../../support/ledger/scratch.ts';
import { createManualClock } from '../../support/manual-clock.ts';
import { type SmtpServer, startSmtpServer } from '../../support/smtp-server.ts';

const MINUTE_MS = 60_000;

let server: SmtpServer;
let clock: ReturnType<typeof createManualClock>;
beforeEach(async () => {
  server = await startSmtpServer();
  clock = createManualClock();
});
afterEach(() => server.close());

/** `girok witness` in this process, with a clock that the test moves. */
function witness(notify: string) {
  const folder = scratchFolder();
  const file = join(folder, 'notify.yml');
  writeFileSync(file, notify);
  const { identity } = beginLedger({ clock });
  const ending = new AbortController();
  const said: string[] = [];
  const args = ['witness', '--lang', 'en', '--listen', '127.0.0.1:0', '--folder', folder, '--notify', file];
  const ended = runCli([...args, '--log', vkeyOf(identity.key)], {
    commands: COMMANDS,
    env: {},
    clock,
    signal: ending.signal,
    terminal: { out: (text) => void said.push(text), err: (text) => void said.push(text), live: false },
  });
  const stop = () => {
    ending.abort();
    return ended;
  };
  return { origin: identity.origin, said: () => said.join(''), stop };
}

describe('a witness that nobody speaks to', () => {
  it('writes to its own person, and again each day', async () => {
    const { origin, said, stop } = witness(
      `mail: { host: 127.0.0.1, port: ${server.port}, tls: none, from: w@b.example, to: [c@d.example] }\n`,
    );
    await expect.poll(said).toContain('The witness watches');
    await clock.run(15 * MINUTE_MS, MINUTE_MS);
    expect(server.mails).toEqual([]);
    await clock.run(MINUTE_MS, MINUTE_MS);
    await expect.poll(() => server.mails.length).toBe(1);
    expect(server.mails[0]).toMatchObject({
      subject: `[witness] ${origin}: silent for more than 15 minutes`,
      to: ['c@d.example'],
    });
    expect(said()).toContain(`${origin}: nothing was heard`);
    await clock.run(26 * 60 * MINUTE_MS, 10 * MINUTE_MS);
    await expect.poll(() => server.mails.map(({ subject }) => subject).at(-1)).toContain('no certificate');
    expect(await stop()).toBe(0);
  });

  it('is not started with a file that cannot be read, or that says something else', async () => {
    const { said, stop } = witness('sms: 1\n');
    expect(await stop()).toBe(3);
    expect(said()).toContain('"sms" is not a known key');
  });
});

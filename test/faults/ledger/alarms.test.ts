import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { canonicalJson } from '../../../src/lib/canonical-json.ts';
import { newId } from '../../../src/lib/ids.ts';
import { createStewardHome, startSteward } from '../../support/ledger/steward-home.ts';
import { type SmtpServer, startSmtpServer } from '../../support/smtp-server.ts';

const GIROK = fileURLToPath(new URL('../../../src/main/girok.ts', import.meta.url));
const MINUTE = { timeout: 60_000, interval: 100 };

let home: ReturnType<typeof createStewardHome>;
let server: SmtpServer | undefined;
beforeEach(async () => {
  home = createStewardHome();
  server = await startSmtpServer();
  notifyBy(server.port);
});
afterEach(async () => {
  home.remove();
  await server?.close();
});

function notifyBy(port: number) {
  const before = readFileSync(home.config, 'utf8').replace(/^notify:.*\n/m, '');
  home.write(
    `${before}notify: { mail: { host: 127.0.0.1, port: ${port}, tls: none, from: girok@clinic.example, to: [manager@clinic.example] } }\n`,
  );
}

/** What the recorder or the purge would leave in the spool. */
function tell(writer: 'recorder' | 'purge', event: string, facts: object) {
  const folder = join(home.storage, 'spool', writer);
  mkdirSync(folder, { recursive: true });
  const nowUs = Math.round((performance.timeOrigin + performance.now()) * 1000);
  const at = new Date(nowUs / 1000).toISOString();
  writeFileSync(join(folder, `${newId(nowUs)}.json`), canonicalJson({ v: 1, at, writer, event, facts }));
}

async function girok(...args: string[]): Promise<{ code: number; said: string }> {
  const all = [GIROK, ...args, '--config', home.config, '--storage', home.storage];
  const env = { PATH: process.env.PATH ?? '', LANG: 'en_US.UTF-8' };
  return promisify(execFile)(process.execPath, all, { env }).then(
    ({ stdout }) => ({ code: 0, said: stdout }),
    (error: { code: number; stdout: string; stderr: string }) => ({
      code: error.code,
      said: error.stdout + error.stderr,
    }),
  );
}
const list = async (...args: string[]) =>
  JSON.parse((await girok('alarm', 'list', '--json', ...args)).said) as Record<string, unknown>[];
const subjects = () => server?.mails.map(({ subject }) => subject) ?? [];

const KILLS = 3;

describe('alarms of all processes', () => {
  it('are told by mail within a minute, once, however often the steward is killed, and their end is entered', async () => {
    tell('recorder', 'alarm.raised', { alarm: 'disk_full', subject: '' });
    tell('purge', 'erase.waits', { why: 'clock' });
    for (let kills = 0; kills < KILLS; kills++) {
      const { child, ended, said } = startSteward(home);
      await vi.waitFor(() => expect(said()).toContain('steward.started'), MINUTE);
      child.kill('SIGKILL');
      await ended;
    }
    const { child, ended } = startSteward(home);
    await vi.waitFor(() => expect(subjects()).toContain('[Girok] Test: 2 alarms'), MINUTE);
    // A kill between sending and noting it sends the mail of the day once more, and no more than that.
    const days = subjects().filter((subject) => subject.includes('alarms,')).length;
    expect(days).toBeGreaterThanOrEqual(1);
    expect(days).toBeLessThanOrEqual(1 + KILLS);
    const daily = server?.mails.find(({ subject }) => subject.includes('serious alarms,'));
    // As a mail breaks its lines: the server of this test undoes that of mails without attachments alone.
    expect(daily?.text.replaceAll(/=\r?\n/g, '')).toMatch(
      /Ledger last signed: .* entries, root hash begins [0-9a-f]{16}\r?\n/,
    );
    expect(daily?.text).toContain('Last certificate of erasing: none yet');
    const mail = server?.mails.find(({ subject }) => subject.endsWith('2 alarms'));
    expect(mail?.text).toContain('Erasing waits for a person');
    expect(mail?.text).toContain('`girok purge --confirm clock --by NAME --reason TEXT`');

    const [disk, waits] = await list();
    expect(disk).toMatchObject({ alarm: 'disk_full', process: 'recorder', severity: 'serious' });
    expect(waits).toMatchObject({ alarm: 'erasing_waits', process: 'purge', facts: { why: 'clock' } });
    expect(disk?.told).toBeDefined();
    tell('recorder', 'recorder.started', { pid: 1, cameras: 1 });
    await vi.waitFor(async () => expect(await list()).toHaveLength(1), MINUTE);
    expect(await list('--all')).toMatchObject([
      { alarm: 'erasing_waits' },
      { alarm: 'disk_full', ended: expect.any(String) },
    ]);
    child.kill('SIGTERM');
    expect(await ended).toBe(0);
    expect(subjects().filter((subject) => subject.endsWith('2 alarms'))).toHaveLength(1);
  });
});

import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { canonicalJson } from '../../../src/lib/canonical-json.ts';
import { systemClock } from '../../../src/lib/clock.ts';
import { newId } from '../../../src/lib/ids.ts';
import { createSiteTime } from '../../../src/lib/site-time.ts';
import { createKeyring } from '../../../src/vault/keyring.ts';
import { createRecorderHome, type RecorderHome } from '../recorder-home.ts';

const STEWARD = fileURLToPath(new URL('../../../src/main/steward.ts', import.meta.url));
const WEB = fileURLToPath(new URL('../../../src/main/web.ts', import.meta.url));
const GIROK = fileURLToPath(new URL('../../../src/main/girok.ts', import.meta.url));
/** A storage folder as a recorder leaves it, without one: marked, with its root key and something in the spool. */
export function createStewardHome(): RecorderHome & { readonly spool: string; tell(count: number): void } {
  const home = createRecorderHome({
    cameras: [{ id: 'cam01', source: "rtsp: { main: 'rtsp://127.0.0.1:1/x' }" }],
  });
  const spool = join(home.storage, 'spool', 'recorder');
  mkdirSync(spool, { recursive: true });
  const rootKey = randomBytes(32);
  writeFileSync(join(home.folder, 'secrets', 'root.key'), rootKey, { mode: 0o600 });
  createKeyring({
    folder: join(home.storage, 'keys'),
    mirrorFolder: join(home.folder, 'mirror'),
    rootKey,
    clock: systemClock,
    siteTime: createSiteTime(home.timeZone),
    initialise: true,
  }).close();
  const marker = {
    volume: '7b0d2c54-3c1f-4f0e-9d53-1f6c2a9e8b11',
    site: 'test',
    createdAt: '2026-11-22T03:00:00.000Z',
    format: 1,
  };
  writeFileSync(join(home.storage, 'volume.json'), JSON.stringify(marker));
  return { ...home, spool, tell: (count) => tell(spool, count) };
}

function tell(spool: string, count: number): void {
  for (let n = 0; n < count; n++) {
    const nowUs = Math.round((performance.timeOrigin + performance.now()) * 1000);
    const text = canonicalJson({
      v: 1,
      at: new Date(nowUs / 1000).toISOString(),
      writer: 'recorder',
      event: 'recorder.started',
      facts: { pid: n, cameras: 1 },
    });
    writeFileSync(join(spool, `${newId(nowUs)}.json`), text);
  }
}

export interface Started {
  readonly child: ChildProcess;
  /** All that it wrote. */
  said(): string;
  readonly ended: Promise<number | null>;
}

/** A real steward process, without a supervisor. */
export const startSteward = (
  home: RecorderHome,
  env: Readonly<Record<string, string>> = {},
  user?: { readonly uid: number; readonly gid: number },
): Started => start(home, [STEWARD, '--config', home.config, '--storage', home.storage], 'stderr', env, user);

/** A real web process, on a free port of 127.0.0.1 unless told. */
export const startWeb = (home: RecorderHome, port = 0): Started =>
  start(home, [WEB, '--config', home.config, '--storage', home.storage, '--port', String(port)], 'stderr');

/** A real witness of this log; says its key and address as JSON. */
export const startWitness = (home: RecorderHome, log: string): Started =>
  start(
    home,
    [
      GIROK,
      'witness',
      '--json',
      '--folder',
      join(home.folder, 'witness'),
      '--listen',
      '127.0.0.1:0',
      '--log',
      log,
    ],
    'stdout',
  );

function start(
  home: RecorderHome,
  args: readonly string[],
  listenTo: 'stdout' | 'stderr',
  env: Readonly<Record<string, string>> = {},
  user?: { readonly uid: number; readonly gid: number },
): Started {
  const child = spawn(process.execPath, args, {
    env: { PATH: process.env.PATH ?? '', LANG: 'en_US.UTF-8', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    ...user,
  });
  home.onRemove(() => child.kill('SIGKILL'));
  let said = '';
  child[listenTo].setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  child[listenTo === 'stdout' ? 'stderr' : 'stdout'].resume();
  const ended = new Promise<number | null>((resolve) => child.once('close', (code) => resolve(code)));
  return { child, said: () => said, ended };
}

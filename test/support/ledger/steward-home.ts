import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { canonicalJson } from '../../../src/lib/canonical-json.ts';
import { newId } from '../../../src/lib/ids.ts';
import { createRecorderHome, type RecorderHome } from '../recorder-home.ts';

const PROGRAM = fileURLToPath(new URL('../../../src/main/steward.ts', import.meta.url));
/** A storage folder as a recorder leaves it, without one: marked, with its root key and something in the spool. */
export function createStewardHome(): RecorderHome & { readonly spool: string; tell(count: number): void } {
  const home = createRecorderHome({
    cameras: [{ id: 'cam01', source: "rtsp: { main: 'rtsp://127.0.0.1:1/x' }" }],
  });
  const spool = join(home.storage, 'spool', 'recorder');
  mkdirSync(spool, { recursive: true });
  writeFileSync(join(home.folder, 'secrets', 'root.key'), randomBytes(32), { mode: 0o600 });
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

/** A real steward process, without a supervisor. */
export function startSteward(home: RecorderHome): {
  child: ChildProcess;
  said(): string;
  ended: Promise<number | null>;
} {
  const child = spawn(process.execPath, [PROGRAM, '--config', home.config, '--storage', home.storage], {
    env: { PATH: process.env.PATH ?? '', LANG: 'en_US.UTF-8' },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  home.onRemove(() => child.kill('SIGKILL'));
  let said = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  const ended = new Promise<number | null>((resolve) => child.once('close', (code) => resolve(code)));
  return { child, said: () => said, ended };
}

import { execFileSync } from 'node:child_process';
import { request } from 'node:http';
import { join } from 'node:path';
import { loadConfig } from '../../src/config/load.ts';
import { openSiteForWriting } from '../../src/db/site/open.ts';
import { openLog } from '../../src/ledger/log.ts';
import { systemClock } from '../../src/lib/clock.ts';
import { createSiteAccess } from '../../src/main/web/site.ts';
import { loadRootKey } from '../../src/vault/root-key.ts';
import { accountFrames, sessionsOf } from '../../test/support/frame-account.ts';
import { fixedConfig } from '../../test/support/http/fixed-config.ts';
import { startWeb } from '../../test/support/ledger/steward-home.ts';
import { openRecordings } from '../../test/support/recorded-frames.ts';
import { byOnvif, createRecorderHome } from '../../test/support/recorder-home.ts';
import { allRecording, startRecorder } from '../../test/support/recorder-process.ts';
import { startCameras } from './simulated-cameras.ts';

export const CAMERAS = 13;
const STREAMS = ['main', 'sub'] as const;
/** GIROK_BENCH_PROFILE=small: small pictures, to try the benchmark itself. */
const PROFILE = process.env.GIROK_BENCH_PROFILE === 'small' ? 'small' : 'full';
/** What was sent in the last moment before the recorder was told to stop may not have reached it. */
const ON_ITS_WAY_US = 200_000;

export interface Reply {
  readonly status: number;
  readonly ms: number;
  readonly bytes: number;
  readonly text: string;
  readonly cookies: readonly string[];
}

/** 13 cameras, a recorder and a web server, each a process of its own, and a guard who is signed in. */
export interface RecordingSite {
  readonly cameras: readonly string[];
  readonly url: string;
  readonly webPid: number;
  readonly guard: { readonly login: string; readonly cookie: string };
  /** @param from which address of the loopback network asks */
  ask(
    path: string,
    more?: { method?: string; body?: object; cookie?: string; from?: string },
  ): Promise<Reply>;
  /** Ends recording. @returns frames that were sent, and of these how many are not in the vault */
  account(): Promise<{ readonly served: number; readonly missing: number }>;
  stop(): Promise<void>;
}

/** What was started is ended again, also where something after it did not start. */
export async function startRecordingSite(): Promise<RecordingSite> {
  const closing: (() => unknown)[] = [];
  const stop = async () => {
    for (const task of closing.splice(0).toReversed()) await task();
  };
  try {
    return await start(closing, stop);
  } catch (error) {
    await stop();
    throw error;
  }
}

async function start(closing: (() => unknown)[], stop: () => Promise<void>): Promise<RecordingSite> {
  const simulated = await startCameras(CAMERAS, PROFILE);
  closing.push(() => simulated.stop());
  const home = createRecorderHome({
    cameras: simulated.cameras.map((camera) => byOnvif(camera)),
    login: simulated,
  });
  closing.push(() => home.remove());
  const recorder = startRecorder(home);
  closing.push(() => recorder.stop());
  await recorder.until('recording everything', 60_000, allRecording(STREAMS.length * CAMERAS));
  const guard = await makePeople(home);
  const web = startWeb(home);
  closing.push(async () => {
    web.child.kill('SIGTERM');
    await web.ended;
  });
  while (!web.said().includes('web.started')) await new Promise((resolve) => setTimeout(resolve, 50));
  const url = /"address":"([^"]+)"/.exec(web.said())?.[1] ?? '';
  const ask: RecordingSite['ask'] = (path, more = {}) => askOnce(url, path, more);
  const signedIn = await ask('/api/sign-in', { method: 'POST', body: guard });
  const cookie = signedIn.cookies.join('; ');
  return {
    cameras: simulated.cameras.map(({ id }) => id),
    url,
    webPid: web.child.pid ?? 0,
    guard: { login: guard.login, cookie },
    ask,
    async account() {
      const untilUs = systemClock.utcUs() - ON_ITS_WAY_US;
      await recorder.stop();
      const recordings = openRecordings(home);
      const served = await simulated.served();
      let [sent, missing] = [0, 0];
      for (const { id } of simulated.cameras)
        for (const stream of STREAMS) {
          const stamps = await recordings.stamps(id, stream);
          const account = accountFrames(sessionsOf(served, id, stream), stamps, { untilUs });
          sent += account.served;
          missing += account.missingFrames;
        }
      await recordings.close();
      return { served: sent, missing };
    },
    stop,
  };
}

/** Begins the ledger, as a steward does, and makes a person of each role. @returns the guard's login and password */
async function makePeople(home: ReturnType<typeof createRecorderHome>) {
  const rootKey = loadRootKey(join(home.folder, 'secrets', 'root.key'), { createIfAbsent: false });
  const begun = openSiteForWriting(join(home.storage, 'site.db'));
  openLog(begun, { site: 'test', rootKey, clock: systemClock });
  begun.close();
  const config = loadConfig(home.config, { storageFolder: home.storage });
  const quiet = { info() {}, warn() {}, error() {} };
  const site = await createSiteAccess(fixedConfig(config), systemClock, quiet);
  const accounts = await site.open().people.makeDemoAccounts();
  await site.close();
  const { login, password } = accounts.find(({ role }) => role === 'security') ?? { login: '', password: '' };
  return { login, password };
}

function askOnce(
  url: string,
  path: string,
  { method = 'GET', body, cookie = '', from = '127.0.0.1' }: Parameters<RecordingSite['ask']>[1] & object,
): Promise<Reply> {
  const text = body === undefined ? undefined : JSON.stringify(body);
  const beganMs = performance.now();
  return new Promise((resolve, reject) => {
    const asked = request(
      `${url}${path}`,
      {
        method,
        localAddress: from,
        agent: false,
        headers: {
          cookie,
          ...(method !== 'GET' && { origin: url, 'content-type': 'application/json' }),
          ...(text !== undefined && { 'content-length': Buffer.byteLength(text) }),
        },
      },
      (answer) => {
        const pieces: Buffer[] = [];
        answer.on('data', (piece: Buffer) => pieces.push(piece));
        answer.on('error', reject);
        answer.on('end', () => {
          const whole = Buffer.concat(pieces);
          resolve({
            status: answer.statusCode ?? 0,
            ms: performance.now() - beganMs,
            bytes: whole.length,
            text: whole.toString('latin1'),
            cookies: (answer.headers['set-cookie'] ?? []).map((line) => line.split(';', 1)[0] ?? ''),
          });
        });
      },
    );
    asked.on('error', reject);
    asked.end(text);
  });
}

/** Programs that this process started and that run. */
export const childrenOf = (pid: number): string[] => {
  try {
    return execFileSync('ps', ['--ppid', String(pid), '-o', 'comm='], { encoding: 'utf8' })
      .split('\n')
      .map((line) => line.trim())
      .filter(Boolean);
  } catch {
    return []; // ps says so with its exit code where there is none
  }
};

export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

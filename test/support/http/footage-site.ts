import { join } from 'node:path';
import { TOTP } from 'otpauth';
import { type SimulatedSite, startSimulatedSite } from '../../../demo/site.ts';
import type { Role } from '../../../src/access/actions.ts';
import { loadConfig } from '../../../src/config/load.ts';
import { openSiteForWriting } from '../../../src/db/site/open.ts';
import { readBody } from '../../../src/ledger/entry.ts';
import type { LedgerEventName } from '../../../src/ledger/events.ts';
import { openLog } from '../../../src/ledger/log.ts';
import { systemClock } from '../../../src/lib/clock.ts';
import { createSiteAccess } from '../../../src/main/web/site.ts';
import { createWebApp } from '../../../src/main/web/web-app.ts';
import { loadRootKey } from '../../../src/vault/root-key.ts';
import { byAddress, createRecorderHome, type HomeCamera, type RecorderHome } from '../recorder-home.ts';
import { allRecording, type RecorderProcess, startRecorder } from '../recorder-process.ts';
import { fixedConfig } from './fixed-config.ts';
import { listening } from './served.ts';

const log = { info() {}, warn() {}, error() {} };

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly bytes: Buffer;
  json<T>(): T;
}

/** Somebody who is signed in, as their browser asks. */
export interface Browser {
  readonly account: string;
  readonly cookie: string;
  ask(
    path: string,
    more?: { method?: string; body?: object; headers?: Record<string, string> },
  ): Promise<Answer>;
}

/** A recorder that records simulated cameras, and the whole web server before what it records, with real people. */
export interface FootageSite {
  readonly simulated: SimulatedSite;
  readonly home: RecorderHome;
  readonly recorder: RecorderProcess;
  readonly url: string;
  readonly people: Readonly<Record<Exclude<Role, 'kiosk'>, Browser>>;
  readonly nobody: Browser;
  /** Their right is to these cameras alone from now on. */
  confine(account: string, cameras: readonly string[]): void;
  revokeRights(account: string): void;
  entries(...events: LedgerEventName[]): { facts: Record<string, unknown>; actor: string }[];
  stop(): Promise<void>;
}

export async function startFootageSite(
  count: number,
  camerasOf: (cameras: SimulatedSite['cameras']) => readonly HomeCamera[] = (cameras) =>
    cameras.map((camera) => byAddress(camera, 'main', 'sub')),
): Promise<FootageSite> {
  const simulated = await startSimulatedSite({
    addresses: 'one',
    rtspPort: 0,
    onvifPort: 0,
    discoveryPort: false,
    count,
  });
  const cameras = camerasOf(simulated.cameras);
  const home = createRecorderHome({ cameras, login: simulated, segmentSeconds: 10 });
  const recorder = startRecorder(home);
  // An operating room is not recorded before somebody has confirmed that it may be.
  const streams = cameras
    .filter(({ zone }) => zone !== 'operating_room')
    .reduce((sum, { record }) => sum + (record === 'main+sub' ? 2 : 1), 0);
  await recorder.until('recording', 60_000, allRecording(streams));
  const rootKey = loadRootKey(join(home.folder, 'secrets', 'root.key'), { createIfAbsent: false });
  const begun = openSiteForWriting(join(home.storage, 'site.db'));
  openLog(begun, { site: 'test', rootKey, clock: systemClock });
  begun.close();

  const config = loadConfig(home.config, { storageFolder: home.storage });
  const site = await createSiteAccess(fixedConfig(config), systemClock, log);
  const app = await createWebApp({
    running: fixedConfig(config),
    clock: systemClock,
    listening: { secure: false, proxies: [] },
    site,
    log,
  });
  const { url } = await listening(app);
  const { db, ledger, people } = site.open();

  const browser = (account: string, cookie: string): Browser => ({
    account,
    cookie,
    async ask(path, { method = 'GET', body, headers = {} } = {}) {
      const reads = method === 'GET' || method === 'HEAD';
      const answer = await fetch(`${url}${path}`, {
        method,
        headers: {
          cookie,
          ...(reads ? {} : { origin: url, 'content-type': 'application/json' }),
          ...headers,
        },
        ...(reads ? {} : { body: JSON.stringify(body ?? {}) }),
      });
      const bytes = Buffer.from(await answer.arrayBuffer());
      return {
        status: answer.status,
        headers: answer.headers,
        bytes,
        json: <T>() => JSON.parse(bytes.toString()) as T,
      };
    },
  });
  const nobody = browser('', '');
  const signIn = async ({ login, password }: { login: string; password: string }): Promise<Browser> => {
    const answer = await nobody.ask('/api/sign-in', { method: 'POST', body: { login, password } });
    const cookie = answer.headers
      .getSetCookie()
      .map((line) => line.split(';', 1)[0])
      .join('; ');
    const signed = browser('', cookie);
    const { secret } = (await signed.ask('/api/me/totp', { method: 'POST' })).json<{ secret: string }>();
    const code = new TOTP({ secret }).generate();
    await signed.ask('/api/me/totp/confirm', { method: 'POST', body: { code } });
    const { account } = (await signed.ask('/api/me')).json<{ account: string }>();
    return browser(account, cookie);
  };
  const signedIn: Partial<Record<Role, Browser>> = {};
  for (const account of await people.makeDemoAccounts()) signedIn[account.role] = await signIn(account);

  return {
    simulated,
    home,
    recorder,
    url,
    people: signedIn as FootageSite['people'],
    nobody,
    confine(account, cameras) {
      const row = db.prepare('select id, terms from access_right where account = ?').get(account) as {
        id: string;
        terms: string;
      };
      const terms = JSON.stringify({ ...JSON.parse(row.terms), cameras });
      db.prepare('update access_right set terms = ? where id = ?').run(terms, row.id);
    },
    revokeRights: (account) =>
      void db.prepare("update access_right set state = 'revoked' where account = ?").run(account),
    entries: (...events) =>
      [...ledger.rows.entriesOf(events, 0)].map(({ body }) => {
        const { facts, actor } = readBody(body);
        return { facts: facts as Record<string, unknown>, actor };
      }),
    async stop() {
      await app.close();
      await site.close();
      await recorder.stop();
      await simulated.stop();
      home.remove();
    },
  };
}

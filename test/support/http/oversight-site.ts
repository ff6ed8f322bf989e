import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { TOTP } from 'otpauth';
import type { Role } from '../../../src/access/actions.ts';
import { loadConfig } from '../../../src/config/load.ts';
import { createAccountRows } from '../../../src/db/site/account-rows.ts';
import { openSiteForWriting } from '../../../src/db/site/open.ts';
import { readBody } from '../../../src/ledger/entry.ts';
import type { LedgerEventName } from '../../../src/ledger/events.ts';
import { openLog } from '../../../src/ledger/log.ts';
import { createSiteAccess, type SiteAccess } from '../../../src/main/web/site.ts';
import { createWebApp } from '../../../src/main/web/web-app.ts';
import { openErasingTasks } from '../../../src/oversight/erasing-confirmation.ts';
import { createManualClock, type ManualClock } from '../manual-clock.ts';
import { createRecorderHome, type RecorderHome } from '../recorder-home.ts';
import { type PurgeHome, purgeHome, ROOT_KEY } from '../retention/purge-home.ts';
import { fixedConfig } from './fixed-config.ts';
import { listening } from './served.ts';

const log = { info() {}, warn() {}, error() {} };

export interface Answered {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: what it is, the test says by looking
  readonly body: any;
}

/** The whole web server before a storage with real keys, holds, certificates and people, at a time that the test moves. */
export interface OversightSite {
  readonly clock: ManualClock;
  readonly home: RecorderHome;
  readonly storage: PurgeHome;
  readonly url: string;
  readonly site: SiteAccess;
  /** Asks without a connection: from any address, and with any bytes for a body. */
  readonly inject: FastifyInstance['inject'];
  /** Signed in with a factor, just proven. @returns the session's cookie */
  signInAs(role: Exclude<Role, 'kiosk'>): Promise<string>;
  signIn(role: Exclude<Role, 'kiosk'>): Promise<(path: string, body?: object) => Promise<Answered>>;
  accountOf(role: Role): string;
  setClock(iso: string): void;
  openTasks(): void;
  entries(
    ...events: LedgerEventName[]
  ): { event: string; facts: Record<string, unknown>; actor: string; personal: string[] }[];
  stop(): Promise<void>;
}

export async function startOversightSite(begins: string): Promise<OversightSite> {
  const us = (iso: string) => Date.parse(iso) * 1000;
  const home = createRecorderHome({
    cameras: ['cam01', 'cam02'].map((id) => ({ id, source: "rtsp: { main: 'rtsp://127.0.0.1:1/x' }" })),
  });
  home.write(readFileSync(home.config, 'utf8').replace('mirror: mirror', 'mirror: storage/mirror'));
  writeFileSync(join(home.folder, 'secrets', 'root.key'), ROOT_KEY, { mode: 0o600 });
  mkdirSync(home.storage, { recursive: true });
  const clock = createManualClock(us(begins));
  const storage = purgeHome(clock, { storage: home.storage });
  const begun = openSiteForWriting(join(home.storage, 'site.db'));
  openLog(begun, { site: 'test', rootKey: ROOT_KEY, clock });
  begun.close();
  const running = fixedConfig(loadConfig(home.config, { storageFolder: home.storage }));
  const site = await createSiteAccess(running, clock, log);
  const app = await createWebApp({ running, clock, listening: { secure: false, proxies: [] }, site, log });
  const { url } = await listening(app);
  const { people, ledger, db } = site.open();
  const accounts = await people.makeDemoAccounts();
  const secrets = new Map<string, string>();

  const browser = (cookie: string) => async (path: string, body?: object) => {
    const answer = await fetch(`${url}${path}`, {
      method: body ? 'POST' : 'GET',
      headers: {
        cookie,
        'accept-language': 'ko',
        ...(body && { origin: url, 'content-type': 'application/json' }),
      },
      ...(body && { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    const isJson = answer.headers.get('content-type')?.includes('json');
    return { status: answer.status, body: isJson ? JSON.parse(text) : text };
  };

  const signInAs: OversightSite['signInAs'] = async (role) => {
    const person = accounts.find((one) => one.role === role);
    if (!person) throw new Error(`no ${role}`);
    const { login, password } = person;
    const signed = await people.signIn({ login, password, address: '127.0.0.1', device: undefined });
    let token = signed.state === 'signed_in' ? signed.token : undefined;
    const codeOf = (secret: string) => new TOTP({ secret }).generate({ timestamp: clock.utcUs() / 1000 });
    if (signed.state === 'signed_in') {
      const { secret } = people.factors.beginTotp(signed.session);
      people.factors.confirmTotp(signed.session, codeOf(secret));
      secrets.set(login, secret);
    } else {
      // A number of the app counts once.
      clock.advance(31_000);
      const shown = { totp: codeOf(secrets.get(login) ?? '') };
      const second = await people.secondFactor({
        ceremony: signed.ceremony,
        shown,
        address: '127.0.0.1',
        device: undefined,
      });
      if (second.state === 'signed_in') token = second.token;
    }
    if (token === undefined) throw new Error(`${role} is not signed in`);
    return `__Host-girok=${token}`;
  };

  return {
    clock,
    home,
    storage,
    url,
    site,
    inject: app.inject.bind(app) as FastifyInstance['inject'],
    signInAs,
    signIn: async (role) => browser(await signInAs(role)),
    accountOf: (role) =>
      createAccountRows(db)
        .list()
        .find((row) => row.role === role)?.id ?? '',
    setClock: (iso) => clock.advance((us(iso) - clock.utcUs()) / 1000),
    openTasks: () => void openErasingTasks({ ledger, clock, siteTime: storage.siteTime }),
    entries: (...events) =>
      [...ledger.rows.entriesOf(events, 0)].map(({ body }) => {
        const { event, facts, actor, personal = {} } = readBody(body);
        return { event, facts: facts as Record<string, unknown>, actor, personal: Object.keys(personal) };
      }),
    async stop() {
      await app.close();
      await site.close();
      home.remove();
    },
  };
}

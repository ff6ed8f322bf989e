import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { vi } from 'vitest';
import { clinicCameras } from '../../../demo/clinic.ts';
import { type SimulatedSite, startSimulatedSite } from '../../../demo/site.ts';
import type { Role } from '../../../src/contract/roles.ts';
import { SESSION_COOKIE } from '../../../src/http/cookies.ts';
import { type Started, startSteward, startWeb } from '../ledger/steward-home.ts';
import { createRecorderHome, type RecorderHome } from '../recorder-home.ts';
import { allRecording, type RecorderProcess, startRecorder } from '../recorder-process.ts';
import { startBrowser } from './browser.ts';
import { type Api, apiAt, type Person, signIn } from './people.ts';
import { siteConfig } from './site-config.ts';

const GIROK = fileURLToPath(new URL('../../../src/main/girok.ts', import.meta.url));

export interface SiteOptions {
  /** How many of the clinic's cameras, from the first, or which; 3 unless told. */
  readonly cameras?: number | readonly string[];
  /** Of these no sub-stream is recorded. */
  readonly mainAlone?: readonly string[];
  /** Where footage and ledger lie; a folder of its own unless told. */
  readonly storage?: string;
  /** `demo`: one of each role with all rights. `none`: the site waits for its first administrator. */
  readonly people?: 'demo' | 'none';
}

export interface PageOptions {
  readonly language?: 'ko' | 'en';
  readonly theme?: 'light' | 'dark';
  readonly viewport?: { readonly width: number; readonly height: number };
  /** Where it begins; `/` unless told. */
  readonly at?: string;
}

/** The whole of Girok: simulated cameras, recorder, steward and web as processes, people, and a browser before it. */
export interface SiteUnderTest {
  /** `http://localhost:PORT` */
  readonly url: string;
  readonly home: RecorderHome;
  readonly simulated: SimulatedSite;
  /** Of these no sub-stream is recorded. */
  readonly mainAlone: readonly string[];
  readonly recorder: RecorderProcess;
  readonly browser: Browser;
  readonly api: Api;
  /** Signed in; made when first asked for. */
  person(role: Role): Promise<Person>;
  /** A tab of its own of somebody; `nobody`: before the sign-in. What the page itself says went wrong is in `faults`. */
  page(who: Role | Person | 'nobody', options?: PageOptions): Promise<Page>;
  /** Violations of the content policy and errors of scripts, of all tabs so far. */
  readonly faults: readonly string[];
  /** A command on the machine itself; its JSON. */
  girok(...args: string[]): unknown;
  /** Ends the web process, and starts it again on the same port. */
  stopWeb(): Promise<void>;
  startWeb(): Promise<void>;
  close(): Promise<void>;
}

/** Starts it all; about ten seconds on a quiet machine. Once in a file. */
export async function startSite(options: SiteOptions = {}): Promise<SiteUnderTest> {
  const closing: (() => unknown)[] = [];
  const close = async () => {
    for (const task of closing.splice(0).toReversed()) await task();
  };
  try {
    return await start(options, closing, close);
  } catch (error) {
    await close();
    throw error;
  }
}

async function start(
  { cameras = 3, mainAlone = [], storage, people: kind = 'demo' }: SiteOptions,
  closing: (() => unknown)[],
  close: () => Promise<void>,
): Promise<SiteUnderTest> {
  const ids = typeof cameras === 'number' ? clinicCameras(cameras).map(({ id }) => id) : cameras;
  const browsing = startBrowser();
  closing.push(async () => (await browsing).close());
  const simulated = await startSimulatedSite({
    addresses: 'one',
    count: Math.max(...ids.map((id) => Number(id.slice('cam'.length)))),
    rtspPort: 0,
    onvifPort: 0,
    discoveryPort: false,
  });
  closing.push(() => simulated.stop());
  const home = createRecorderHome({
    cameras: [],
    login: simulated,
    ...(storage !== undefined && { storage }),
  });
  closing.push(() => home.remove());
  const port = await freePort();
  mkdirSync(join(home.folder, 'backup'));
  home.write(siteConfig(simulated, { ids, mainAlone }, home, port));
  const recorder = startRecorder(home);
  await recorder.until('up', 60_000, () => true);
  const steward = startSteward(home);
  let web: Started | undefined;
  const startTheWeb = async () => {
    const started = startWeb(home, port);
    web = started;
    await said(started, 'web.started');
  };
  await said(steward, 'steward.started');
  await startTheWeb();
  closing.push(() => recorder.stop());
  const url = `http://localhost:${port}`;
  const api = apiAt(url);
  const girok = (...args: string[]): unknown => {
    const command = [GIROK, ...args, '--json', '--config', home.config, '--storage', home.storage];
    const env = { PATH: process.env.PATH ?? '', LANG: 'en_US.UTF-8' };
    return JSON.parse(execFileSync(process.execPath, command, { encoding: 'utf8', env }));
  };
  const { accounts } = (kind === 'demo' ? girok('people', 'demo') : { accounts: [] }) as {
    accounts: Omit<Person, 'token' | 'recoveryCodes' | 'totpSecret'>[];
  };
  const known = new Map<Role, Promise<Person>>();
  const person = (role: Role): Promise<Person> => {
    const account = accounts.find((one) => one.role === role);
    if (!account) throw new Error(`there is no ${role}`);
    const there = known.get(role) ?? signIn(api, account);
    known.set(role, there);
    return there;
  };
  const browser = await browsing;
  const faults: string[] = [];
  await recorder.until('recording', 60_000, allRecording(2 * ids.length - mainAlone.length));
  return {
    url,
    home,
    simulated,
    mainAlone,
    recorder,
    browser,
    api,
    person,
    faults,
    girok,
    startWeb: startTheWeb,
    async stopWeb() {
      web?.child.kill('SIGTERM');
      await web?.ended;
    },
    async page(who, { language = 'ko', theme = 'light', viewport, at = '/' } = {}) {
      const context = await browser.newContext({
        locale: language === 'ko' ? 'ko-KR' : 'en-US',
        colorScheme: theme,
        viewport: viewport ?? { width: 1280, height: 800 },
        // What moves is not what is tested, and would be another picture each time.
        reducedMotion: 'reduce',
      });
      closing.push(() => context.close());
      if (who !== 'nobody') await bring(context, (typeof who === 'string' ? await person(who) : who).token);
      const page = await context.newPage();
      page.on('pageerror', (error) => faults.push(String(error)));
      page.on('console', (message) => {
        // That something was refused is what a browser says of any answer above 400.
        if (message.type() === 'error' && !/Failed to load resource/.test(message.text()))
          faults.push(message.text());
      });
      await page.goto(`${url}${at}`);
      await page.locator('h1').first().waitFor();
      return page;
    },
    close,
  };
}

/** The cookie as the browser itself would have it: of this host alone, and of a place that it trusts. */
const bring = (context: BrowserContext, token: string) =>
  context.addCookies([
    { name: SESSION_COOKIE, value: token, url: 'https://localhost/', httpOnly: true, sameSite: 'Strict' },
  ]);

const said = (started: Started, event: string) =>
  vi.waitFor(
    () => {
      if (!started.said().includes(event)) throw new Error(`no ${event}:\n${started.said().slice(-3000)}`);
    },
    { timeout: 60_000, interval: 50 },
  );

/** Pages and passkeys have to know their address before there is a server. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

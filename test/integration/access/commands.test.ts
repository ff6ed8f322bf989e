import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createPeople } from '../../../src/access/people.ts';
import type { CommandContext } from '../../../src/cli/command.ts';
import { COMMANDS } from '../../../src/cli/commands.ts';
import { runCli } from '../../../src/cli/run.ts';
import { createBeginning } from '../../../src/cli/serve-people.ts';
import { loadConfig } from '../../../src/config/load.ts';
import { ko } from '../../../src/i18n/ko.ts';
import { systemClock } from '../../../src/lib/clock.ts';
import { ADMIN, INSIDE } from '../../support/access/people.ts';
import { beginPersonalLedger } from '../../support/ledger/personal.ts';
import { createRecorderHome, type RecorderHome } from '../../support/recorder-home.ts';

const ROOT_KEY = Buffer.alloc(32, 5);
const clock = systemClock;
let home: RecorderHome;
let room: ReturnType<typeof beginPersonalLedger>;

beforeEach(() => {
  home = createRecorderHome({ cameras: [{ id: 'cam01', source: "rtsp: { main: 'rtsp://127.0.0.1:1/x' }" }] });
  home.write(readFileSync(home.config, 'utf8').replace('mirror: mirror', 'mirror: storage/mirror'));
  writeFileSync(join(home.folder, 'secrets', 'root.key'), ROOT_KEY, { mode: 0o600 });
  mkdirSync(home.storage, { recursive: true });
  room = beginPersonalLedger({ clock, storage: home.storage, rootKey: Buffer.from(ROOT_KEY) });
});
afterEach(() => home.remove());

async function girok(...argv: string[]) {
  const out: string[] = [];
  const err: string[] = [];
  const code = await runCli([...argv, '--json', '--lang', 'ko', '--config', home.config], {
    commands: COMMANDS,
    env: {},
    clock,
    signal: new AbortController().signal,
    terminal: { out: (text) => void out.push(text), err: (text) => void err.push(text), live: false },
  });
  return { code, said: err.join(''), document: out.length > 0 ? JSON.parse(out.join('')) : undefined };
}

const people = () =>
  createPeople({ ...room, clock, config: loadConfig(home.config, {}), rootKey: Buffer.from(ROOT_KEY) });

it('people first-code gives the first administrator their code, and nobody after them', async () => {
  const first = await girok('people', 'first-code');
  expect(first).toMatchObject({ code: 0 });
  await people().firstRun.firstAdministrator(first.document.code, ADMIN);
  const second = await girok('people', 'first-code');
  expect(second.code).toBe(1);
  expect(second.said).toMatch(/[가-힣]/);
});

it('people demo makes people only where nobody is real', async () => {
  expect((await girok('people', 'demo')).code).toBe(2);
  expect(people().accounts.list()).toEqual([]);
  const config = readFileSync(home.config, 'utf8').replace(/\nsimulatedSite:[^\n]*(\n {2}[^\n]*)*/, '');
  home.write(`${config}\nsimulatedSite: { enabled: true }\n`);
  const made = await girok('people', 'demo');
  expect(made).toMatchObject({ code: 0 });
  const { login, password } = made.document.accounts[0];
  expect((await people().signIn({ login, password, address: INSIDE })).state).toBe('signed_in');
  expect((await girok('people', 'demo')).code).toBe(1);
});

/** What `npm start` says of people: on the screen, and where it may be kept. */
async function beginning(live: boolean, json = false) {
  const [screen, kept]: [string[], string[]] = [[], []];
  const context = {
    ...{ words: ko, language: 'ko', clock, env: {}, live, json },
    print: (text: string) => void kept.push(text),
    warn: (text: string) => void screen.push(text),
  } as unknown as CommandContext;
  const told = createBeginning(loadConfig(home.config, {}), context);
  await told.tell();
  await told.tell();
  return { screen: screen.join(''), kept: kept.join('') };
}

it('npm start shows a code on a screen alone, good for whoever is first, and says no more of it once there is one', async () => {
  for (const [live, json] of [
    [false, false],
    [true, true],
  ] as const) {
    const { screen, kept } = await beginning(live, json);
    expect(screen + kept).toContain('people first-code');
    expect(room.db.prepare('select count(*) as n from first_code').get()).toEqual({ n: 0 });
  }
  const { screen, kept } = await beginning(true);
  expect(kept).toBe('');
  const code = /번호: (\S+)/.exec(screen)?.[1] ?? '';
  await people().firstRun.firstAdministrator(code, ADMIN);
  expect(await beginning(true)).toEqual({ screen: '', kept: '' });
});

it('npm start makes the sample accounts of a simulated site, once, and shows their passwords on a screen alone', async () => {
  const config = readFileSync(home.config, 'utf8').replace(/\nsimulatedSite:[^\n]*(\n {2}[^\n]*)*/, '');
  home.write(`${config}\nsimulatedSite: { enabled: true }\n`);
  const quiet = await beginning(false);
  expect(quiet.kept).toContain('people first-code');
  expect(people().accounts.list()).toEqual([]);
  const { screen, kept } = await beginning(true);
  expect(kept).toBe('');
  const password = /officer +officer +(\S+)/.exec(screen)?.[1] ?? '';
  expect((await people().signIn({ login: 'officer', password, address: INSIDE })).state).toBe('signed_in');
  expect(await beginning(true)).toEqual({ screen: '', kept: '' });
});

it('npm start waits with people for a ledger that is not begun yet', async () => {
  room.db.close();
  rmSync(join(home.storage, 'site.db'));
  expect(await beginning(true)).toEqual({ screen: '', kept: '' });
});

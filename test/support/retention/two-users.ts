import { execFile, spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, chownSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  type PurgeMessage,
  type PurgeOutcome,
  purgeMessageSchema,
} from '../../../src/contract/purge-outcome.ts';
import { girokDone } from '../girok-command.ts';
import type { RecorderHome } from '../recorder-home.ts';

const PURGE = fileURLToPath(new URL('../../../src/main/purge.ts', import.meta.url));
const SHARE = fileURLToPath(new URL('../../../deploy/purge-user.sh', import.meta.url));

/** A user as a service of systemd has it: ids, and its own copy of the root key. */
export interface ServiceUser {
  readonly user: { readonly uid: number; readonly gid: number };
  readonly env: Readonly<Record<string, string>>;
}

/** One group; ids that no user of a machine has. */
const GROUP = 61_003;
const UIDS = { girok: 61_001, purge: 61_002 } as const;

/** @returns why there can be no such users here */
export function otherUsersRefused(): string | undefined {
  if (process.getuid?.() === 0) return undefined;
  const refused = 'only root starts processes as other users';
  // On the machine that judges, a test that cannot run is a failure.
  if (process.env.CI === 'true') throw new Error(refused);
  return refused;
}

/**
 * Sets a home up as docs/guide/install.md does: two users, and folders that hand their group down; or, as an older
 * version did, for one of them alone.
 */
export function installForTwo(
  home: RecorderHome,
  first: 'both' | 'one' = 'both',
): Readonly<Record<keyof typeof UIDS, ServiceUser>> {
  home.write(readFileSync(home.config, 'utf8').replace('file:secrets/root.key', 'systemd:girok-root-key'));
  chmodSync(home.folder, 0o755);
  for (const [folder, mode] of [
    ['storage', 0o2750],
    ['mirror', 0o2770],
  ] as const) {
    mkdirSync(join(home.folder, folder));
    chownSync(join(home.folder, folder), UIDS.girok, GROUP);
    chmodSync(join(home.folder, folder), first === 'both' ? mode : 0o700);
  }
  const rootKey = randomBytes(32);
  // For what the test itself reads back.
  writeFileSync(join(home.folder, 'secrets', 'root.key'), rootKey, { mode: 0o600 });
  for (const path of ['secrets', 'secrets/camera']) chownSync(join(home.folder, path), UIDS.girok, GROUP);
  const service = (name: keyof typeof UIDS): ServiceUser => {
    const user = { uid: UIDS[name], gid: GROUP };
    const credentials = join(home.folder, `credentials-${name}`);
    mkdirSync(credentials, { mode: 0o700 });
    writeFileSync(join(credentials, 'girok-root-key'), rootKey, { mode: 0o400 });
    for (const path of [credentials, join(credentials, 'girok-root-key')]) chownSync(path, user.uid, GROUP);
    const env = { PATH: process.env.PATH ?? '', LANG: 'en_US.UTF-8', CREDENTIALS_DIRECTORY: credentials };
    return { user, env };
  };
  return { girok: service('girok'), purge: service('purge') };
}

/** What turns an installation for one user into one for two; @throws with what it said */
export function shareWithPurge(home: RecorderHome): void {
  const args = [SHARE, home.storage, join(home.folder, 'mirror'), String(GROUP)];
  const { status, stderr } = spawnSync('sh', args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
}

/** A command of one of them. @returns its one document. @throws with what it said */
export const girokAs = (home: RecorderHome, { user, env }: ServiceUser, ...args: string[]) =>
  girokDone({ home, env, ...user }, ...args);

/** One run of the purge, as its unit starts it. @throws with its log where it failed */
export function purgeAs(home: RecorderHome, { user, env }: ServiceUser): Promise<PurgeOutcome> {
  const confirmed = ['--confirm-clock', '--by', 'test', '--reason', 'test'];
  const args = [PURGE, '--config', home.config, '--storage', home.storage, ...confirmed];
  const child = spawn(process.execPath, args, { ...user, env, stdio: ['ignore', 'ignore', 'pipe', 'ipc'] });
  home.onRemove(() => child.kill('SIGKILL'));
  const messages: PurgeMessage[] = [];
  let said = '';
  child.on('message', (message) => messages.push(purgeMessageSchema.parse(message)));
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', () => {
      const last = messages.find(({ kind }) => kind === 'outcome');
      if (last?.kind === 'outcome') resolve(last.outcome);
      else reject(new Error(said));
    });
  });
}

/** Runs as the user, and says how each attempt ended: the system's code, or `done`. */
const TRY = `
const fs = require('node:fs');
const attempts = {
  read: (path) => fs.closeSync(fs.openSync(path, 'r')),
  write: (path) => fs.closeSync(fs.openSync(path, 'r+')),
  remove: (path) => fs.unlinkSync(path),
  rename: (path) => fs.renameSync(path, path + '.gone'),
  size: (path) => void fs.lstatSync(path),
};
const said = JSON.parse(process.argv[1]).map(([attempt, path]) => {
  try {
    attempts[attempt](path);
    return 'done';
  } catch (error) {
    return error.code;
  }
});
const connect = process.argv[2];
if (!connect) console.log(JSON.stringify(said));
else
  require('node:net')
    .connect(connect)
    .on('connect', function () { this.destroy(); console.log(JSON.stringify(['done'])); })
    .on('error', (error) => console.log(JSON.stringify([error.code])));
`;

export type Attempt = readonly ['read' | 'write' | 'remove' | 'rename' | 'size', string];

/** What the system answers this user. */
export const tryAs = ({ user, env }: ServiceUser, attempts: readonly Attempt[]): Promise<string[]> =>
  answered(user, env, [JSON.stringify(attempts)]);

/** What the system answers this user who opens a socket. */
export const connectAs = ({ user, env }: ServiceUser, socket: string): Promise<string[]> =>
  answered(user, env, ['[]', socket]);

function answered(
  user: ServiceUser['user'],
  env: ServiceUser['env'],
  args: readonly string[],
): Promise<string[]> {
  return new Promise((resolve, reject) => {
    execFile(process.execPath, ['-e', TRY, ...args], { ...user, env }, (error, stdout, stderr) => {
      if (error) reject(new Error(stderr, { cause: error }));
      else resolve(JSON.parse(stdout) as string[]);
    });
  });
}

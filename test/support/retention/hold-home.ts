import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createCatalogueReader } from '../../../src/catalogue/reader.ts';
import { createCatalogueWriter } from '../../../src/catalogue/writer.ts';
import { openKeyringTables } from '../../../src/db/keyring/tables.ts';
import { SECOND_US, systemClock } from '../../../src/lib/clock.ts';
import { type CameraId, newId, type SegmentId, type StreamKind } from '../../../src/lib/ids.ts';
import { createSiteTime, type SiteTime } from '../../../src/lib/site-time.ts';
import { codecString } from '../../../src/media/codec-string.ts';
import { recoverFromFiles } from '../../../src/recording/recovery.ts';
import type { Keyring } from '../../../src/vault/keyring.ts';
import { lockerOf } from '../../../src/vault/locker-key.ts';
import { createFolderStore } from '../../../src/vault/segment-store.ts';
import { createVault } from '../../../src/vault/vault.ts';
import { fragmentBytes, initSegment } from '../fragments.ts';
import { keyringOf } from '../keyring-of.ts';
import { createStewardHome } from '../ledger/steward-home.ts';
import type { RecorderHome } from '../recorder-home.ts';

const GIROK = fileURLToPath(new URL('../../../src/main/girok.ts', import.meta.url));

/** A command's end: its exit code and its one document. */
export interface Answer {
  readonly code: number | null;
  readonly said: Record<string, unknown>;
}

/** A storage folder with real footage, sealed and catalogued, as a recorder leaves it. */
export interface HoldHome extends RecorderHome {
  readonly siteTime: SiteTime;
  /** Somewhere in each fragment, in the clear. */
  readonly canary: Buffer;
  /** Seals footage of `cam01`, one file of `seconds` after the other up to `toUs`, oldest first. @returns the files */
  record(fromUs: number, toUs: number, seconds: number, bytesPerSecond?: number): Promise<string[]>;
  /** The caller closes it. */
  keyring(): Keyring;
  /** Whether a hold's key stands in either copy of the keyring. */
  hasKey(hold: string): boolean;
  /** Commands with who and why. */
  who: readonly string[];
  girok(...args: string[]): Promise<Answer>;
  /** The same, for a process that is going to be killed. */
  start(...args: string[]): ChildProcess;
  /** The page of a hold. */
  page(hold: string): Record<string, unknown>;
  /** Files in a locker; undefined where there is none. */
  locker(hold: string): string[] | undefined;
  configureReserve(reserve: string): void;
}

/** @param env what its processes are started with besides */
export async function createHoldHome(
  timeZone = 'Asia/Seoul',
  env: Readonly<Record<string, string>> = {},
): Promise<HoldHome> {
  const home = createStewardHome();
  const yaml = readFileSync(home.config, 'utf8').replace(/timeZone: [\w/]+/, `timeZone: ${timeZone}`);
  home.write(yaml);
  const siteTime = createSiteTime(timeZone);
  const vaultFolder = join(home.storage, 'vault');
  const keyring = () =>
    keyringOf({ ...home, timeZone }, { initialise: !existsSync(join(home.storage, 'keys', 'keyring.db')) });
  mkdirSync(vaultFolder, { recursive: true });
  const canary = randomBytes(24);
  const init = initSegment();
  const { timescale, width, height, codec } = init.track;
  const camera = 'cam01' as CameraId;

  const begin = (vault: ReturnType<typeof createVault>, startUs: number, stream: StreamKind = 'main') => {
    const day = siteTime.dayOf(startUs);
    const identity = {
      camera,
      stream,
      day,
      hour: siteTime.hourOf(startUs),
      segment: newId<SegmentId>(systemClock.utcUs()),
    };
    const facts = {
      run: newId(systemClock.utcUs()),
      startUs,
      codec: codecString(codec, init.track.parameterSets),
      width,
      height,
      timescale,
      zone: timeZone,
    };
    return vault.create(identity, facts, init.bytes, {
      durable: () => undefined,
      failed: (error) => {
        throw error;
      },
    });
  };
  const fragment = (second: number, bytes: number) =>
    fragmentBytes({
      mediaStart: second * timescale,
      durations: [timescale],
      keyFrame: true,
      firstFrame: Buffer.concat([canary, randomBytes(bytes)]),
    });
  const endUs = (startUs: number, seconds: number) => startUs + seconds * SECOND_US;

  /** The catalogue as the recorder would have it: out of the files. */
  const catalogue = async (keys: Keyring) => {
    const path = join(home.storage, 'catalogue.db');
    const writer = await createCatalogueWriter({
      path,
      clock: systemClock,
      onTrouble: () => undefined,
      onRefused: (kind, fault) => {
        throw new Error(`${kind}: ${fault}`);
      },
      onFatal: (error) => {
        throw error;
      },
    });
    const reader = createCatalogueReader(path);
    const store = createFolderStore(vaultFolder);
    const { unreadable } = await recoverFromFiles({ store, keys, register: reader.register, writer });
    await writer.flush();
    await reader.close();
    await writer.close();
    if (unreadable.length > 0) throw new Error(JSON.stringify(unreadable));
  };

  const start: HoldHome['start'] = (...args) => {
    const all = [GIROK, ...args, '--config', home.config, '--storage', home.storage, '--json'];
    const child = spawn(process.execPath, all, {
      env: { PATH: process.env.PATH ?? '', LANG: 'en_US.UTF-8', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    home.onRemove(() => child.kill('SIGKILL'));
    return child;
  };

  return {
    ...home,
    siteTime,
    canary,
    keyring,
    start,
    who: ['--by', '김접수', '--reason', '분실물'],
    hasKey: (hold) =>
      [join(home.storage, 'keys'), join(home.folder, 'mirror')].some((folder) => {
        const tables = openKeyringTables({
          path: join(folder, 'keyring.db'),
          readonly: true,
          busyTimeoutMs: 5000,
        });
        try {
          return tables.rows().some((row) => lockerOf(row) === hold);
        } finally {
          tables.close();
        }
      }),
    async record(fromUs, toUs, seconds, bytesPerSecond = 3000) {
      const keys = keyring();
      const vault = createVault({
        store: createFolderStore(vaultFolder),
        keys,
        clock: systemClock,
        siteTime,
      });
      const files: string[] = [];
      for (let startUs = fromUs; startUs < toUs; startUs = endUs(startUs, seconds)) {
        const writer = begin(vault, startUs);
        for (let second = 0; second < seconds; second++) writer.append(fragment(second, bytesPerSecond));
        const trailer = { endCause: 'rotation', endUs: endUs(startUs, seconds), frames: seconds };
        files.push((await writer.seal(trailer)).file);
      }
      vault.close();
      await catalogue(keys);
      keys.close();
      return files;
    },
    async girok(...args) {
      const child = start(...args);
      let [out, err] = ['', ''];
      child.stdout?.setEncoding('utf8').on('data', (text: string) => {
        out += text;
      });
      child.stderr?.setEncoding('utf8').on('data', (text: string) => {
        err += text;
      });
      const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
      if (out === '') throw new Error(`${args.join(' ')}: ${code} ${err}`);
      return { code, said: JSON.parse(out) };
    },
    page: (hold) =>
      JSON.parse(readFileSync(join(home.storage, 'retention', 'holds', `${hold}.json`), 'utf8')),
    locker(hold) {
      const folder = join(home.storage, 'evidence', hold);
      if (!existsSync(folder)) return undefined;
      return readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
        name.endsWith('.seg'),
      );
    },
    configureReserve: (reserve) =>
      home.write(readFileSync(home.config, 'utf8').replace(/reserve: [^,]+,/, `reserve: ${reserve},`)),
  };
}

import { spawnSync } from 'node:child_process';
import {
  appendFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { en } from '../../src/i18n/en.ts';
import { ko } from '../../src/i18n/ko.ts';
import { ALONE } from '../alone.ts';

/** The rules of docs/design/house.md that a compiler does not know. Slow for unit tests, but the whole gate. */

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const MINUTE_MS = 60_000;

/** Runs one of the project's tools; `said` is all that it printed. */
function tool(name: string, args: readonly string[], cwd = ROOT): { code: number | null; said: string } {
  const { status, stdout, stderr } = spawnSync(join(ROOT, 'node_modules', '.bin', name), args, {
    cwd,
    encoding: 'utf8',
    env: { ...process.env, NO_COLOR: '1', FORCE_COLOR: '0' },
  });
  return { code: status, said: `${stdout}${stderr}` };
}

describe('the gate', () => {
  it.each([
    ['every file is formatted', 'biome', ['format', '.']],
    ['no lint remains', 'biome', ['lint', '--error-on-warnings', '.']],
    ['the types agree', 'tsc', ['--noEmit']],
    ['the types of the pages agree', 'tsc', ['--noEmit', '-p', 'web']],
    ['nothing is exported, depended on or left over for nobody', 'knip', ['--no-progress']],
    [
      'every import keeps to the boundaries',
      'depcruise',
      ['--config', '.dependency-cruiser.cjs', 'src', 'demo', 'test', 'bench', 'web'],
    ],
  ])(
    '%s',
    (_what, name, args) => {
      const { code, said } = tool(name, args);
      expect(said.includes('error TS') || code !== 0 ? said : '').toBe('');
    },
    3 * MINUTE_MS,
  );
});

/** One line each that breaks a rule, in a file of its own in that folder. */
const PLANTED: readonly (readonly [rule: string, folder: string, line: string])[] = [
  ['domains-know-no-edge', 'src/vault', "import '../http/app.ts';"],
  ['lib-imports-nothing-of-ours', 'src/lib', "import '../config/size.ts';"],
  ['db-knows-no-domain', 'src/db', "import '../vault/boxes.ts';"],
  ['product-does-not-need-the-demo', 'src/cli', "import '../../demo/site.ts';"],
  ['only-http-imports-fastify', 'src/live', "import 'fastify';"],
  ['only-http-imports-fastify', 'src/live', "import '@fastify/helmet';"],
  ['only-db-imports-bettersqlite3', 'src/catalogue', "import 'better-sqlite3';"],
  ['only-media-imports-fluentffmpeg', 'src/recording', "import 'fluent-ffmpeg';"],
  ['only-live-imports-nodemediaserver', 'src/media', "import 'node-media-server';"],
  ['only-cameras-imports-onvif', 'src/recording', "import 'onvif';"],
  ['only-access-imports-nodersargon2', 'src/http', "import '@node-rs/argon2';"],
  ['only-mail-imports-nodemailer', 'src/stewardship', "import 'nodemailer';"],
  ['web-imports-contract-and-words-only', 'web', "import '../src/lib/ids.ts';"],
  ['rtsp-knows-nothing-but-lib', 'src/rtsp', "import '../media/nal.ts';"],
  ['rtp-knows-media-and-lib', 'src/rtp', "import '../rtsp/session.ts';"],
  ['erasing-cannot-open-footage', 'src/retention', "import '../vault/check.ts';"],
  ['erasing-cannot-open-footage', 'src/retention', "import '../recording/recovery.ts';"],
  ['web-cannot-erase', 'src/http', "import '../retention/purge.ts';"],
  ['web-cannot-erase', 'src/main/web', "import '../../vault/erase-files.ts';"],
  ['live-pictures-pass-the-gate', 'src/http', "import '../live/wall.ts';"],
  ['footage-opens-at-the-gate', 'src/http', "import '../vault/segment-reader.ts';"],
  ['footage-opens-at-the-gate', 'src/http', "import '../viewing/footage.ts';"],
  ['unseen-looks-show-nothing', 'src/cameras', "import '../viewing/unseen-look.ts';"],
];
const plantedAt = (folder: string, number: number) => `${folder}/planted-${number}.ts`;

describe('the boundary check sees', () => {
  let house = '';
  let said = '';
  beforeAll(() => {
    house = mkdtempSync(join(tmpdir(), 'girok-house-'));
    for (const name of ['src', 'package.json', 'tsconfig.json', '.dependency-cruiser.cjs'])
      cpSync(join(ROOT, name), join(house, name), { recursive: true });
    mkdirSync(join(house, 'demo'));
    mkdirSync(join(house, 'web'));
    writeFileSync(
      join(house, 'demo', 'site.ts'),
      'export const DEFAULT_CACHE = 0, startSimulatedSite = 0;\n',
    );
    symlinkSync(join(ROOT, 'node_modules'), join(house, 'node_modules'));
    for (const [number, [, folder, line]] of PLANTED.entries())
      writeFileSync(join(house, plantedAt(folder, number)), `${line}\n`);
    appendFileSync(
      join(house, 'src/vault/boxes.ts'),
      "export { isEmptyVault as again } from './segment-tree.ts';\n",
    );
    appendFileSync(
      join(house, 'src/vault/segment-tree.ts'),
      "import { boxTypes } from './boxes.ts';\nboxTypes(Buffer.alloc(0));\n",
    );
    // All in one look: each takes seconds.
    const looked = tool('depcruise', ['--config', '.dependency-cruiser.cjs', 'src', 'web'], house);
    expect(looked.code).not.toBe(0);
    ({ said } = looked);
  }, MINUTE_MS);
  afterAll(() => rmSync(house, { recursive: true }));

  it.each(PLANTED.map(([rule, folder], number) => [rule, plantedAt(folder, number)]))(
    '%s, where it is broken: %s',
    (rule, file) => {
      expect(said).toContain(`error ${rule}: ${file} `);
    },
  );

  it('no-cycles, where it is broken', () => {
    expect(said).toMatch(/error no-cycles: src\/vault\/(boxes|segment-tree)\.ts /);
  });
});

describe('only one place', () => {
  it.each<[string, RegExp, string[]]>([
    ['reads the environment', /\bprocess\.env\b/, ['demo/main.ts', 'src/config/environment.ts']],
    [
      'reads the clocks',
      /\bDate\.now\b|\bperformance\.(now|timeOrigin)\b|\bnew Date\(\)|\bprocess\.hrtime\b/,
      ['src/lib/clock.ts', 'web/app/clock.ts'],
    ],
    [
      'starts processes: ffmpeg, the ONVIF child, the relay, those of girok serve, prlimit and timedatectl',
      /['"]node:child_process['"]/,
      [
        'src/cameras/onvif/onvif.ts',
        'src/cli/serve-process.ts',
        'src/lib/core-files.ts',
        'src/lib/host-clock.ts',
        'src/live/relay-process.ts',
        'src/media/ffmpeg/run.ts',
      ],
    ],
    [
      'names ffmpeg as a program to start',
      /\bspawn\(\s*['"]ff|['"]fluent-ffmpeg['"]/,
      ['src/media/ffmpeg/pull-command.ts'],
    ],
    ['gives up on types', /(:|<|\bas|\||=>)\s*any\b(?! \w)|@ts-(ignore|expect-error|nocheck)/, []],
    ['is for everything and nothing', /from '\.[^']*\/(utils?|helpers?|common|misc)(\.ts|\/)/, []],
  ])('%s', (_what, pattern, allowed) => {
    const found = sources(['src', 'demo', 'web']).filter((file) => pattern.test(codeOf(file)));
    // Exact: an entry that is no longer needed is a fault too.
    expect(found).toEqual(allowed);
  });

  it('lists the tests that want the machine for themselves, and lists none that is gone', () => {
    expect(ALONE.filter((file) => !sources(['test']).includes(file))).toEqual([]);
    expect(new Set(ALONE).size).toBe(ALONE.length);
  });

  it('is left for a test that is skipped or has no end', () => {
    const skipped = sources(['test']).filter((file) =>
      /\b(it|describe|test)\.(skip|skipIf|only|todo)\s*\(/.test(codeOf(file)),
    );
    expect(skipped).toEqual([]);
  });
});

describe('the words', () => {
  it('exist in both languages under the same keys', () => {
    expect(keysOf(en)).toEqual(keysOf(ko));
  });

  it('of the screens exist in both languages, page by page, under the same keys', async () => {
    const names = readdirSync(join(ROOT, 'src/i18n/ko/screens')).sort();
    expect(readdirSync(join(ROOT, 'src/i18n/en/screens')).sort()).toEqual(names);
    for (const name of names) {
      const [korean, english] = await Promise.all(
        ['ko', 'en'].map((language) => import(join(ROOT, 'src/i18n', language, 'screens', name))),
      );
      expect(keysOf({ ...english }), name).toEqual(keysOf({ ...korean }));
      expect(JSON.stringify(korean), name).toMatch(/[가-힣]/);
      expect(JSON.stringify(english), name).not.toMatch(/[가-힣]/);
    }
  });

  it('are Korean in the Korean half', () => {
    for (const [name, said] of [...Object.entries(ko.gaps), ...Object.entries(ko.alarms)])
      expect(typeof said === 'string' ? said : said('cam01', {}), name).toMatch(/[가-힣]/);
  });

  it('stay whole when an alarm has no facts', () => {
    for (const { alarms } of [ko, en])
      for (const said of Object.values(alarms)) expect(said('cam01', {})).not.toMatch(/undefined|\(\)| {2}/);
  });
});

function sources(folders: readonly string[]): string[] {
  return folders
    .flatMap((folder) =>
      readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' }).map(
        (name) => `${folder}/${name}`,
      ),
    )
    .filter((name) => /\.tsx?$/.test(name))
    .sort();
}

/** A file without its comments, which may speak of anything. */
const codeOf = (file: string): string =>
  readFileSync(join(ROOT, file), 'utf8')
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .replace(/^\s*\/\/.*$/gm, '');

function keysOf(words: object, prefix = ''): string[] {
  return Object.entries(words)
    .flatMap(([key, value]) =>
      typeof value === 'object' && value !== null ? keysOf(value, `${prefix}${key}.`) : [`${prefix}${key}`],
    )
    .sort();
}

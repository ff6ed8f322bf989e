import { spawnSync } from 'node:child_process';
import {
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

describe('the boundary check sees', () => {
  let house = '';
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
  });
  afterAll(() => rmSync(house, { recursive: true }));

  it.each<[rule: string, file: string, line: string, back?: string]>([
    ['domains-know-no-edge', 'src/vault/planted.ts', "import '../http/app.ts';"],
    ['lib-imports-nothing-of-ours', 'src/lib/planted.ts', "import '../config/size.ts';"],
    ['db-knows-no-domain', 'src/db/planted.ts', "import '../vault/boxes.ts';"],
    ['product-does-not-need-the-demo', 'src/cli/planted.ts', "import '../../demo/site.ts';"],
    ['only-http-imports-fastify', 'src/live/planted.ts', "import 'fastify';"],
    ['only-http-imports-fastify', 'src/live/planted.ts', "import '@fastify/helmet';"],
    ['only-db-imports-bettersqlite3', 'src/catalogue/planted.ts', "import 'better-sqlite3';"],
    ['only-media-imports-fluentffmpeg', 'src/recording/planted.ts', "import 'fluent-ffmpeg';"],
    ['only-live-imports-nodemediaserver', 'src/media/planted.ts', "import 'node-media-server';"],
    ['only-cameras-imports-onvif', 'src/recording/planted.ts', "import 'onvif';"],
    ['only-access-imports-nodersargon2', 'src/http/planted.ts', "import '@node-rs/argon2';"],
    ['web-imports-contract-and-words-only', 'web/planted.ts', "import '../src/lib/ids.ts';"],
    ['only-mail-imports-nodemailer', 'src/stewardship/planted.ts', "import 'nodemailer';"],
    ['rtsp-knows-nothing-but-lib', 'src/rtsp/planted.ts', "import '../media/nal.ts';"],
    ['rtp-knows-media-and-lib', 'src/rtp/planted.ts', "import '../rtsp/session.ts';"],
    ['erasing-cannot-open-footage', 'src/retention/planted.ts', "import '../vault/check.ts';"],
    ['erasing-cannot-open-footage', 'src/retention/planted.ts', "import '../recording/recovery.ts';"],
    ['live-pictures-pass-the-gate', 'src/http/planted.ts', "import '../live/wall.ts';"],
    ['footage-opens-at-the-gate', 'src/http/planted.ts', "import '../vault/segment-reader.ts';"],
    ['footage-opens-at-the-gate', 'src/http/planted.ts', "import '../viewing/footage.ts';"],
    [
      'no-cycles',
      'src/vault/boxes.ts',
      "export { isEmptyVault as again } from './segment-tree.ts';",
      'src/vault/segment-tree.ts',
    ],
  ])(
    '%s, where it is broken',
    (rule, file, line, back) => {
      const path = join(house, file);
      const original = back ? readFileSync(path, 'utf8') : undefined;
      const other = back ? join(house, back) : undefined;
      const otherOriginal = other ? readFileSync(other, 'utf8') : undefined;
      writeFileSync(path, `${original ?? ''}${line}\n`);
      if (other)
        writeFileSync(
          other,
          `${otherOriginal}import { boxTypes } from './boxes.ts';\nboxTypes(Buffer.alloc(0));\n`,
        );
      try {
        const { code, said } = tool(
          'depcruise',
          ['--config', '.dependency-cruiser.cjs', 'src', 'web'],
          house,
        );
        expect(code).not.toBe(0);
        expect(said).toContain(rule);
      } finally {
        if (original === undefined) rmSync(path);
        else writeFileSync(path, original);
        if (other && otherOriginal !== undefined) writeFileSync(other, otherOriginal);
      }
    },
    MINUTE_MS,
  );
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

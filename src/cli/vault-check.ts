import { createCatalogueReader } from '../catalogue/reader.ts';
import type { CatalogueRegister } from '../catalogue/register.ts';
import { storageFolders } from '../config/folders.ts';
import { GirokError } from '../lib/errors.ts';
import { type CheckLevel, checkVault, type Finding } from '../vault/check.ts';
import { parseFile } from '../vault/identity.ts';
import type { OpeningKeys } from '../vault/segment-reader.ts';
import { createFolderStore } from '../vault/segment-store.ts';
import type { Command, CommandContext } from './command.ts';
import { EXIT } from './exit-code.ts';
import { openReadingKeys } from './reading-keys.ts';

const LEVELS: readonly CheckLevel[] = ['presence', 'size', 'full'];

export const vaultCheck: Command = {
  name: 'vault check',
  summary: {
    ko: '영상 파일과 목록이 맞는지 점검합니다. 아무것도 바꾸지 않으며 녹화 중에도 됩니다.',
    en: 'Checks the footage files against the catalogue. Changes nothing; may run while recording goes on.',
  },
  usage: '[--level presence|size|full]',
  examples: ['npm run -s girok -- vault check', 'npm run -s girok -- vault check --level full --json'],
  options: {
    level: {
      type: 'string',
      value: 'LEVEL',
      help: {
        ko: 'presence 이름만, size 크기까지(기본), full 모든 바이트를 풀어 확인',
        en: 'presence: names; size: and lengths (default); full: every byte decrypted and hashed',
      },
    },
  },
  positionals: { min: 0, max: 0 },
  json: '{ level, files, unfinished, sound: boolean, findings: [{ kind: "missing"|"unknown"|"strange"|"size"|"hash"|"damaged"|"locked"|"unreadable", file, chunk?, expected?, found?, sentence }] }; exit code 1 with findings',
  async run(context) {
    const level = levelOf(context);
    const config = context.config();
    const folders = storageFolders(config);
    const { vault: said } = context.words.operation;
    const reader = createCatalogueReader(folders.catalogue);
    const keyring = level === 'full' ? openReadingKeys(config, context) : undefined;
    const findings: Finding[] = [];
    let unfinished = 0;
    let toldAtUs = context.clock.monoUs();
    try {
      const { files } = await checkVault({
        store: createFolderStore(folders.vault),
        keys: keyring ?? NO_KEYS,
        level,
        register: reader.register,
        signal: context.signal,
        onFinding(finding) {
          if (finding.kind === 'unknown' && isBeingWritten(finding.file, reader.register)) unfinished += 1;
          else {
            findings.push(finding);
            context.print(lineOf(finding, context));
          }
        },
        onProgress({ cameraDays, cameraDaysDone, files: looked }) {
          const nowUs = context.clock.monoUs();
          if (nowUs - toldAtUs < PROGRESS_US) return;
          toldAtUs = nowUs;
          context.progress(said.checking({ done: cameraDaysDone, of: cameraDays, files: looked }));
        },
      });
      const sound = findings.length === 0;
      context.result(
        {
          level,
          files,
          unfinished,
          sound,
          findings: findings.map((finding) => ({ ...finding, sentence: said.finding[finding.kind] })),
        },
        sound ? said.sound({ files, level, unfinished }) : said.found({ files, findings: findings.length }),
      );
      return sound ? EXIT.ok : EXIT.failure;
    } finally {
      keyring?.close();
      await reader.close();
    }
  },
};

const PROGRESS_US = 1_000_000;

/** Below `full` nothing is opened. */
const NO_KEYS: OpeningKeys = {
  hourKey(camera, day, hour) {
    throw new GirokError('key_missing', { camera, day, hour });
  },
};

/**
 * A file whose row is reserved but does not bear its name yet was begun just now, or before a crash that the next
 * start settles. Asked in this order, because a reservation becomes a named row meanwhile.
 */
function isBeingWritten(file: string, register: CatalogueRegister): boolean {
  const named = parseFile(file);
  if (!named) return false;
  if (register.isReserved(named.segment)) return true;
  return register.filesOf(named.camera, named.day).some((row) => row.file === file);
}

function lineOf(finding: Finding, { words }: CommandContext): string {
  const { kind, file, chunk, expected, found } = finding;
  const facts = [
    ...(chunk === undefined ? [] : [`chunk ${chunk}`]),
    ...(expected === undefined ? [] : [`${String(expected)} ≠ ${String(found)}`]),
  ];
  return `${kind}  ${file}${facts.length > 0 ? ` (${facts.join(', ')})` : ''}: ${words.operation.vault.finding[kind]}`;
}

function levelOf({ options, words, usageError }: CommandContext): CheckLevel {
  const text = options.text('level') ?? 'size';
  const level = LEVELS.find((one) => one === text);
  if (level) return level;
  throw usageError(words.cli.badValue({ option: '--level', expected: words.operation.vault.badLevel }));
}

import { existsSync } from 'node:fs';
import { rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import { createCatalogueReader } from '../catalogue/reader.ts';
import { type CatalogueWriter, createCatalogueWriter } from '../catalogue/writer.ts';
import { storageFolders } from '../config/folders.ts';
import { isoFromUs } from '../lib/clock.ts';
import { syncDirectory } from '../lib/durable.ts';
import { GirokError, isGirokError } from '../lib/errors.ts';
import { recoverFromFiles } from '../recording/recovery.ts';
import { createFolderStore } from '../vault/segment-store.ts';
import { openVolume } from '../vault/volume.ts';
import type { Command, CommandContext } from './command.ts';
import { EXIT } from './exit-code.ts';
import { openReadingKeys } from './reading-keys.ts';

export const vaultReindex: Command = {
  name: 'vault reindex',
  summary: {
    ko: '영상 파일을 읽어 목록(catalogue.db)을 다시 만듭니다. 녹화기를 먼저 멈추십시오.',
    en: 'Rebuilds the catalogue (catalogue.db) from the footage files. Stop the recorder first.',
  },
  usage: '[--anew]',
  examples: ['npm run -s girok -- vault reindex', 'npm run -s girok -- vault reindex --anew'],
  options: {
    anew: {
      type: 'boolean',
      help: {
        ko: '있는 목록을 옮겨 두고 처음부터 (공백의 까닭은 사라집니다)',
        en: 'move the present catalogue aside and begin from nothing (the causes of gaps are lost)',
      },
    },
  },
  positionals: { min: 0, max: 0 },
  json: '{ files, restored, unreadable: [{ file, code }], movedAside?: PATH }; exit code 1 with unreadable files',
  async run(context) {
    const config = context.config();
    const folders = storageFolders(config);
    const { clock, words } = context;
    const { vault: said } = words.operation;
    // The recorder's own lock: while one runs, the catalogue is its.
    const volume = await openVolume({
      storage: folders.root,
      initialise: false,
      site: config.site.id,
      clock,
    });
    try {
      const keyring = openReadingKeys(config, context);
      try {
        const { writer, movedAside } = await openWriter(folders.catalogue, context);
        const reader = createCatalogueReader(folders.catalogue);
        let toldAtUs = clock.monoUs();
        try {
          const result = await recoverFromFiles(
            { store: createFolderStore(folders.vault), keys: keyring, register: reader.register, writer },
            {
              signal: context.signal,
              onProgress(files) {
                if (clock.monoUs() - toldAtUs < PROGRESS_US) return;
                toldAtUs = clock.monoUs();
                context.progress(said.reindexing({ files }));
              },
            },
          );
          await writer.flush();
          const unreadable = result.unreadable.map(({ file, error }) => ({
            file,
            code: error instanceof GirokError ? error.code : 'internal',
          }));
          context.result(
            {
              files: result.files,
              restored: result.restored,
              unreadable,
              ...(movedAside === undefined ? {} : { movedAside }),
            },
            [
              said.reindexed({
                files: result.files,
                restored: result.restored,
                unreadable: unreadable.length,
              }),
              ...unreadable.map(({ file, code }) => `  ${file}: ${words.errors[code]({})}`),
              ...(movedAside === undefined ? [] : [said.movedAside({ path: movedAside })]),
            ].join('\n'),
          );
          return unreadable.length === 0 ? EXIT.ok : EXIT.failure;
        } finally {
          await reader.close();
          await writer.close();
        }
      } finally {
        keyring.close();
      }
    } finally {
      volume.release();
    }
  },
};

const PROGRESS_US = 1_000_000;

/** A catalogue that cannot be opened is moved aside, never removed: somebody may want to look at it. */
async function openWriter(
  path: string,
  context: CommandContext,
): Promise<{ writer: CatalogueWriter; movedAside?: string }> {
  let movedAside: string | undefined;
  const open = () =>
    createCatalogueWriter({
      path,
      clock: context.clock,
      onTrouble: (sqlite) =>
        sqlite !== undefined && context.warn(context.words.alarms.catalogue_blocked('', { error: sqlite })),
      onRefused: (kind, fault) => context.warn(`${kind}: ${fault}`),
      onFatal: (error) => context.warn(error.message),
    });
  if (context.options.flag('anew')) movedAside = await moveAside(path, context);
  try {
    return { writer: await open(), ...(movedAside === undefined ? {} : { movedAside }) };
  } catch (error) {
    if (!isGirokError(error, 'database_damaged')) throw error;
    movedAside = await moveAside(path, context);
    return { writer: await open(), ...(movedAside === undefined ? {} : { movedAside }) };
  }
}

async function moveAside(path: string, { clock }: CommandContext): Promise<string | undefined> {
  if (!existsSync(path)) return undefined;
  const aside = `${path}.${isoFromUs(clock.utcUs()).replaceAll(/[-:]/g, '').slice(0, 15)}`;
  // The journal first: alone it is nothing, but beside a new database it would be taken for its own.
  for (const ending of ['-wal', '-shm', ''])
    if (existsSync(path + ending)) await rename(path + ending, aside + ending);
  await syncDirectory(dirname(path));
  return aside;
}

import { storageFolders } from '../config/folders.ts';
import { createSiteTime } from '../lib/site-time.ts';
import type { Command } from './command.ts';
import { EXIT } from './exit-code.ts';
import { copyHeld, holdBookOf } from './hold-copying.ts';
import { openWritingKeys } from './reading-keys.ts';

export const holdCopy: Command = {
  name: 'hold copy',
  summary: {
    ko: '끊긴 보존의 복사를 마칩니다.',
    en: 'Finishes the copying of holds that was broken off.',
  },
  usage: '',
  examples: ['npm run -s girok -- hold copy'],
  options: {},
  positionals: { min: 0, max: 0 },
  json: '[{ hold, files, missed: [{ file, code }] }]; exit code 1 when something could not be copied',
  async run(context) {
    const config = context.config();
    const { hold: said } = context.words.retention;
    const siteTime = createSiteTime(config.site.timeZone);
    const nowUs = context.clock.utcUs();
    const left = (await holdBookOf(storageFolders(config)).list()).filter(
      ({ state, endUs }) => state === 'copying' && nowUs < endUs,
    );
    const keyring = left.length > 0 ? openWritingKeys(config, context) : undefined;
    const done: Awaited<ReturnType<typeof copyHeld>>[] = [];
    try {
      for (const hold of left) if (keyring) done.push(await copyHeld(config, context, keyring, hold));
    } finally {
      keyring?.close();
    }
    context.result(
      done.map(({ hold, missed }) => ({ hold: hold.id, files: hold.files.length, missed })),
      done.length === 0
        ? said.none
        : done
            .flatMap(({ hold: { id, files, endUs }, missed }) => [
              said.copied({ hold: id, files: files.length, end: siteTime.label(endUs) }),
              ...missed.map(said.missed),
            ])
            .join('\n'),
    );
    return done.every(({ missed }) => missed.length === 0) ? EXIT.ok : EXIT.failure;
  },
};

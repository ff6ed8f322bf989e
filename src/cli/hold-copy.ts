import { storageFolders } from '../config/folders.ts';
import { createSiteTime } from '../lib/site-time.ts';
import { lapsedHolds } from '../retention/holds.ts';
import { holdBookOf } from '../stewardship/holds/places.ts';
import type { Command } from './command.ts';
import { EXIT } from './exit-code.ts';
import { type Followed, followCopying } from './hold-copying.ts';

export const holdCopy: Command = {
  name: 'hold copy',
  summary: {
    ko: '보존의 복사가 끝나기를 기다립니다. 청지기가 돌지 않으면 직접 복사합니다.',
    en: 'Waits until all holds are copied; copies them itself where no steward runs.',
  },
  usage: '',
  examples: ['npm run -s girok -- hold copy'],
  options: {},
  positionals: { min: 0, max: 0 },
  json: '[{ hold, state, files, missed: [{ file, code }] }]; exit code 1 when something could not be copied',
  async run(context) {
    const config = context.config();
    const { hold: said } = context.words.retention;
    const siteTime = createSiteTime(config.site.timeZone);
    const holds = await holdBookOf(storageFolders(config)).list();
    const over = new Set(lapsedHolds(holds, context.clock.utcUs()).map(({ hold }) => hold));
    const done: Followed[] = [];
    for (const { id, state } of holds)
      if (state === 'copying' && !over.has(id)) done.push(await followCopying(context, id));
    context.result(
      done.map(({ hold: { id, state }, files, missed }) => ({ hold: id, state, files, missed })),
      done.length === 0
        ? said.none
        : done
            .flatMap(({ hold: { id, endUs }, files, missed }) => [
              said.copied({ hold: id, files, end: siteTime.label(endUs) }),
              ...missed.map(said.missed),
            ])
            .join('\n'),
    );
    return done.every(({ missed }) => missed.length === 0) ? EXIT.ok : EXIT.failure;
  },
};

import { storageFolders } from '../config/folders.ts';
import { isoFromUs } from '../lib/clock.ts';
import { createSiteTime } from '../lib/site-time.ts';
import { createHoldCopies } from '../retention/hold-copies.ts';
import { readNote } from '../stewardship/holds/note.ts';
import { holdBookOf, holdsFolder } from '../stewardship/holds/places.ts';
import { columns } from './columns.ts';
import type { Command } from './command.ts';
import { EXIT } from './exit-code.ts';
import { enterHoldersShown, SEALED } from './names-shown.ts';
import { openReadingKeys } from './reading-keys.ts';

const OWNING: readonly string[] = ['made', 'taken_over', 'renewed'];

export const holdList: Command = {
  name: 'hold list',
  summary: {
    ko: '보존 대장: 무엇을 누가 왜 언제까지 보존하는지 보여 줍니다.',
    en: 'The hold book: what is kept beyond its time, by whom, why and until when.',
  },
  usage: '[--all] [--sealed]',
  examples: ['npm run -s girok -- hold list', 'npm run -s girok -- hold list --all --json'],
  options: {
    all: { type: 'boolean', help: { ko: '파기된 것도', en: 'those that are erased too' } },
    sealed: SEALED,
  },
  positionals: { min: 0, max: 0 },
  json: '[{ hold, kind, state, cameras, from, to, made, review, end, files, by?, reason?, reviewOverdue: boolean }]; exit code 1 while one is not copied whole, its review is overdue or its page is damaged',
  async run(context) {
    const config = context.config();
    const { hold: said } = context.words.retention;
    const siteTime = createSiteTime(config.site.timeZone);
    const nowUs = context.clock.utcUs();
    const folders = storageFolders(config);
    const book = holdBookOf(folders);
    const [all, damaged] = [await book.list(), await book.damaged()];
    const holds = all.filter(({ state }) => context.options.flag('all') || state !== 'erased');
    const isSealed = context.options.flag('sealed');
    const keyring = holds.length > 0 && !isSealed ? openReadingKeys(config, context) : undefined;
    try {
      const rows = await Promise.all(
        holds.map(async (hold) => {
          const copies = await createHoldCopies(holdsFolder(folders), hold.id).list();
          // Who has it now: the one that made it, or took it over.
          const owner = keyring && readNote(keyring, hold).findLast(({ did }) => OWNING.includes(did));
          return {
            ...hold,
            ...(owner && { by: owner.by, reason: owner.reason }),
            files: copies.filter((each) => 'leaf' in each).length,
            reviewOverdue: hold.state !== 'erased' && nowUs >= hold.reviewUs && hold.reviewUs < hold.endUs,
          };
        }),
      );
      const named = rows.filter(({ by }) => by !== undefined).length;
      if (named > 0) await enterHoldersShown(config, context, named);
      const waiting = rows.filter(({ state }) => state === 'copying');
      const overdue = rows.filter(({ reviewOverdue }) => reviewOverdue);
      context.result(
        rows.map(({ id, kind, state, cameras, fromUs, toUs, files, by, reason, reviewOverdue, ...hold }) => ({
          hold: id,
          kind,
          state,
          cameras,
          from: isoFromUs(fromUs),
          to: isoFromUs(toUs),
          made: isoFromUs(hold.madeUs),
          review: isoFromUs(hold.reviewUs),
          end: isoFromUs(hold.endUs),
          files,
          ...(by === undefined ? {} : { by, reason }),
          reviewOverdue,
        })),
        rows.length + damaged.length === 0
          ? said.none
          : [
              columns([
                Object.values(said.column),
                ...rows.map((row) => [
                  row.id,
                  said.kind[row.kind],
                  said.state[row.state],
                  row.cameras.join(' '),
                  siteTime.label(row.fromUs),
                  siteTime.label(row.toUs),
                  siteTime.label(row.endUs),
                  String(row.files),
                  row.by ?? (isSealed ? context.words.ledger.views.sealed : said.erasedNote),
                  row.reason ?? '',
                ]),
              ]),
              ...waiting.map(({ id }) => said.unfinished({ hold: id })),
              ...overdue.map(({ id, reviewUs }) => said.review({ hold: id, at: siteTime.label(reviewUs) })),
              ...damaged.map((path) => context.words.errors.database_damaged({ path })),
            ].join('\n'),
      );
      return waiting.length + overdue.length + damaged.length === 0 ? EXIT.ok : EXIT.failure;
    } finally {
      keyring?.close();
    }
  },
};

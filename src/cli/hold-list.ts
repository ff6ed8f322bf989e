import { storageFolders } from '../config/folders.ts';
import { isoFromUs } from '../lib/clock.ts';
import { isGirokError } from '../lib/errors.ts';
import { createSiteTime } from '../lib/site-time.ts';
import type { Hold } from '../retention/holds.ts';
import type { Keyring } from '../vault/keyring.ts';
import { openNote } from '../vault/locker-key.ts';
import { columns } from './columns.ts';
import type { Command } from './command.ts';
import { EXIT } from './exit-code.ts';
import { holdBookOf, lockerKeyOf } from './hold-copying.ts';
import { openReadingKeys } from './reading-keys.ts';

export const holdList: Command = {
  name: 'hold list',
  summary: {
    ko: '보존 대장: 무엇을 누가 왜 언제까지 보존하는지 보여 줍니다.',
    en: 'The hold book: what is kept beyond its time, by whom, why and until when.',
  },
  usage: '[--all]',
  examples: ['npm run -s girok -- hold list', 'npm run -s girok -- hold list --all --json'],
  options: {
    all: { type: 'boolean', help: { ko: '파기된 것도', en: 'those that are erased too' } },
  },
  positionals: { min: 0, max: 0 },
  json: '[{ hold, kind, state, cameras, from, to, made, review, end, files, by?, reason?, reviewOverdue: boolean }]; exit code 1 while one is not copied whole or its review is overdue',
  async run(context) {
    const config = context.config();
    const { hold: said } = context.words.retention;
    const siteTime = createSiteTime(config.site.timeZone);
    const nowUs = context.clock.utcUs();
    const all = await holdBookOf(storageFolders(config)).list();
    const holds = all.filter(({ state }) => context.options.flag('all') || state !== 'erased');
    const keyring = holds.length > 0 ? openReadingKeys(config, context) : undefined;
    try {
      const rows = holds.map((hold) => ({
        ...hold,
        ...noteOf(keyring, hold),
        reviewOverdue: hold.state !== 'erased' && nowUs >= hold.reviewUs,
      }));
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
          files: files.length,
          ...(by === undefined ? {} : { by, reason }),
          reviewOverdue,
        })),
        rows.length === 0
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
                  String(row.files.length),
                  row.by ?? said.erasedNote,
                  row.reason ?? '',
                ]),
              ]),
              ...waiting.map(({ id }) => said.unfinished({ hold: id })),
              ...overdue.map(({ id, reviewUs }) => said.review({ hold: id, at: siteTime.label(reviewUs) })),
            ].join('\n'),
      );
      return waiting.length + overdue.length === 0 ? EXIT.ok : EXIT.failure;
    } finally {
      keyring?.close();
    }
  },
};

/** Who and why; nothing once the key is gone. */
function noteOf(
  keyring: Keyring | undefined,
  { id, note }: Hold,
): { by?: string | undefined; reason?: string | undefined } {
  if (!keyring || note === '') return {};
  try {
    const key = lockerKeyOf(keyring, id, false);
    const text = openNote(key, id, note);
    key.fill(0);
    return text === undefined ? {} : (JSON.parse(text) as { by: string; reason: string });
  } catch (error) {
    if (isGirokError(error, 'key_missing')) return {};
    throw error;
  }
}

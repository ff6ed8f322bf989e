import { isoFromUs } from '../lib/clock.ts';
import { createSiteTime } from '../lib/site-time.ts';
import type { Command } from './command.ts';
import { EXIT } from './exit-code.ts';
import { END, endOf, WHO, whoOf, withHolds } from './hold-change.ts';

export const holdRenew: Command = {
  name: 'hold renew',
  summary: {
    ko: '사건·수술실 보존을 새 까닭으로 30일까지 더 늘립니다.',
    en: 'Lets the hold of an incident or of an operating room stand for up to 30 days more, with a reason of its own.',
  },
  usage: 'HOLD --by NAME --reason TEXT [--end DAY]',
  examples: ["npm run -s girok -- hold renew 06h0a72vta2hwxnh --by '송은서' --reason '조사가 계속됨'"],
  options: { ...WHO, end: END },
  positionals: { min: 1, max: 1 },
  json: '{ hold, kind, review, end }',
  async run(context) {
    const config = context.config();
    const { hold: said } = context.words.retention;
    const zone = config.site.timeZone;
    const [id = ''] = context.positionals;
    const who = whoOf(context);
    const page = await withHolds(config, context, (holds) =>
      holds.renew(id, { endUs: endOf(context, zone) }, who),
    );
    const { id: hold, kind, reviewUs, endUs } = page;
    context.result(
      { hold, kind, review: isoFromUs(reviewUs), end: isoFromUs(endUs) },
      said.newEnd({ hold, kind: said.kind[kind], end: createSiteTime(zone).label(endUs) }),
    );
    return EXIT.ok;
  },
};

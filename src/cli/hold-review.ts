import { isoFromUs } from '../lib/clock.ts';
import { createSiteTime } from '../lib/site-time.ts';
import { nextReviewUs } from '../retention/hold-terms.ts';
import { isLasting } from '../retention/holds.ts';
import type { Command } from './command.ts';
import { EXIT } from './exit-code.ts';
import { changeHold, WHO } from './hold-change.ts';

export const holdReview: Command = {
  name: 'hold review',
  summary: {
    ko: '보존이 아직 필요한지 살폈음을 기록합니다. 다음 검토는 30일 안입니다.',
    en: 'Records that somebody has looked whether a hold is still needed; the next look is due within 30 days.',
  },
  usage: 'HOLD --by NAME --reason TEXT',
  examples: ["npm run -s girok -- hold review 06h0a72vta2hwxnh --by '송은서' --reason '재판이 계속됨'"],
  options: WHO,
  positionals: { min: 1, max: 1 },
  json: '{ hold, review }',
  async run(context) {
    const { hold: said } = context.words.retention;
    const zone = context.config().site.timeZone;
    const { id: hold, reviewUs } = await changeHold(context, {
      event: 'hold.reviewed',
      did: 'reviewed',
      from: ['copying', 'held'],
      act(page, nowUs) {
        if (!isLasting(page, nowUs)) throw context.usageError(said.over({ hold: page.id }));
        const next = nextReviewUs(nowUs, page.endUs);
        return { hold: { ...page, reviewUs: next }, facts: { review: isoFromUs(next) } };
      },
    });
    const review = isoFromUs(reviewUs);
    context.result({ hold, review }, said.reviewed({ hold, at: createSiteTime(zone).label(reviewUs) }));
    return EXIT.ok;
  },
};

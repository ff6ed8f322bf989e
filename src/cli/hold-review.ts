import { isoFromUs } from '../lib/clock.ts';
import { createSiteTime } from '../lib/site-time.ts';
import type { Command } from './command.ts';
import { EXIT } from './exit-code.ts';
import { WHO, whoOf, withHolds } from './hold-change.ts';

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
    const config = context.config();
    const { hold: said } = context.words.retention;
    const [id = ''] = context.positionals;
    const who = whoOf(context);
    const { reviewUs } = await withHolds(config, context, (holds) => holds.review(id, who));
    context.result(
      { hold: id, review: isoFromUs(reviewUs) },
      said.reviewed({ hold: id, at: createSiteTime(config.site.timeZone).label(reviewUs) }),
    );
    return EXIT.ok;
  },
};

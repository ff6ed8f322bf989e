import { HOLD_KINDS } from '../contract/hold-kinds.ts';
import { isoFromUs } from '../lib/clock.ts';
import { createSiteTime } from '../lib/site-time.ts';
import type { Command } from './command.ts';
import { EXIT } from './exit-code.ts';
import { kindOf } from './hold-add.ts';
import { END, endOf, WHO, whoOf, withHolds } from './hold-change.ts';

export const holdTakeOver: Command = {
  name: 'hold take-over',
  summary: {
    ko: '접수된 청구나 기관의 요구가 보존을 넘겨받습니다: 종류와 기한이 바뀌고 사본은 그대로입니다.',
    en: 'A request or an order takes a hold over: its kind and its end change, its copies stay.',
  },
  usage: 'HOLD --kind KIND --by NAME --reason TEXT [--end DAY]',
  examples: [
    "npm run -s girok -- hold take-over 06h0a72vta2hwxnh --kind subject_request --by '송은서' --reason '열람 청구 접수'",
  ],
  options: {
    kind: {
      type: 'string',
      value: HOLD_KINDS.filter((kind) => kind !== 'desk').join('|'),
      help: { ko: '무엇이 넘겨받는지', en: 'what takes it over' },
    },
    ...WHO,
    end: END,
  },
  positionals: { min: 1, max: 1 },
  json: '{ hold, kind, review, end }',
  async run(context) {
    const config = context.config();
    const { hold: said } = context.words.retention;
    const zone = config.site.timeZone;
    const [id = ''] = context.positionals;
    const to = { kind: kindOf(context, ''), endUs: endOf(context, zone) };
    const who = whoOf(context);
    const page = await withHolds(config, context, (holds) => holds.takeOver(id, to, who));
    const { id: hold, kind, reviewUs, endUs } = page;
    context.result(
      { hold, kind, review: isoFromUs(reviewUs), end: isoFromUs(endUs) },
      said.newEnd({ hold, kind: said.kind[kind], end: createSiteTime(zone).label(endUs) }),
    );
    return EXIT.ok;
  },
};

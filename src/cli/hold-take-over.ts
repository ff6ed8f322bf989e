import { isoFromUs } from '../lib/clock.ts';
import { createSiteTime } from '../lib/site-time.ts';
import { HOLD_DAYS, HOLD_KINDS, termsOf } from '../retention/hold-terms.ts';
import { isLasting } from '../retention/holds.ts';
import type { Command } from './command.ts';
import { EXIT } from './exit-code.ts';
import { kindOf } from './hold-add.ts';
import { changeHold, END, endOf, WHO } from './hold-change.ts';

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
    const { words, usageError } = context;
    const { hold: said } = words.retention;
    const zone = context.config().site.timeZone;
    const kind = kindOf(context, '');
    if (kind === 'desk') throw usageError(said.notDesk);
    const page = await changeHold(context, {
      event: 'hold.taken_over',
      did: 'taken_over',
      from: ['copying', 'held'],
      act(hold, nowUs) {
        if (!isLasting(hold, nowUs)) throw usageError(said.over({ hold: hold.id }));
        if (hold.kind === kind) throw usageError(said.sameKind({ hold: hold.id }));
        const terms = termsOf(kind, nowUs, endOf(context, zone));
        if (!terms)
          throw usageError(
            words.cli.badValue({
              option: '--end',
              expected: said.badEnd({ most: HOLD_DAYS[kind].most }),
            }),
          );
        const facts = { kind, review: isoFromUs(terms.reviewUs), end: isoFromUs(terms.endUs) };
        return { hold: { ...hold, kind, ...terms }, facts };
      },
    });
    const { id: hold, reviewUs, endUs } = page;
    context.result(
      { hold, kind, review: isoFromUs(reviewUs), end: isoFromUs(endUs) },
      said.newEnd({ hold, kind: said.kind[kind], end: createSiteTime(zone).label(endUs) }),
    );
    return EXIT.ok;
  },
};

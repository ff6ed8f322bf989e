import { isoFromUs } from '../lib/clock.ts';
import { createSiteTime } from '../lib/site-time.ts';
import { HOLD_DAYS, RENEWABLE, termsOf } from '../retention/hold-terms.ts';
import { isLasting } from '../retention/holds.ts';
import type { Command } from './command.ts';
import { EXIT } from './exit-code.ts';
import { changeHold, END, endOf, WHO } from './hold-change.ts';

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
    const { words, usageError } = context;
    const { hold: said } = words.retention;
    const zone = context.config().site.timeZone;
    const page = await changeHold(context, {
      event: 'hold.renewed',
      did: 'renewed',
      from: ['copying', 'held'],
      act(hold, nowUs) {
        const { id, kind } = hold;
        if (!isLasting(hold, nowUs)) throw usageError(said.over({ hold: id }));
        if (!RENEWABLE.includes(kind)) throw usageError(said.notRenewable({ kind: said.kind[kind] }));
        const terms = termsOf(kind, nowUs, endOf(context, zone));
        if (!terms)
          throw usageError(
            words.cli.badValue({
              option: '--end',
              expected: said.badEnd({ most: HOLD_DAYS[kind].most }),
            }),
          );
        const facts = { review: isoFromUs(terms.reviewUs), end: isoFromUs(terms.endUs) };
        return { hold: { ...hold, ...terms }, facts };
      },
    });
    const { id: hold, kind, reviewUs, endUs } = page;
    context.result(
      { hold, kind, review: isoFromUs(reviewUs), end: isoFromUs(endUs) },
      said.newEnd({ hold, kind: said.kind[kind], end: createSiteTime(zone).label(endUs) }),
    );
    return EXIT.ok;
  },
};

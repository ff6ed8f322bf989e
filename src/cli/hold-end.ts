import type { Command } from './command.ts';
import { EXIT } from './exit-code.ts';
import { WHO, whoOf, withHolds } from './hold-change.ts';

export const holdEnd: Command = {
  name: 'hold end',
  summary: {
    ko: '보존을 끝냅니다. 사본은 다음 파기에서 되살릴 수 없게 없어집니다.',
    en: 'Ends a hold. Its copies are erased beyond recovery by the next run of the purge.',
  },
  usage: 'HOLD --by NAME --reason TEXT',
  examples: ["npm run -s girok -- hold end 06h0a72vta2hwxnh --by '홍길동' --reason '열람이 끝남'"],
  options: WHO,
  positionals: { min: 1, max: 1 },
  json: '{ hold, state: "ended" }',
  async run(context) {
    const [id = ''] = context.positionals;
    const who = whoOf(context);
    const { state } = await withHolds(context.config(), context, (holds) => holds.end(id, who));
    context.result({ hold: id, state }, context.words.retention.hold.ended({ hold: id }));
    return EXIT.ok;
  },
};

import { storageFolders } from '../config/folders.ts';
import type { Command } from './command.ts';
import { EXIT } from './exit-code.ts';
import { holdAccountsOf, holdBookOf } from './hold-copying.ts';

export const holdEnd: Command = {
  name: 'hold end',
  summary: {
    ko: '보존을 끝냅니다. 사본은 다음 파기에서 되살릴 수 없게 없어집니다.',
    en: 'Ends a hold. Its copies are erased beyond recovery by the next run of the purge.',
  },
  usage: 'HOLD --by NAME --reason TEXT',
  examples: ["npm run -s girok -- hold end 06h0a72vta2hwxnh --by '홍길동' --reason '열람이 끝남'"],
  options: {
    by: { type: 'string', value: 'NAME', help: { ko: '끝내는 사람', en: 'who ends it' } },
    reason: { type: 'string', value: 'TEXT', help: { ko: '까닭', en: 'why' } },
  },
  positionals: { min: 1, max: 1 },
  json: '{ hold, state: "ended" }',
  async run(context) {
    const folders = storageFolders(context.config());
    const { hold: said } = context.words.retention;
    const [id = ''] = context.positionals;
    const [by, reason] = [context.options.text('by')?.trim(), context.options.text('reason')?.trim()];
    if (!by || !reason) throw context.usageError(said.needsWho);
    const book = holdBookOf(folders);
    const hold = (await book.list()).find((each) => each.id === id && each.state !== 'erased');
    if (!hold) throw context.usageError(said.unknown({ hold: id }));
    await holdAccountsOf(folders, context).enter({ event: 'hold.ended', facts: { hold: id, by, reason } });
    await book.write({ ...hold, state: 'ended' });
    context.result({ hold: id, state: 'ended' }, said.ended({ hold: id }));
    return EXIT.ok;
  },
};

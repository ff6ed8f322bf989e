import { changeAlarm } from './alarm-change.ts';
import type { Command } from './command.ts';
import { EXIT } from './exit-code.ts';
import { BY } from './persons.ts';

export const alarmTake: Command = {
  name: 'alarm take',
  summary: {
    ko: '경보를 맡습니다. 누가 맡았는지 장부에 봉인되어 남습니다.',
    en: 'Takes an alarm on. Who did is sealed into the ledger.',
  },
  usage: 'ALARM --by NAME',
  examples: ["npm run -s girok -- alarm take 06h0a72vta2hwxnh --by '송은서'"],
  options: { by: BY },
  positionals: { min: 1, max: 1 },
  json: '{ id, alarm, subject, entry }',
  async run(context) {
    const { alarm, entry } = await changeAlarm(context, 'take');
    const { id, alarm: code, subject } = alarm;
    context.result({ id, alarm: code, subject, entry }, context.words.notices.alarm.taken({ id }));
    return EXIT.ok;
  },
};

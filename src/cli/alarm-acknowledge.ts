import { changeAlarm } from './alarm-change.ts';
import type { Command } from './command.ts';
import { EXIT } from './exit-code.ts';
import { BY, NOTE } from './persons.ts';

export const alarmAcknowledge: Command = {
  name: 'alarm acknowledge',
  summary: {
    ko: '경보를 보았다고 적습니다. 그 뒤로는 날마다 다시 알리지 않습니다.',
    en: 'Takes note of an alarm. From then on it is not told again each day.',
  },
  usage: 'ALARM --by NAME [--note TEXT]',
  examples: ["npm run -s girok -- alarm acknowledge 06h0a72vta2hwxnh --by '송은서' --note '디스크 주문함'"],
  options: { by: BY, note: NOTE },
  positionals: { min: 1, max: 1 },
  json: '{ id, alarm, subject, entry }',
  async run(context) {
    const { alarm, entry } = await changeAlarm(context, 'acknowledge');
    const { id, alarm: code, subject } = alarm;
    context.result({ id, alarm: code, subject, entry }, context.words.notices.alarm.acknowledged({ id }));
    return EXIT.ok;
  },
};

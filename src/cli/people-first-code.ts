import type { Command } from './command.ts';
import { EXIT } from './exit-code.ts';
import { withPeople } from './people-of.ts';

export const peopleFirstCode: Command = {
  name: 'people first-code',
  summary: {
    ko: '관리자가 없을 때 첫 관리자를 만들 한 번짜리 번호를 보여 줍니다.',
    en: 'Prints a code for the first administrator, good once, while there is no administrator.',
  },
  usage: '',
  examples: ['npm run -s girok -- people first-code'],
  options: {},
  positionals: { min: 0, max: 0 },
  json: '{ code }',
  async run(context) {
    const code = await withPeople(context, async ({ firstRun }) => firstRun.makeFirstCode());
    context.result({ code }, context.words.people.command.firstCode({ code }));
    return EXIT.ok;
  },
};

import type { Command } from './command.ts';
import { EXIT } from './exit-code.ts';
import { withPeople } from './people-of.ts';

export const peopleDemo: Command = {
  name: 'people demo',
  summary: {
    ko: '가상 현장에 역할마다 한 사람씩 계정을 만들고 비밀번호를 한 번 보여 줍니다.',
    en: 'Makes an account of each role for a simulated site, and shows their passwords once.',
  },
  usage: '',
  examples: ['npm run -s girok -- people demo'],
  options: {},
  positionals: { min: 0, max: 0 },
  json: '{ accounts: { login, name, role, password }[] }',
  async run(context) {
    const said = context.words.people.command;
    if (!context.config().simulatedSite.enabled) throw context.usageError(said.notSimulated);
    const accounts = await withPeople(context, (people) => people.makeDemoAccounts());
    context.result({ accounts }, said.demo(accounts));
    return EXIT.ok;
  },
};

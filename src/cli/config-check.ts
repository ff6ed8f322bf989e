import { ConfigFaulty, type Fault } from '../config/fault.ts';
import { pullDecision } from '../config/pull-decision.ts';
import { faultLine } from '../i18n/sentences.ts';
import type { Command } from './command.ts';
import { EXIT } from './exit-code.ts';

export const configCheck: Command = {
  name: 'config check',
  summary: {
    ko: 'cameras.yml 을 검사하여 모든 오류와 경고를 알립니다. 아무 데도 접속하지 않습니다.',
    en: 'Checks cameras.yml and tells every fault and warning at once. Contacts nothing.',
  },
  usage: '',
  examples: [
    'npm run -s girok -- config check',
    'npm run -s girok -- config check --config /etc/girok/cameras.yml --json',
  ],
  options: {},
  positionals: { min: 0, max: 0 },
  json: '{ path, sound: boolean, cameras: number, faults: [{ file, line, column, path, kind, facts, sentence }], warnings: [{ camera, kind, sentence }] }',
  async run(context) {
    try {
      const config = context.config();
      const warnings = config.cameras.flatMap((camera) => {
        const { warning } = pullDecision(camera);
        if (!warning) return [];
        const said = context.words.config.warnings[warning]({ camera: camera.id });
        return [{ camera: camera.id, kind: warning, sentence: said }];
      });
      context.result(
        { path: config.file, sound: true, cameras: config.cameras.length, faults: [], warnings },
        [
          ...warnings.map((warning) => warning.sentence),
          context.words.config.sound({ path: config.file, cameras: config.cameras.length }),
        ].join('\n'),
      );
      return EXIT.ok;
    } catch (error) {
      if (!(error instanceof ConfigFaulty)) throw error;
      const told = error.faults.map((fault: Fault) => ({
        ...fault,
        sentence: faultLine(fault, context.language),
      }));
      context.result(
        { path: error.facts.path, sound: false, cameras: 0, faults: told, warnings: [] },
        told.map((fault) => fault.sentence).join('\n'),
      );
      return EXIT.configuration;
    }
  },
};

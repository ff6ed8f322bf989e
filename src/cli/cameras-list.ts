import type { CameraConfig } from '../config/config.ts';
import { pullDecision } from '../config/pull-decision.ts';
import { columns } from './columns.ts';
import type { Command } from './command.ts';

export const camerasList: Command = {
  name: 'cameras list',
  summary: {
    ko: '등록된 카메라와, 지금 녹화하는지와 그 이유를 보여 줍니다.',
    en: 'Shows the registered cameras, and whether and why each is recorded.',
  },
  usage: '',
  examples: ['npm run -s girok -- cameras list', 'npm run -s girok -- cameras list --json'],
  options: {},
  positionals: { min: 0, max: 0 },
  json: '{ cameras: [{ id, name, place, coverage, zone, purposes, address, record, recording, pull: boolean, why, warning? }] }',
  async run(context) {
    const { cameras: words, config: configWords } = context.words;
    const rows = context.config().cameras.map((camera) => ({ camera, decision: pullDecision(camera) }));
    const { column } = words;
    context.result(
      {
        cameras: rows.map(({ camera, decision }) => ({
          id: camera.id,
          name: camera.name,
          place: camera.place,
          coverage: camera.coverage,
          zone: camera.zone.class,
          purposes: camera.purposes,
          address: addressOf(camera),
          record: camera.record,
          recording: camera.recording,
          ...decision,
        })),
      },
      [
        columns([
          [column.id, column.name, column.place, column.zone, column.recording, column.address],
          ...rows.map(({ camera, decision }) => [
            camera.id,
            camera.name[context.language],
            camera.place[context.language],
            words.zone[camera.zone.class],
            words.why[decision.why],
            addressOf(camera),
          ]),
        ]),
        ...rows.flatMap(({ camera, decision }) =>
          decision.warning ? [configWords.warnings[decision.warning]({ camera: camera.id })] : [],
        ),
      ].join('\n'),
    );
    return undefined;
  },
};

const addressOf = ({ source }: CameraConfig): string =>
  source.kind === 'onvif' ? source.deviceUrl : source.mainUrl;

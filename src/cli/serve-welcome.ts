import type { Config } from '../config/config.ts';
import type { RecorderStatus } from '../contract/recorder-status.ts';
import type { Sentences } from '../i18n/ko.ts';
import type { Language } from '../i18n/language.ts';
import { sizeText } from '../i18n/size-text.ts';
import { columns } from './columns.ts';
import { forecastSentence } from './forecast-sentence.ts';
import { alarmSentence } from './status-words.ts';

export interface Welcome {
  readonly config: Config;
  readonly status: RecorderStatus;
  readonly recording: number;
  readonly of: number;
  /** Where the web server answers, without a slash at the end. */
  readonly address: string;
}

/** What a person sees once everything runs. */
export function welcome(seen: Welcome, words: Sentences, language: Language): string {
  const { config, status } = seen;
  const { label, ...said } = words.operation.serve;
  const { forecast } = status;
  return [
    '',
    config.site.name[language],
    columns([
      [`  ${label.recording}`, said.recording(seen)],
      [
        `  ${label.storage}`,
        said.storage({ folder: config.storage.folder, free: sizeText(status.disk.freeBytes) }),
      ],
      [
        `  ${label.forecast}`,
        forecast ? forecastSentence(forecast, words) : words.operation.forecast.measuring,
      ],
      [`  ${label.web}`, `${seen.address}/`],
      [`  ${label.metrics}`, `${seen.address}/metrics`],
      [`  ${label.stop}`, said.stop],
    ]),
    ...(config.simulatedSite.enabled ? [said.simulated] : []),
    // Whether the retention fits stands above.
    ...status.alarms
      .filter(({ code }) => code !== 'retention_at_risk')
      .map((alarm) => said.alarm({ sentence: alarmSentence(alarm, words) })),
    '',
  ].join('\n');
}

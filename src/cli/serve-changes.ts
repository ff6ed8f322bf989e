import type { CameraStatus, RecorderStatus } from '../contract/recorder-status.ts';
import type { Sentences } from '../i18n/ko.ts';
import type { Language } from '../i18n/language.ts';
import { isRecording } from '../stewardship/health.ts';
import { alarmSentence, gapWord } from './status-words.ts';

/** What a person should hear of between two looks at the recorder: cameras lost and back, alarms begun and over. */
export function changesBetween(
  before: RecorderStatus,
  after: RecorderStatus,
  { words, language }: { words: Sentences; language: Language },
): string[] {
  const { serve } = words.operation;
  const was = new Map(before.cameras.map((camera) => [camera.id, camera]));
  const cameras = after.cameras.flatMap((camera) => {
    const old = was.get(camera.id);
    if (!old || isRecording(old) === isRecording(camera) || !camera.pulled) return [];
    const facts = { camera: camera.id, name: camera.name[language] };
    return [
      isRecording(camera) ? serve.back(facts) : serve.lost({ ...facts, cause: causeOf(camera, words) }),
    ];
  });
  const keys = (status: RecorderStatus) => new Set(status.alarms.map(keyOf));
  const [stood, stands] = [keys(before), keys(after)];
  return [
    ...cameras,
    ...after.alarms
      .filter((alarm) => !stood.has(keyOf(alarm)))
      .map((alarm) => serve.alarm({ sentence: alarmSentence(alarm, words) })),
    ...before.alarms
      .filter((alarm) => !stands.has(keyOf(alarm)))
      .map((alarm) => serve.over({ sentence: alarmTitle(alarm, words) })),
  ];
}

const keyOf = ({ code, subject }: RecorderStatus['alarms'][number]) => `${code} ${subject}`;

function causeOf(camera: CameraStatus, words: Sentences): string {
  const gap = camera.streams.find(({ gap: open }) => open)?.gap;
  return gapWord(gap?.cause ?? 'unknown', words);
}

/** Of an alarm that is over only what it was matters: its first sentence. */
function alarmTitle(alarm: RecorderStatus['alarms'][number], words: Sentences): string {
  const whole = alarmSentence(alarm, words);
  return /^.*?[.](?=\s|$)/.exec(whole)?.[0] ?? whole;
}

import type { CameraConfig } from '../../config/config.ts';
import type { AlarmRow } from '../../db/site/alarm-rows.ts';
import type { Language } from '../../i18n/language.ts';
import { alarmText, sentencesIn } from '../../i18n/sentences.ts';
import type { Facts } from '../../lib/errors.ts';

type Named = readonly Pick<CameraConfig, 'id' | 'name'>[];

/** What stands, for people who know the cameras by their names: `현관 (cam01/main): …`. */
export const alarmSentence = (
  { alarm, subject, facts }: Pick<AlarmRow, 'alarm' | 'subject' | 'facts'>,
  cameras: Named,
  language: Language,
): string =>
  alarmText(sentencesIn(language), alarm, named(subject, cameras, language), JSON.parse(facts) as Facts);

/** A subject is a camera, one of its streams, or neither. */
function named(subject: string, cameras: Named, language: Language): string {
  const [id] = subject.split('/');
  const name = cameras.find((camera) => camera.id === id)?.name[language];
  return name === undefined || name === id ? subject : `${name} (${subject})`;
}

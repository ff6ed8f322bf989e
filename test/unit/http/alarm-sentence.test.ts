import { expect, it } from 'vitest';
import { alarmSentence } from '../../../src/http/resources/alarm-sentence.ts';

const CAMERAS = [
  { id: 'cam01', name: { ko: '현관', en: 'Entrance' } },
  { id: 'cam02', name: { ko: 'cam02', en: 'cam02' } },
] as unknown as Parameters<typeof alarmSentence>[1];

it.each([
  ['cam01', 'ko', '현관 (cam01): '],
  ['cam01/sub', 'en', 'Entrance (cam01/sub): '],
  ['cam02/main', 'ko', 'cam02/main: '],
  // One that is not configured any more.
  ['cam09', 'en', 'cam09: '],
] as const)('says what stands of %s in %s by its name', (subject, language, begins) => {
  const row = { alarm: 'camera_not_recording', subject, facts: '{}' };
  expect(alarmSentence(row, CAMERAS, language).startsWith(begins)).toBe(true);
});

it('leaves a subject that is no camera as it is', () => {
  expect(alarmSentence({ alarm: 'unheard_of', subject: 'x1', facts: '{}' }, CAMERAS, 'ko')).toBe(
    'unheard_of x1',
  );
});

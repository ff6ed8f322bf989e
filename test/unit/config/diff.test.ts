import { describe, expect, it } from 'vitest';
import { diffConfig } from '../../../src/config/diff.ts';
import { parse, SOUND } from './sample.ts';

const none = { added: [], removed: [], changed: [], applied: [], needsRestart: [] };
const second = SOUND.slice(SOUND.indexOf('  - id:')).replace('cam01', 'cam02');

describe('what an edit means', () => {
  it('means nothing when only comments and spelling changed', () => {
    expect(diffConfig(parse(SOUND), parse(`# a comment\n${SOUND.replace("'1'", '"1"')}`))).toEqual(none);
  });

  it('touches only the camera that was edited', () => {
    const edited = (SOUND + second).replace('ko: 문, en: Door', 'ko: 창, en: Window');
    expect(diffConfig(parse(SOUND + second), parse(edited))).toEqual({ ...none, changed: ['cam01'] });
  });

  it('names cameras that came and went', () => {
    expect(diffConfig(parse(SOUND), parse(SOUND + second))).toEqual({ ...none, added: ['cam02'] });
    expect(diffConfig(parse(SOUND + second), parse(SOUND))).toEqual({ ...none, removed: ['cam02'] });
  });

  it('resolves every camera anew when the allowed networks change', () => {
    const narrower = SOUND.replace('127.0.0.0/8', '127.0.0.0/16');
    expect(diffConfig(parse(SOUND), parse(narrower))).toEqual({
      ...none,
      changed: ['cam01'],
      applied: ['cameraNetworks'],
    });
  });

  it('lets a site be renamed at once, but marks another id as another site', () => {
    const [renamed, moved] = [
      SOUND.replace('ko: 의원', 'ko: 병원'),
      SOUND.replace('id: clinic', 'id: other'),
    ];
    expect(diffConfig(parse(SOUND), parse(renamed))).toEqual({ ...none, applied: ['site'] });
    expect(diffConfig(parse(SOUND), parse(moved))).toEqual({ ...none, needsRestart: ['site.id'] });
  });

  it('separates what applies at once from what needs a restart', () => {
    const edited = `${SOUND.replace('folder: store', 'folder: other').replace('en: Clinic } }', 'en: Clinic }, timeZone: UTC }')}retention: { days: 60 }\nhttp: { port: 1 }\n`;
    expect(diffConfig(parse(SOUND), parse(edited))).toEqual({
      ...none,
      applied: ['retention'],
      // The backups lie in the storage folder unless they are told to lie elsewhere.
      needsRestart: ['site.timeZone', 'storage', 'http', 'backup'],
    });
  });
});

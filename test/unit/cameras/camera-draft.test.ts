import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse as parseYaml } from 'yaml';
import { type CameraDraft, draftEntry } from '../../../src/cameras/camera-draft.ts';
import { faultsOfEntry } from '../../../src/config/check-entry.ts';
import { draftInput, probeInput } from '../../../src/contract/camera-search-input.ts';
import { parse, SOUND, shippedText } from '../config/sample.ts';

const draft = (changes: Partial<CameraDraft> = {}): CameraDraft => ({
  id: 'cam14',
  name: { ko: '현관', en: 'Entrance' },
  place: { ko: '1층', en: 'First floor' },
  coverage: { ko: '문', en: 'Door' },
  zone: 'public',
  purposes: ['FIRE_PREVENTION'],
  source: { kind: 'onvif', deviceUrl: 'http://127.0.0.114:8080/onvif/device_service' },
  login: true,
  record: 'main+sub',
  ...changes,
});
const faults = (changes: Partial<CameraDraft>, file = SOUND) =>
  faultsOfEntry(file, draftEntry(draft(changes)), '/site/cameras.yml').map(
    ({ kind, path }) => `${kind} ${path}`,
  );

describe('the entry of a camera', () => {
  it('is ready to be pasted as it is', () => {
    for (const changes of [
      {},
      { zone: 'non_public', consent: '서면 동의, 원무과 보관: "2026"' } as const,
      { zone: 'operating_room', login: false } as const,
      { zone: 'prohibited', record: 'main' } as const,
      { source: { kind: 'rtsp', mainUrl: 'rtsp://127.0.0.114/a', subUrl: 'rtsp://127.0.0.114/b' } } as const,
    ]) {
      expect(faults(changes)).toEqual([]);
      const entry = draftEntry(draft(changes));
      const camera = parse(`${SOUND}${entry}\n`).cameras[1];
      expect(camera?.id).toBe('cam14');
      expect(camera?.enabled).toBe(changes.zone !== 'prohibited');
      expect(camera?.recording).toBe(changes.zone === 'operating_room' ? 'on_request' : 'continuous');
    }
    expect(faults({}, shippedText())).toEqual([]);
  });

  it('says what cameras.yml would refuse of it, and nothing of what else is wrong there', () => {
    expect(faults({ id: 'cam01' })).toEqual(['duplicate_id id']);
    expect(faults({ zone: 'non_public' })).toEqual(['consent_missing zone']);
    expect(faults({ purposes: ['SOMETHING'] })).toEqual(['unknown_purpose purposes[0]']);
    expect(faults({ source: { kind: 'onvif', deviceUrl: 'http://10.9.9.9/' } })).toEqual([
      'outside_networks source.onvif',
    ]);
    expect(faults({}, SOUND.replace('class: public', 'class: nothing'))).toEqual([]);
  });

  it('holds whatever is typed as text, and breaks out of nothing', () => {
    const text = fc.string({ minLength: 1, maxLength: 40, unit: 'grapheme' });
    fc.assert(
      fc.property(text, text, text, (ko, en, consent) => {
        const asked = draft({ name: { ko, en }, zone: 'non_public', consent });
        const [camera] = parseYaml(draftEntry(asked)) as { name: unknown; zone: unknown; enabled: unknown }[];
        expect(camera).toMatchObject({
          name: { ko, en },
          zone: { class: 'non_public', consent },
          enabled: true,
        });
      }),
    );
  });
});

describe('what is typed to look at a camera', () => {
  const onvif = (deviceUrl: string) => ({ source: { kind: 'onvif', deviceUrl }, zone: 'public' });
  it('has no login in an address, neither as such nor as the password that was typed', () => {
    expect(probeInput.safeParse(onvif('http://127.0.0.1/onvif/device_service')).success).toBe(true);
    for (const url of [
      'http://admin:x@127.0.0.1/',
      'http://127.0.0.1/?password=x',
      'http://127.0.0.1/?user=a&pwd=x',
      'http://127.0.0.1/user=admin_password=tlJwpbo6_channel=1',
      'file:///etc/passwd',
      'http://127.0.0.1/\r\nX: y',
      'rtsp://127.0.0.1/',
    ])
      expect(probeInput.safeParse(onvif(url)).success, url).toBe(false);
    const login = { user: 'admin', password: 'swordfish' };
    expect(probeInput.safeParse({ ...onvif('http://127.0.0.1/swordfish/1'), login }).success).toBe(false);
    expect(probeInput.safeParse({ ...onvif('http://127.0.0.1/1'), login }).success).toBe(true);
  });

  it('is no place that must not be recorded', () => {
    for (const zone of ['operating_room', 'prohibited'])
      expect(probeInput.safeParse({ ...onvif('http://127.0.0.1/'), zone }).success).toBe(false);
  });

  it('is described in printable words', () => {
    expect(draftInput.safeParse(draft()).success).toBe(true);
    expect(draftInput.safeParse(draft({ name: { ko: '\n', en: 'x' } })).success).toBe(false);
    expect(draftInput.safeParse(draft({ purposes: ['A, B]'] })).success).toBe(false);
  });
});

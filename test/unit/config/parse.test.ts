import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ConfigFaulty } from '../../../src/config/fault.ts';
import { faultLine } from '../../../src/i18n/sentences.ts';
import { faultsOf, parse, SOUND, told } from './sample.ts';

const swap = (from: string, to: string) => {
  expect(SOUND).toContain(from);
  return SOUND.replace(from, to);
};

describe('cameras.yml', () => {
  it('fills in what may be left out', () => {
    const config = parse(SOUND);
    expect(config.site).toMatchObject({ timeZone: 'Asia/Seoul', language: 'ko' });
    expect(config.retention.days).toBe(30);
    expect(config.storage.reserveBytes).toBe(20 * 2 ** 30);
    expect(config.recorder).toEqual({ connectsPerSecond: 5, segmentSeconds: 60 });
    expect(config.simulatedSite.enabled).toBe(false);
    expect(config.cameras[0]).toMatchObject({ record: 'main+sub', recording: 'continuous', enabled: true });
  });

  it('lets our own client pull over TCP unless a camera’s entry says otherwise', () => {
    expect(parse(SOUND).cameras[0]?.source).toMatchObject({ client: 'auto', transport: 'auto' });
    const pinned = (keys: string) => swap("device_service' }", `device_service', ${keys} }`);
    expect(parse(pinned('client: ffmpeg, transport: udp')).cameras[0]?.source).toMatchObject({
      client: 'ffmpeg',
      transport: 'udp',
    });
    expect(parse(pinned('client: rtsp, transport: tcp')).cameras[0]?.source).toMatchObject({
      client: 'rtsp',
      transport: 'tcp',
    });
    expect(told(pinned('client: vlc, transport: http'))).toEqual([
      'not_one_of cameras[0].source.client',
      'not_one_of cameras[0].source.transport',
    ]);
  });

  it('keeps the records that a law names for as long as it says, and none for ever', () => {
    const records = (text: string) => `${SOUND}records: { ${text} }\n`;
    expect(parse(SOUND).records).toMatchObject({ accessYears: 2, rightsYears: 3, managementYears: 3 });
    expect(parse(records('accessYears: 1')).records.accessYears).toBe(1);
    expect(told(records('accessYears: 0, rightsYears: 2, viewingYears: 0, holdsYears: 11'))).toEqual([
      'kept_too_short records.accessYears',
      'kept_too_short records.rightsYears',
      'kept_too_short records.viewingYears',
      'out_of_range records.holdsYears',
    ]);
    const [fault] = faultsOf(records('rightsYears: 2'));
    expect(faultLine(fault!, 'ko')).toContain(
      '3년 이상 보관해야 합니다(개인정보의 안전성 확보조치 기준 제5조',
    );
  });

  it('starts relative paths at the folder of the file', () => {
    const { storage } = parse(SOUND);
    expect(storage.folder).toBe('/site/store');
    expect(storage.keys).toEqual({
      root: { kind: 'file', path: '/site/store/keys/root.key' },
      mirror: '/site/mirror',
    });
  });

  it('moves everything inside the storage folder with --storage, and nothing else', () => {
    const { storage } = parse(SOUND, { storageFolder: '/elsewhere' });
    expect(storage.folder).toBe('/elsewhere');
    expect(storage.keys.root).toEqual({ kind: 'file', path: '/elsewhere/keys/root.key' });
    expect(storage.keys.mirror).toBe('/site/mirror');
  });

  it('says file, line, column, place and remedy in both languages', () => {
    const [fault] = faultsOf(swap('zone: { class: public }', 'zone: { class: publik }'));
    expect(faultLine(fault!, 'en')).toBe(
      'cameras.yml:16:20 cameras[0].zone.class: "publik" is not possible here; it must be one of: public, non_public, operating_room, prohibited. Did you mean "public"?',
    );
    expect(faultLine(fault!, 'ko')).toMatch(/^cameras\.yml:16:20 cameras\[0\]\.zone\.class: .*혹시 "public"/);
  });

  it('tells every fault at once, in the order of the file', () => {
    const text = swap('id: cam01', 'id: CAM 1')
      .replace('phone:', 'fone:')
      .replace('127.0.0.0/8', '127.0.0.0/40')
      .replace('[FIRE_PREVENTION]', '[FIRE_PREVENTON]');
    expect(told(text)).toEqual([
      'missing manager.phone',
      'unknown_key manager.fone',
      'bad_cidr cameraNetworks[0]',
      'bad_camera_id cameras[0].id',
      'unknown_purpose cameras[0].purposes[0]',
    ]);
  });

  it('suggests the key that was probably meant', () => {
    const [fault] = faultsOf(swap('cameraNetworks: [', 'cameraNetwork: [')).filter(
      (f) => f.kind === 'unknown_key',
    );
    expect(fault?.facts).toEqual({ key: 'cameraNetwork', meant: 'cameraNetworks' });
  });

  it.each([
    ['a site id with capitals', 'id: clinic', 'id: Clinic', 'bad_site_id site.id'],
    ['a site without an id', 'id: clinic, ', '', 'missing site.id'],
    [
      'a made-up time zone',
      'site: { id: clinic, name: { ko: 의원, en: Clinic }',
      'site: { id: clinic, timeZone: Asia/Seul, name: { ko: 의원, en: Clinic }',
      'bad_time_zone site.timeZone',
    ],
    [
      'an offset instead of a time zone',
      'site: { id: clinic, name: { ko: 의원, en: Clinic }',
      "site: { id: clinic, timeZone: '+09:00', name: { ko: 의원, en: Clinic }",
      'bad_time_zone site.timeZone',
    ],
    [
      'a camera outside the networks',
      'http://127.0.0.101:8080',
      'http://10.1.1.1',
      'outside_networks cameras[0].source.onvif',
    ],
    [
      'an outside address in hexadecimal',
      'http://127.0.0.101:8080',
      'http://0x0a010101',
      'outside_networks cameras[0].source.onvif',
    ],
    [
      'a mapped outside address',
      'http://127.0.0.101:8080',
      'http://[::ffff:10.1.1.1]',
      'outside_networks cameras[0].source.onvif',
    ],
    [
      'a login inside an address',
      'http://127.0.0.101',
      'http://admin:pass@127.0.0.101',
      'credentials_in_url cameras[0].source.onvif',
    ],
    [
      'an address of another kind',
      'http://127.0.0.101',
      'rtsp://127.0.0.101',
      'bad_url cameras[0].source.onvif',
    ],
    [
      'no source',
      "source: { onvif: 'http://127.0.0.101:8080/onvif/device_service' }",
      'source: {}',
      'one_source cameras[0].source',
    ],
    [
      'a non-public place without consent',
      'class: public',
      'class: non_public',
      'consent_missing cameras[0].zone',
    ],
    [
      'a confirmation outside an operating room',
      'zone: { class: public }',
      'zone: { class: public }\n    basis: why',
      'confirmation_not_applicable cameras[0].basis',
    ],
    ['no purposes', 'purposes: [FIRE_PREVENTION]', 'purposes: []', 'empty cameras[0].purposes'],
    [
      'a number for a name',
      'en: Entrance }\n    place',
      'en: 5 }\n    place',
      'wrong_type cameras[0].name.en',
    ],
    [
      'a key root in the environment',
      "root: 'file:store/keys/root.key'",
      "root: 'env:ROOT'",
      'bad_reference storage.keys.root',
    ],
    [
      'a size with a made-up unit',
      'folder: store',
      'folder: store, reserve: 5 Gigs',
      'bad_size storage.reserve',
    ],
    ['an anchor that leads nowhere', 'class: public', 'class: *nowhere', 'syntax '],
    ['a key written twice', 'phone:', 'email: c\n  phone:', 'syntax '],
  ])('refuses %s', (_what, from, to, expected) => {
    expect(told(swap(from, to))).toEqual([expected]);
  });

  it('refuses the second camera of one id and names the first', () => {
    const second = SOUND.slice(SOUND.indexOf('  - id:'));
    expect(faultsOf(SOUND + second)).toMatchObject([
      { kind: 'duplicate_id', path: 'cameras[1].id', facts: { id: 'cam01', first: 'cameras[0]' } },
    ]);
  });

  it('never repeats a password that was written in the wrong place', () => {
    const text = swap(
      "source: { onvif: 'http://127.0.0.101:8080/onvif/device_service' }",
      "source: { onvif: 'http://u:hunter2@127.0.0.101', credential: { user: u, password: hunter2 } }",
    );
    const faults = faultsOf(text);
    expect(faults.map(({ kind }) => kind)).toEqual(['credentials_in_url', 'bad_reference']);
    expect(JSON.stringify([faults, faults.map((fault) => faultLine(fault, 'en'))])).not.toContain('hunter2');
  });

  it.each(['', '[]', '5', 'a: [', '- - -', 'null', '\u0000', 'x: &a [*a]'])(
    'answers %j with faults',
    (text) => {
      expect(faultsOf(text).length).toBeGreaterThan(0);
    },
  );

  it('does not unfold an alias bomb', () => {
    const level = (name: string, of: string) =>
      `${name}: &${name} [${Array(10).fill(`*${of}`).join(', ')}]\n`;
    const bomb = `a: &a [1]\n${level('b', 'a')}${level('c', 'b')}${level('d', 'c')}${level('e', 'd')}${level('f', 'e')}`;
    expect(told(bomb)).toEqual(['syntax ']);
  });

  it('throws nothing but its own fault, whatever line is damaged', () => {
    const lines = SOUND.split('\n');
    fc.assert(
      fc.property(fc.nat(lines.length - 1), fc.string({ unit: 'binary', maxLength: 30 }), (index, junk) => {
        const text = lines.map((line, at) => (at === index ? `${line.slice(0, 8)}${junk}` : line)).join('\n');
        try {
          return parse(text).cameras.length > 0;
        } catch (error) {
          return (
            error instanceof ConfigFaulty && error.faults.every(({ line, column }) => line > 0 && column > 0)
          );
        }
      }),
      { numRuns: 300 },
    );
  });
});

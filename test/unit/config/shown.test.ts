import { describe, expect, it } from 'vitest';
import { diffConfig, inForceAfter } from '../../../src/config/diff.ts';
import { lookOnDisk } from '../../../src/config/on-disk.ts';
import { shownSettings } from '../../../src/config/shown.ts';
import { shownSettingsSchema } from '../../../src/contract/settings.ts';
import { GirokError } from '../../../src/lib/errors.ts';
import { parse, SOUND, shippedText } from './sample.ts';

/** Everything that can refer to a secret, and addresses that hold one where they may. */
const FULL = `${SOUND.replace('zone: { class: public }', 'zone: { class: non_public, consent: 서면 동의 }')
  .replace(
    "source: { onvif: 'http://127.0.0.101:8080/onvif/device_service' }",
    `source:
      rtsp: { main: 'rtsp://127.0.0.101:5541/user=admin&password=swordfish', sub: 'rtsp://127.0.0.101/?pw=swordfish' }
      credential: { user: girok, password: 'file:secrets/cam-swordfish' }`,
  )
  .replace('cameras:\n', '#')}
http: { monitor: 'env:SWORDFISH_TOKEN', tls: { cert: swordfish.crt, key: swordfish.key }, host: 0.0.0.0 }
notify:
  mail:
    host: mail.example
    from: girok@clinic.example
    to: [cctv@clinic.example]
    credential: { user: girok, password: 'systemd:swordfish' }
  webhook: { url: 'https://hooks.example/services/swordfish', secret: 'env:SWORDFISH' }
`;
const full = FULL.replace('#  - id', 'cameras:\n  - id').replaceAll('#', '');

describe('the settings that are shown', () => {
  it('pass their contract, as shipped and with everything that a file can have', () => {
    for (const text of [shippedText(), SOUND, full]) {
      const shown = shownSettings(parse(text));
      expect(shownSettingsSchema.parse(shown)).toEqual(shown);
    }
  });

  it('hold nothing of a secret: not where it is kept, and nothing of an address behind its port', () => {
    const shown = shownSettings(parse(full));
    const text = JSON.stringify(shown);
    expect(text.toLowerCase()).not.toContain('swordfish');
    expect(text).not.toContain('root.key');
    expect(shown.cameras[0]?.source).toEqual({
      addresses: [
        { use: 'main', at: 'rtsp://127.0.0.101:5541' },
        { use: 'sub', at: 'rtsp://127.0.0.101' },
      ],
      login: { user: 'girok', password: 'file' },
      client: 'auto',
      transport: 'auto',
    });
    expect(shown.notify).toMatchObject({
      mail: { login: { user: 'girok', password: 'systemd' } },
      webhook: { at: 'https://hooks.example', signed: true },
    });
    expect(shown.http).toMatchObject({ tls: true, monitor: 'env' });
  });
});

describe('what is in force after an edit', () => {
  it('is what applies at once; the rest waits for a restart and is told as such', () => {
    const started = parse(SOUND);
    const edited = parse(
      `${SOUND.replace('ko: 문', 'ko: 창').replace('ko: 의원', 'ko: 병원')}http: { port: 9000 }\nretention: { days: 20 }\n`,
    );
    const inForce = inForceAfter(started, edited);
    expect(inForce.http.port).toBe(8400);
    expect(inForce.retention.days).toBe(20);
    expect(inForce.site.name.ko).toBe('병원');
    expect(inForce.cameras[0]?.coverage.ko).toBe('창');
    expect(diffConfig(inForce, edited)).toEqual({
      added: [],
      removed: [],
      changed: [],
      applied: [],
      needsRestart: ['http'],
    });
  });

  it('keeps the id and the days of the site that the storage folder is marked with', () => {
    const started = parse(SOUND);
    const moved = parse(SOUND.replace('id: clinic', 'id: other, timeZone: UTC'));
    expect(inForceAfter(started, moved).site).toMatchObject({ id: 'clinic', timeZone: 'Asia/Seoul' });
  });
});

describe('the file on disk', () => {
  const running = parse(SOUND);
  it('is the same, or differs in what is named', () => {
    expect(lookOnDisk(running, () => parse(`# same\n${SOUND}`))).toEqual({ state: 'same' });
    expect(lookOnDisk(running, () => parse(`${SOUND}http: { port: 9000 }\n`))).toMatchObject({
      state: 'differs',
      differences: { needsRestart: ['http'] },
    });
  });

  it('is faulty with each fault’s place, or cannot be read; anything else is no answer', () => {
    const faulty = lookOnDisk(running, () => parse(SOUND.replace('purposes: [FIRE', 'purpose: [FIRE')));
    expect(faulty).toMatchObject({ state: 'faulty' });
    expect(faulty.state === 'faulty' && faulty.faults.map(({ line, kind }) => [line, kind])).toContainEqual([
      17,
      'unknown_key',
    ]);
    const gone = new GirokError('config_unreadable', { path: '/x', reason: 'ENOENT' });
    expect(
      lookOnDisk(running, () => {
        throw gone;
      }),
    ).toEqual({ state: 'unreadable' });
    expect(() =>
      lookOnDisk(running, () => {
        throw new TypeError('x');
      }),
    ).toThrow('x');
  });
});

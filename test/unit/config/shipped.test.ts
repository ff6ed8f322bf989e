import { describe, expect, it } from 'vitest';
import { clinicCameras } from '../../../demo/clinic.ts';
import { allKeyPaths } from '../../../src/config/known-keys.ts';
import { loadConfig } from '../../../src/config/load.ts';
import { pullDecision } from '../../../src/config/pull-decision.ts';
import { configSchema } from '../../../src/config/schema.ts';
import { SHIPPED, shippedText } from './sample.ts';

describe('the cameras.yml that ships', () => {
  it('is sound and records the thirteen cameras of the simulated site', () => {
    const config = loadConfig(SHIPPED);
    expect(config.simulatedSite).toMatchObject({ enabled: true, cameras: 13, user: 'girok' });
    expect(config.cameras).toHaveLength(13);
    expect(config.cameras.every((camera) => pullDecision(camera).pull)).toBe(true);
    expect(
      config.cameras.map(({ source }) => source.kind === 'onvif' && new URL(source.deviceUrl).hostname),
    ).toEqual(Array.from({ length: 13 }, (_, index) => `127.0.0.${101 + index}`));
  });

  it('calls the rooms what the simulated site calls them', () => {
    expect(
      loadConfig(SHIPPED).cameras.map(({ id, name, place, zone }) => ({ id, name, place, zone: zone.class })),
    ).toEqual(clinicCameras().map(({ id, name, place, zone }) => ({ id, name, place, zone })));
  });

  it('explains every key there is', () => {
    const text = shippedText();
    const unexplained = allKeyPaths(configSchema).filter(
      (path) => !new RegExp(`(^|[\\s{,#])${path.split('.').at(-1)}:`, 'm').test(text),
    );
    expect(unexplained).toEqual([]);
    expect(allKeyPaths(configSchema)).toContain('cameras.source.rtsp.sub');
  });

  it('names the default of every key that has one', () => {
    const text = shippedText();
    for (const [key, value] of [
      ['timeZone', 'Asia/Seoul'],
      ['days', '30'],
      ['reserve', '20 GiB'],
      ['connectsPerSecond', '5'],
      ['segmentSeconds', '60'],
      ['port', '8400'],
      ['record', 'main+sub'],
      ['recording', 'continuous'],
    ])
      expect(text).toMatch(new RegExp(`\\b${key}:.*default ${value?.replace('+', '\\+')}`));
  });

  it('keeps a standing warning on both operating rooms', () => {
    const warned = loadConfig(SHIPPED).cameras.filter((camera) => pullDecision(camera).warning);
    expect(warned.map(({ id }) => id)).toEqual(['cam09', 'cam10']);
  });
});

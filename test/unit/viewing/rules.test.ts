import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { loadConfig } from '../../../src/config/load.ts';
import { viewingRules } from '../../../src/viewing/rules.ts';

it('takes purposes and zones out of cameras.yml', () => {
  const rules = viewingRules(loadConfig(fileURLToPath(new URL('../../../cameras.yml', import.meta.url)), {}));
  expect(rules.purposes).toEqual(new Set(['FACILITY_SAFETY', 'FIRE_PREVENTION', 'CRIME_PREVENTION']));
  expect(rules.camera('cam11')).toEqual({
    id: 'cam11',
    zone: 'non_public',
    purposes: ['FACILITY_SAFETY', 'FIRE_PREVENTION'],
  });
  expect(rules.camera('nobody')).toBeUndefined();
});

import { describe, expect, it } from 'vitest';
import type { CameraConfig } from '../../../src/config/config.ts';
import { pullDecision } from '../../../src/config/pull-decision.ts';
import { ko } from '../../../src/i18n/ko.ts';
import { parse, SOUND } from './sample.ts';

const camera = (changes: Partial<CameraConfig>): CameraConfig => ({
  ...parse(SOUND).cameras[0]!,
  ...changes,
});
const confirmation = { basis: 'why', confirmedBy: 'who', confirmedAt: '2026-11-01' };

describe('whether a camera is pulled', () => {
  it('pulls a continuous camera and not one that is switched off', () => {
    expect(pullDecision(camera({}))).toEqual({ pull: true, why: 'continuous' });
    expect(pullDecision(camera({ enabled: false }))).toEqual({ pull: false, why: 'disabled' });
  });

  it('never pulls a prohibited place, asked or not', () => {
    const prohibited = camera({ zone: { class: 'prohibited' }, recording: 'on_request' });
    expect([pullDecision(prohibited).pull, pullDecision(prohibited, true).pull]).toEqual([false, false]);
  });

  it('pulls an on-request camera only while something asks', () => {
    const waiting = camera({ recording: 'on_request', zone: { class: 'operating_room' } });
    expect(pullDecision(waiting)).toEqual({ pull: false, why: 'waits_for_request' });
    expect(pullDecision(waiting, true)).toEqual({ pull: true, why: 'asked_for' });
  });

  it('does not pull a continuous operating room without basis, name and day, and names the statute', () => {
    const decision = pullDecision(camera({ zone: { class: 'operating_room' } }));
    expect(decision).toEqual({
      pull: false,
      why: 'operating_room_unconfirmed',
      warning: 'operating_room_unconfirmed',
    });
    expect(ko.config.warnings.operating_room_unconfirmed({ camera: 'cam09' })).toContain('의료법 §38의2');
  });

  it('pulls a confirmed operating room and keeps warning', () => {
    expect(pullDecision(camera({ zone: { class: 'operating_room' }, confirmation }))).toEqual({
      pull: true,
      why: 'operating_room_confirmed',
      warning: 'operating_room_continuous',
    });
  });

  it('takes two of the three lines for none', () => {
    const text = SOUND.replace(
      'class: public }',
      'class: operating_room }\n    basis: why\n    confirmedBy: who',
    );
    expect(pullDecision(parse(text).cameras[0]!).pull).toBe(false);
  });
});

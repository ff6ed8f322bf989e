import { describe, expect, it } from 'vitest';
import type { CameraConfig } from '../../../src/config/config.ts';
import { startCameraRecorder } from '../../../src/recording/camera-recorder.ts';
import { createGapKeeper } from '../../../src/recording/gap-keeper.ts';
import type { MediaSource } from '../../../src/recording/source.ts';
import type { StreamRecorder } from '../../../src/recording/stream-recorder.ts';
import { createManualClock } from '../../support/manual-clock.ts';
import { NETWORK } from '../../support/sample-status.ts';
import { parse, SOUND } from '../config/sample.ts';
import { createSegmenterRig, STREAM } from './segmenter-rig.ts';

const camera = parse(SOUND).cameras[0] as CameraConfig;

/** The status of a camera whose stream is recorded as told. */
const statusOf = (recorder: Partial<StreamRecorder>, config = camera) => {
  const { segmenter } = createSegmenterRig();
  const gaps = createGapKeeper(STREAM, { gapOpened: () => 'g' as never, gapClosed: () => undefined });
  const whole: StreamRecorder = {
    state: 'recording',
    trouble: undefined,
    reconnects: 0,
    session: undefined,
    network: undefined,
    lastMediaMonoUs: undefined,
    restart: () => undefined,
    stop: async () => undefined,
    ...recorder,
  };
  const started = startCameraRecorder(config, {
    clock: createManualClock(),
    source: {} as MediaSource,
    resolve: () => new Promise(() => undefined),
    startStream: () => ({ recorder: whole, segmenter, gaps }),
  });
  return started.status().streams[0];
};

describe('what a camera’s recorder says of a stream', () => {
  it('names the client that pulls, why it is not the usual one, and what the network did', () => {
    const session = { kind: 'ffmpeg', insteadBecause: 'ours refused: no', health: () => undefined } as const;
    expect(statusOf({ session, network: NETWORK })).toMatchObject({
      source: 'ffmpeg',
      sourceReason: 'ours refused: no',
      network: NETWORK,
    });
    const ours = statusOf({ session: { ...session, kind: 'rtsp', insteadBecause: undefined } });
    expect(ours).toMatchObject({ source: 'rtsp' });
    expect(ours).not.toHaveProperty('sourceReason');
    expect(ours).not.toHaveProperty('network');
  });

  it('names before the first session the client that will be asked', () => {
    expect(statusOf({})).toMatchObject({ source: 'rtsp' });
    const pinned = { ...camera, source: { ...camera.source, client: 'ffmpeg' as const } };
    expect(statusOf({}, pinned)).toMatchObject({ source: 'ffmpeg' });
  });
});

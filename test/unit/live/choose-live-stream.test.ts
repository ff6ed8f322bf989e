import { expect, it } from 'vitest';
import type { StreamStatus } from '../../../src/contract/recorder-status.ts';
import { chooseLiveStream } from '../../../src/live/choose-live-stream.ts';
import { recorderStatus } from '../../support/sample-status.ts';

const [sample] = recorderStatus().cameras.flatMap(({ streams }) => streams);
const camera = (codecs: Partial<Record<'main' | 'sub', string | undefined>>) => ({
  id: 'cam01',
  streams: Object.entries(codecs).map(([stream, codec]) => {
    const { codec: _none, ...rest } = { ...(sample as StreamStatus), stream: stream as 'main' | 'sub' };
    return codec === undefined ? rest : { ...rest, codec };
  }),
});
const AVC = 'avc1.640028';
const HEVC = 'hvc1.1.6.L93.B0';

it.each([
  ['the wanted one', { main: AVC, sub: AVC }, 'main', 'main'],
  ['the wanted one', { main: AVC, sub: AVC }, 'sub', 'sub'],
  ['the second one where the first is H.265', { main: HEVC, sub: AVC }, 'main', 'sub'],
  ['the first one where the second is H.265', { main: AVC, sub: HEVC }, 'sub', 'main'],
  ['the only one', { main: AVC }, 'sub', 'main'],
  ['the one that gives pictures', { main: AVC, sub: undefined }, 'sub', 'main'],
] as const)('shows %s', (_what, codecs, wanted, chosen) => {
  expect(chooseLiveStream(camera(codecs), wanted)).toBe(chosen);
});

it.each([
  ['codec_not_live', { main: HEVC, sub: HEVC }],
  ['codec_not_live', { main: HEVC }],
  ['live_unavailable', { main: undefined }],
  ['live_unavailable', {}],
] as const)('says %s where no stream can be shown', (code, codecs) => {
  expect(() => chooseLiveStream(camera(codecs), 'main')).toThrow(expect.objectContaining({ code }));
});

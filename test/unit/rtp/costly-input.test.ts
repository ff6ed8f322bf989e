import { describe, expect, it } from 'vitest';
import { changedParameterSets } from '../../../src/media/fmp4/parameter-sets.ts';
import { createVideoReceiver } from '../../../src/rtp/video-receiver.ts';
import { readDescription } from '../../../src/rtsp/sdp.ts';
import { createManualClock } from '../../support/manual-clock.ts';
import { aggregation } from './packetiser.ts';
import { rtpPacket } from './packets.ts';
import { realStream } from './pictures.ts';

/** What this thread did meanwhile: what other cameras wait for. Without the bounds it is 90 ms to 7 s. */
function busyMs(work: () => void): number {
  const began = process.threadCpuUsage();
  work();
  const { user, system } = process.threadCpuUsage(began);
  return (user + system) / 1000;
}
const sps = (n: number) => Buffer.from([0x67, n & 255, 7]);
const pps = (n: number) => Buffer.from([0x68, n & 255, n >> 8, 1]);
const many = (count: number, unit: (n: number) => Buffer) => Array.from({ length: count }, (_, n) => unit(n));

describe('an input made to cost time', () => {
  it('is a description of hundreds of sections that share one line of thousands of parameters', () => {
    const sections = 'm=video 0 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\n'.repeat(700);
    const text = `v=0\r\na=fmtp:96 packetization-mode=2${';'.repeat(30_000)}\r\n${sections}`;
    expect(busyMs(() => readDescription(text))).toBeLessThan(50);
    expect(readDescription(text)).toEqual({ fault: 'unsupported_packetization' });
  });

  it.each([
    ['sequence', sps],
    ['picture', pps],
  ])('is a key frame with 20,000 different %s parameter sets', (_name, unit) => {
    const sample = Buffer.concat(
      many(20_000, unit).flatMap((set) => [Buffer.from([0, 0, 0, set.length]), set]),
    );
    const { sets } = realStream('h264');
    expect(busyMs(() => changedParameterSets('h264', sample, sets))).toBeLessThan(50);
    expect(changedParameterSets('h264', sample, sets)).toBeUndefined();
  });

  it('is a packet full of sequence parameter sets that differ from one to the next', () => {
    const { pictures, sets } = realStream('h264');
    const receiver = createVideoReceiver(
      { codec: 'h264', clockRate: 90_000, payloadType: 96, parameterSets: sets, transport: 'tcp' },
      {
        begins: () => undefined,
        fragment: () => undefined,
        notYet: () => undefined,
        unusable: () => undefined,
      },
      { clock: createManualClock() },
    );
    const take = (sequence: number, payload: Buffer) => {
      const packet = rtpPacket({ sequence, payload });
      receiver.packet(packet, 0, packet.length);
    };
    const units = pictures[0]?.units ?? [];
    for (const [i, unit] of units.entries()) take(i, unit);
    const full = aggregation('h264', many(12_000, sps));
    expect(busyMs(() => take(units.length, full))).toBeLessThan(50);
  });
});

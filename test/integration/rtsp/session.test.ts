import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { LoginScheme } from '../../../demo/digest.ts';
import { startSimulatedSite } from '../../../demo/site.ts';
import { systemClock } from '../../../src/lib/clock.ts';
import { Secret } from '../../../src/lib/secret.ts';
import {
  openRtspSession,
  type RtspEnd,
  type RtspTarget,
  type VideoDescription,
} from '../../../src/rtsp/session.ts';
import { startForeignServer, whatForeignServerLacks } from '../../support/foreign-server.ts';

const PACKETS = 200;

interface Pulled {
  readonly video: VideoDescription | undefined;
  /** Sequence numbers in the order they came. */
  readonly sequence: readonly number[];
  /** What the headers say: version, payload type, source. */
  readonly headers: ReadonlySet<string>;
  readonly reports: number;
  readonly skippedBytes: number;
  readonly end: RtspEnd;
}

/** Pulls until so many packets, and as many reports as wanted, have come; then stops. */
function pull(target: RtspTarget, wanted: { packets: number; reports?: number }): Promise<Pulled> {
  return new Promise((resolve) => {
    const sequence: number[] = [];
    const headers = new Set<string>();
    let video: VideoDescription | undefined;
    let reports = 0;
    const stopWhenDone = () => {
      if (sequence.length >= wanted.packets && reports >= (wanted.reports ?? 0)) session.stop();
    };
    const session = openRtspSession(
      target,
      {
        described(described) {
          video = described;
        },
        packet(memory, start) {
          sequence.push(memory.readUInt16BE(start + 2));
          headers.add(`${memory[start]! >> 6} ${memory[start + 1]! & 127} ${memory.readUInt32BE(start + 8)}`);
          stopWhenDone();
        },
        report(memory, start) {
          if (memory[start + 1] === 200) reports++;
          stopWhenDone();
        },
        ended: (end) =>
          resolve({ video, sequence, headers, reports, skippedBytes: session.skippedBytes, end }),
      },
      { clock: systemClock },
    );
  });
}

/** One stream, from packet to packet, as it was described, and an end of ours. */
function expectWhole(pulled: Pulled, wanted: Partial<VideoDescription>): void {
  const { video, sequence, headers, end, skippedBytes } = pulled;
  expect(video).toMatchObject({ clockRate: 90_000, ...wanted });
  const first = sequence[0]!;
  expect(sequence).toEqual(sequence.map((_, i) => (first + i) & 0xffff));
  expect(headers.size).toBe(1);
  expect([...headers][0]).toMatch(new RegExp(`^2 ${video?.payloadType} `));
  expect({ end, skippedBytes }).toEqual({ end: { reason: 'stopped' }, skippedBytes: 0 });
}

describe('the simulated site', () => {
  it.each<LoginScheme>(['none', 'basic', 'digest', 'digest-sha256'])(
    'is pulled over TCP and UDP without a packet missing, login: %s',
    async (login) => {
      const site = await startSimulatedSite({
        profile: 'small',
        count: 1,
        addresses: 'one',
        rtspPort: 0,
        onvifPort: 0,
        discoveryPort: false,
        login,
      });
      try {
        const { user, password } = site;
        const url = site.cameras[0]!.urls.main;
        const account = login === 'none' ? {} : { login: { user, password: new Secret(password) } };
        const transports = ['tcp', 'udp', 'auto'] as const;
        const pulled = await Promise.all(
          transports.map((transport) => pull({ url, transport, ...account }, { packets: PACKETS })),
        );
        for (const [i, one] of pulled.entries())
          expectWhole(one, { codec: 'h264', transport: transports[i] === 'udp' ? 'udp' : 'tcp' });
        // TEARDOWN was heard: nothing goes on being sent to nobody.
        expect(site.served().map(({ open }) => open)).toEqual([false, false, false]);
        if (login !== 'none') {
          const wrong = { user, password: new Secret('wrong') };
          const { end } = await pull({ url, transport: 'auto', login: wrong }, { packets: 1 });
          expect(end).toEqual({ reason: 'login_refused' });
        }
      } finally {
        await site.stop();
      }
    },
  );
});

const missing = whatForeignServerLacks();

describe('a server that nobody here wrote', () => {
  it('is pulled over TCP and UDP with its reports, H.264 and H.265', async ({ skip }) => {
    skip(missing !== undefined, missing);
    const folder = mkdtempSync(join(tmpdir(), 'girok-rtsp-'));
    const clips = ['libx264', 'libx265'].map((encoder) => {
      const clip = join(folder, `${encoder}.mp4`);
      const picture = ['-f', 'lavfi', '-i', 'testsrc2=size=640x360:rate=15', '-frames:v', '60'];
      const quiet = encoder === 'libx265' ? ['-x265-params', 'log-level=error:bframes=0'] : [];
      const encode = ['-c:v', encoder, '-preset', 'ultrafast', ...quiet, '-bf', '0', '-g', '15'];
      execFileSync('ffmpeg', ['-v', 'error', ...picture, ...encode, '-pix_fmt', 'yuv420p', clip]);
      return clip;
    });
    const server = await startForeignServer(clips);
    try {
      const codecs = ['h264', 'h265'] as const;
      for (const transport of ['tcp', 'udp'] as const) {
        const pulled = await Promise.all(
          server.urls.map((url) => pull({ url, transport }, { packets: 100, reports: 1 })),
        );
        for (const [i, one] of pulled.entries()) {
          expectWhole(one, { codec: codecs[i]!, transport });
          expect(one.reports).toBeGreaterThan(0);
        }
      }
      const [url = ''] = server.urls;
      const { end } = await pull({ url: url.replace('cam01', 'cam99'), transport: 'auto' }, { packets: 1 });
      expect(end).toEqual({ reason: 'stream_refused' });
    } finally {
      server.stop();
      rmSync(folder, { recursive: true });
    }
  });
});

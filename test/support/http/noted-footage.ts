import { Readable } from 'node:stream';
import type { FootageDeps } from '../../../src/http/resources/footage.ts';
import type { LiveDeps } from '../../../src/http/resources/live.ts';
import type { TimelineDeps } from '../../../src/http/resources/timeline.ts';
import { systemClock } from '../../../src/lib/clock.ts';
import { recorderStatus } from '../sample-status.ts';

const media = async () => ({
  type: 'video/mp4' as const,
  bytes: 4,
  body: Readable.from([Buffer.from('moof')]),
});

/** Footage of nothing, for everybody: what is tested before it is who gets as far as asking. */
export const notedFootage: FootageDeps = {
  playback: () => ({
    playlist: async () => '#EXTM3U\n',
    init: media,
    mediaSegment: media,
    transcoded: { init: media, mediaSegment: media },
    keyFrame: async () => ({
      codec: 'avc1.640028',
      width: 640,
      height: 360,
      atUs: 1,
      description: Buffer.from('avcC'),
      sample: Buffer.from('idr'),
    }),
  }),
  principalOf: () => undefined,
};

export const notedTimeline: Omit<TimelineDeps, 'cameras'> = {
  timeline: async () => [],
  calendar: async () => [],
  clock: systemClock,
};

export const notedLive: LiveDeps = {
  readStatus: async () => recorderStatus(),
  admit: () => undefined,
  open: () => ({ show: async () => 'left', drop: () => undefined }),
  principalOf: () => undefined,
};

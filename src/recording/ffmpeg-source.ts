import { rtspUrlWithLogin } from '../cameras/rtsp-url.ts';
import type { Clock } from '../lib/clock.ts';
import { pullCommand } from '../media/ffmpeg/pull-command.ts';
import { runFfmpeg } from '../media/ffmpeg/run.ts';
import { MalformedMedia } from '../media/fmp4/boxes.ts';
import { parseFragment } from '../media/fmp4/parse-fragment.ts';
import { PRODUCER_TIME_BYTES } from '../media/fmp4/producer-time.ts';
import { createSplitter } from '../media/fmp4/splitter.ts';
import { readTrack } from '../media/fmp4/track.ts';
import { explainFfmpegEnd } from './ffmpeg-end.ts';
import type { MediaSource, SourceEnd } from './source.ts';

/** ffmpeg gets this long to close its session with the camera (TEARDOWN) before it is killed. */
const GRACE_MS = 2000;

/** One ffmpeg process per stream, copying without decoding. */
export function createFfmpegSource(deps: { clock: Clock }): MediaSource {
  const { clock } = deps;
  return {
    open(target, events) {
      const url = rtspUrlWithLogin(target.url, target.login).reveal();
      const run = runFfmpeg(pullCommand(url, target.transport === 'udp' ? 'udp' : 'tcp'), { confined: true });
      let receivedMedia = false;
      let verdict: SourceEnd | undefined;
      let damaged = false;

      const splitter = createSplitter({
        init: (bytes) => events.init({ bytes, track: readTrack(bytes), source: 'ffmpeg' }),
        fragment(framed) {
          receivedMedia = true;
          const bytes = framed.subarray(PRODUCER_TIME_BYTES);
          events.fragment({
            bytes,
            framed,
            facts: parseFragment(bytes),
            receivedMonoUs: clock.monoUs(),
            receivedWallUs: clock.utcUs(),
          });
        },
      });
      run.child.stdout?.on('data', (chunk: Buffer) => {
        // Told to stop, ffmpeg hands over what it still holds: those pictures are kept like all others.
        if (damaged) return;
        try {
          splitter.push(chunk);
        } catch (error) {
          if (!(error instanceof MalformedMedia)) throw error;
          damaged = true;
          verdict ??= { cause: 'unusable', detail: 'the stream is damaged beyond reading' };
          run.stop(GRACE_MS);
        }
      });
      void run.ended.then(({ error }) => {
        if (error) verdict ??= { cause: 'unknown', detail: 'ffmpeg could not be started' };
        const told = explainFfmpegEnd(run.stderrTail(), receivedMedia);
        // Stopped because nothing came: only now does ffmpeg say what it could not make sense of.
        const knowsBetter = verdict?.cause === 'stopped' && told.cause === 'unusable' && !receivedMedia;
        events.ended(verdict && !knowsBetter ? verdict : told);
      });
      return {
        kind: 'ffmpeg',
        insteadBecause: undefined,
        health: () => undefined,
        stop() {
          verdict ??= { cause: 'stopped', detail: 'ended by the recorder' };
          run.stop(GRACE_MS);
        },
      };
    },
  };
}

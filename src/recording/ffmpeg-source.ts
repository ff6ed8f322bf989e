import type { Clock } from '../lib/clock.ts';
import { isGirokError } from '../lib/errors.ts';
import { pullCommand } from '../media/ffmpeg/pull-command.ts';
import { type FfmpegRun, runFfmpeg } from '../media/ffmpeg/run.ts';
import { MalformedMedia } from '../media/fmp4/boxes.ts';
import { parseFragment } from '../media/fmp4/parse-fragment.ts';
import { PRODUCER_TIME_BYTES } from '../media/fmp4/producer-time.ts';
import { createSplitter } from '../media/fmp4/splitter.ts';
import { readTrack } from '../media/fmp4/track.ts';
import { startRelay } from '../rtsp/relay.ts';
import { explainFfmpegEnd } from './ffmpeg-end.ts';
import { explainRtspEnd } from './rtsp-end.ts';
import type { MediaSource, PullTarget, SourceEnd, SourceEvents, SourceSession } from './source.ts';

/** ffmpeg gets this long to close its session with the camera (TEARDOWN) before it is killed. */
const GRACE_MS = 2000;

/**
 * One ffmpeg process per stream, copying without decoding. It pulls from a relay of ours on loopback, which
 * alone knows the login; a camera that does not answer costs no process.
 */
export function createFfmpegSource(deps: { clock: Clock }): MediaSource {
  return { open: (target, events) => openFfmpegSession(target, events, deps.clock) };
}

function openFfmpegSession(target: PullTarget, events: SourceEvents, clock: Clock): SourceSession {
  let run: FfmpegRun | undefined;
  let receivedMedia = false;
  let verdict: SourceEnd | undefined;
  let camerasEnd: SourceEnd | undefined;
  let relayOver = false;
  let ffmpegOver: { readonly told: SourceEnd } | undefined;

  const relay = startRelay(
    target,
    {
      ready: pull,
      ended(reason) {
        relayOver = true;
        if (reason !== 'stopped') camerasEnd = explainRtspEnd({ reason });
        finish();
      },
    },
    { clock },
  );

  function pull(url: string): void {
    const started = runFfmpeg(pullCommand(url, target.transport), { confined: true });
    run = started;
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
    started.child.stdout?.on('data', (chunk: Buffer) => {
      // Told to stop, ffmpeg hands over what it still holds: those pictures are kept like all others.
      if (damaged) return;
      try {
        splitter.push(chunk);
      } catch (error) {
        if (!(error instanceof MalformedMedia)) throw error;
        damaged = true;
        verdict ??= { cause: 'unusable', detail: 'the stream is damaged beyond reading' };
        started.stop(GRACE_MS);
      }
    });
    void started.ended.then(({ error }) => {
      if (error) verdict ??= { cause: 'unknown', detail: notStarted(error) };
      ffmpegOver = { told: explainFfmpegEnd(started.stderrTail(), receivedMedia) };
      relay.close();
      finish();
    });
  }

  /** Once both are over: the relay closes the camera's session, and ffmpeg hands over its last pictures. */
  function finish(): void {
    if (!relayOver || (run && !ffmpegOver)) return;
    const told = ffmpegOver?.told;
    // Stopped because nothing came: only now does ffmpeg say what it could not make sense of.
    const knowsBetter = verdict?.cause === 'stopped' && told?.cause === 'unusable' && !receivedMedia;
    const end = knowsBetter ? told : (verdict ?? camerasEnd ?? told);
    events.ended(end ?? { cause: 'unknown', detail: 'the stream did not begin' });
  }

  return {
    kind: 'ffmpeg',
    insteadBecause: undefined,
    health: () => undefined,
    stop() {
      verdict ??= { cause: 'stopped', detail: 'ended by the recorder' };
      if (run) run.stop(GRACE_MS);
      else relay.close();
    },
  };
}

function notStarted(error: Error): string {
  if (isGirokError(error, 'ffmpeg_missing')) return 'ffmpeg is not installed';
  if (isGirokError(error, 'prlimit_missing')) return 'prlimit is not installed';
  return 'ffmpeg could not be started';
}

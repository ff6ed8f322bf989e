import { once } from 'node:events';
import { get, type IncomingMessage, request } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { type Clock, sleep } from '../lib/clock.ts';
import { isGirokError } from '../lib/errors.ts';
import { newId, type StreamRef } from '../lib/ids.ts';
import { LIVE_COMMAND } from '../media/ffmpeg/live-command.ts';
import { type FfmpegRun, runFfmpeg } from '../media/ffmpeg/run.ts';
import { createFlvReader, type FlvTag } from '../media/flv.ts';
import { readTrack } from '../media/fmp4/track.ts';
import { readLiveFrames } from './recorder-live.ts';
import type { RunningRelay } from './relay-process.ts';

/** Why a source gives no more pictures; all but `codec` are worth another attempt. */
export interface LiveSourceEnd {
  readonly why:
    | 'stopped'
    /** FLV as ffmpeg 5 writes it has no H.265. */
    | 'codec'
    | 'recorder'
    /** The camera began anew, perhaps with another picture size. */
    | 'changed'
    | 'ffmpeg'
    | 'relay';
  readonly detail: string;
}

export interface LiveSourceDeps {
  readonly clock: Clock;
  /** `<storage>/run/recorder.sock` */
  readonly recorderSocket: string;
  readonly relay: RunningRelay;
}

const STOP_MS = 1000;

/**
 * One way of one stream's pictures: the recorder's socket → ffmpeg, which copies → published to the relay → read
 * from it again. Ends, all of it, when one part does. What is published goes from us to the relay: an address with
 * a signature never stands on a command line, where every user of the machine could read it.
 *
 * @returns never throws; ffmpeg has ended by then
 */
export async function runLiveSource(
  { clock, recorderSocket, relay }: LiveSourceDeps,
  ref: StreamRef,
  onTag: (tag: FlvTag) => void,
  signal: AbortSignal,
): Promise<LiveSourceEnd> {
  const ending = new AbortController();
  let end: LiveSourceEnd | undefined;
  const finish = (why: LiveSourceEnd['why'], detail: unknown) => {
    end ??= { why, detail: detail instanceof Error ? detail.message : String(detail) };
    ending.abort(new Error(end.detail));
  };
  const onStop = () => finish('stopped', 'nobody watches');
  const onRelayEnd = () => finish('relay', 'the relay ended');
  signal.addEventListener('abort', onStop, { once: true });
  relay.ended.addEventListener('abort', onRelayEnd, { once: true });
  let ffmpeg: FfmpegRun | undefined;
  try {
    for await (const { kind, bytes } of readLiveFrames(recorderSocket, ref, ending.signal)) {
      if (kind === 'init') {
        if (ffmpeg) {
          finish('changed', 'the stream began anew');
          break;
        }
        if (readTrack(bytes).codec !== 'h264') {
          finish('codec', 'H.265');
          break;
        }
        ffmpeg = runFfmpeg(LIVE_COMMAND, { stdin: 'pipe', confined: true });
        connect(ffmpeg, relay.url, newId(clock.utcUs()), onTag, finish, ending.signal);
      }
      // A fragment without an init segment before it does not come.
      if (ffmpeg) await write(ffmpeg, bytes, ending.signal);
    }
    finish('recorder', 'the recorder ended the stream');
  } catch (error) {
    finish(isGirokError(error) ? 'recorder' : 'ffmpeg', error);
  } finally {
    signal.removeEventListener('abort', onStop);
    relay.ended.removeEventListener('abort', onRelayEnd);
    ffmpeg?.stop(STOP_MS);
    await ffmpeg?.ended;
  }
  return end ?? { why: 'stopped', detail: '' };
}

/** Waits where ffmpeg is slow; the recorder then drops for us what it cannot hand over. */
async function write({ child }: FfmpegRun, bytes: Buffer, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  if (child.stdin && !child.stdin.write(bytes)) await once(child.stdin, 'drain', { signal });
}

function connect(
  ffmpeg: FfmpegRun,
  url: RunningRelay['url'],
  name: string,
  onTag: (tag: FlvTag) => void,
  finish: (why: LiveSourceEnd['why'], detail: unknown) => void,
  signal: AbortSignal,
): void {
  const { child } = ffmpeg;
  // A pipe that breaks is told by ffmpeg's end, with its own words.
  child.stdin?.on('error', () => undefined);
  void ffmpeg.ended.then(({ code, signal: name, error }) =>
    finish('ffmpeg', error ?? `${name ?? code} ${ffmpeg.stderrTail().trim()}`),
  );
  const reading = get(url(name), { agent: false, signal }, (answer: IncomingMessage) => {
    if (answer.statusCode !== 200) return finish('relay', `it answers ${answer.statusCode}`);
    const reader = createFlvReader(onTag);
    // Always read at once: what the relay cannot hand over it would keep without end.
    answer.on('data', (part: Buffer) => {
      try {
        reader.push(part);
      } catch (error) {
        finish('relay', error);
      }
    });
    answer.on('error', (error) => finish('relay', error));
    answer.on('end', () => finish('relay', 'it ended the stream'));
    // The reader first: then nothing that is published has passed already.
    const publishing = request(url(name), { method: 'POST', agent: false, signal }, (refusal) => {
      refusal.resume();
      finish('relay', `it answers ${refusal.statusCode} to what is published`);
    });
    publishing.on('error', (error) => finish('relay', error));
    if (child.stdout) pipeline(child.stdout, publishing).catch((error: unknown) => finish('relay', error));
  });
  reading.on('error', (error) => finish('relay', error));
}

/** Waits between two attempts. @returns false when there is to be none */
export const waited = (clock: Clock, delayMs: number, signal: AbortSignal): Promise<boolean> =>
  sleep(clock, delayMs, signal).then(
    () => true,
    () => false,
  );

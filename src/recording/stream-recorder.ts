import type { GapCause, RunEndCause } from '../catalogue/causes.ts';
import { type Clock, SECOND_US, sleep } from '../lib/clock.ts';
import type { Backoff } from './backoff.ts';
import type { ConnectGate } from './connect-gate.ts';
import { createNetworkMeter, type NetworkTotals } from './network-totals.ts';
import type { Segmenter } from './segmenter.ts';
import type {
  InitSegment,
  MediaSource,
  PullTarget,
  ReceivedFragment,
  SourceEnd,
  SourceSession,
} from './source.ts';

export type StreamState = 'connecting' | 'recording' | 'waiting' | 'stopped';

/** What a failed attempt to find the stream means for the hole it leaves. */
export class StreamUnavailable extends Error {
  readonly end: SourceEnd;

  constructor(end: SourceEnd, options?: { cause?: unknown }) {
    super(end.detail, options);
    this.end = end;
  }
}

export interface StreamRecorderDeps {
  readonly clock: Clock;
  readonly source: MediaSource;
  readonly segmenter: Segmenter;
  readonly backoff: Backoff;
  readonly gate: ConnectGate;
  /**
   * Where the stream is now. Looks it up anew after repeated failure.
   * @throws StreamUnavailable
   */
  locate(failures: number, signal: AbortSignal): Promise<PullTarget>;
  /** Live pictures; the memory of a fragment is only lent for the call. */
  readonly live: { init(bytes: Buffer): void; fragment(bytes: Buffer, startsWithKeyFrame: boolean): void };
  /** Told of each end of a run of the source, for the log. */
  ended(end: SourceEnd, lastedUs: number): void;
}

export interface StreamRecorder {
  readonly state: StreamState;
  /** Why it is not recording, while it is not. */
  readonly trouble: SourceEnd | undefined;
  readonly reconnects: number;
  /** The latest session with the camera, also after its end; undefined before the first. */
  readonly session: Pick<SourceSession, 'kind' | 'insteadBecause' | 'health'> | undefined;
  /** Counts over all its sessions, also those that have ended; undefined where nobody counts. */
  readonly network: NetworkTotals | undefined;
  /** Steady clock of the last fragment that brought new pictures. */
  readonly lastMediaMonoUs: number | undefined;
  /** Ends the running session, which begins anew: its media times cannot be trusted any more. */
  restart(reason: SourceEnd): void;
  /** Ends the session, seals what is open. `hole` says why there will be no footage from now on. */
  stop(cause: RunEndCause, hole: { cause: GapCause; detail: string } | undefined): Promise<void>;
}

/** No new pictures for this long, and the session is ended, whatever the process behind it seems to do. */
const PROGRESS_US = 7 * SECOND_US;
const LOOK_MS = 500;
/** Looking again so much later than meant to, we stood still ourselves. */
const STANDSTILL_US = SECOND_US;
const TICK_MS = 250;
/** A session that gave pictures for this long was healthy: the next failure is a first one. */
const HEALTHY_US = 10 * SECOND_US;

/** Records one stream for ever: find it, pull it, write down why it ended, wait, again. */
export function startStreamRecorder(deps: StreamRecorderDeps): StreamRecorder {
  const { clock, segmenter } = deps;
  const quit = new AbortController();
  let state: StreamState = 'connecting';
  let trouble: SourceEnd | undefined;
  let failures = 0;
  let reconnects = 0;
  let lastMediaMonoUs: number | undefined;
  let latest: SourceSession | undefined;
  const network = createNetworkMeter();
  let currentEnd: ((reason: SourceEnd) => void) | undefined;

  const pull = (target: PullTarget): Promise<SourceEnd> =>
    new Promise((resolve) => {
      let progressMonoUs = clock.monoUs();
      let mediaTicks = -1;
      let verdict: SourceEnd | undefined;
      const session = deps.source.open(target, {
        alive() {
          progressMonoUs = clock.monoUs();
        },
        init(init: InitSegment) {
          segmenter.init(init);
          deps.live.init(init.bytes);
        },
        fragment(fragment: ReceivedFragment) {
          const endTicks = fragment.facts.mediaStart + fragment.facts.durationTicks;
          if (endTicks > mediaTicks) {
            mediaTicks = endTicks;
            progressMonoUs = fragment.receivedMonoUs;
            lastMediaMonoUs = fragment.receivedMonoUs;
            // What a session that is being ended still hands over is kept, but it does not record any more.
            if (!verdict) {
              state = 'recording';
              trouble = undefined;
            }
          }
          // Before it is recorded: then its memory may already be given back.
          deps.live.fragment(fragment.bytes, fragment.facts.startsWithKeyFrame);
          segmenter.fragment(fragment);
        },
        ended(end) {
          stopLooking();
          quit.signal.removeEventListener('abort', onQuit);
          currentEnd = undefined;
          // A silence may have a reason that only the source knows.
          resolve(verdict && !(verdict.cause === 'stalled' && end.cause === 'unusable') ? verdict : end);
        },
      });
      latest = session;
      network.opened(session);
      const end = (reason: SourceEnd) => {
        if (verdict) return;
        verdict = reason;
        state = 'waiting';
        trouble = reason;
        session.stop();
      };
      currentEnd = end;
      let lookedMonoUs = clock.monoUs();
      const stopLooking = clock.every(LOOK_MS, () => {
        const nowUs = clock.monoUs();
        const lateUs = nowUs - lookedMonoUs - LOOK_MS * 1000;
        lookedMonoUs = nowUs;
        // What the camera sent meanwhile still waits to be read: the silence was ours.
        if (lateUs > STANDSTILL_US) progressMonoUs = Math.min(nowUs, progressMonoUs + lateUs);
        if (nowUs - progressMonoUs > PROGRESS_US)
          end({ cause: 'stalled', detail: 'the camera is connected but sends no pictures' });
      });
      const onQuit = () => end({ cause: 'stopped', detail: 'ended by the recorder' });
      quit.signal.addEventListener('abort', onQuit, { once: true });
      if (quit.signal.aborted) onQuit();
    });

  const attempt = async (): Promise<SourceEnd> => {
    state = 'connecting';
    try {
      await deps.gate.pass(quit.signal);
      return await pull(await deps.locate(failures, quit.signal));
    } catch (error) {
      if (error instanceof StreamUnavailable) return error.end;
      if (quit.signal.aborted) return { cause: 'stopped', detail: 'ended by the recorder' };
      throw error;
    }
  };

  const run = async () => {
    while (!quit.signal.aborted) {
      const beganUs = clock.monoUs();
      const end = await attempt();
      if (quit.signal.aborted) break;
      const lastedUs = lastMediaMonoUs === undefined ? 0 : lastMediaMonoUs - beganUs;
      failures = lastedUs > 0 ? 0 : failures + 1;
      if (lastedUs >= HEALTHY_US) deps.backoff.reset();
      reconnects += 1;
      state = 'waiting';
      trouble = end;
      const cause = gapCauseOf(end);
      void segmenter.endRun(cause, { cause, detail: end.detail });
      deps.ended(end, Math.max(0, lastedUs));
      // An abort only means that there is nothing left to wait for.
      const rebooting = cause === 'camera_off' || cause === 'network';
      await sleep(clock, deps.backoff.nextDelayMs(rebooting), quit.signal).catch(() => undefined);
    }
    state = 'stopped';
  };
  const running = run();
  const stopTicking = clock.every(TICK_MS, () => segmenter.tick());

  return {
    get state() {
      return state;
    },
    get trouble() {
      return trouble;
    },
    get reconnects() {
      return reconnects;
    },
    get session() {
      return latest;
    },
    get network() {
      return network.totals();
    },
    get lastMediaMonoUs() {
      return lastMediaMonoUs;
    },
    restart: (reason) => currentEnd?.(reason),
    async stop(cause, hole) {
      quit.abort(new Error('stopped'));
      await running;
      await segmenter.endRun(cause, hole);
      stopTicking();
    },
  };
}

/** What the end of a source means for the hole that begins with it. */
export function gapCauseOf(end: SourceEnd): GapCause {
  switch (end.cause) {
    case 'camera_off':
    case 'stalled':
      return 'camera_off';
    case 'refused':
    case 'unusable':
      return 'refused';
    case 'stopped':
      return 'maintenance';
    case 'network':
    case 'we_were_slow':
    case 'clock_step':
    case 'unknown':
      return end.cause;
  }
}

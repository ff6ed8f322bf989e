import type { Clock } from '../lib/clock.ts';
import { GirokError } from '../lib/errors.ts';
import { newId } from '../lib/ids.ts';

/** Looking for a camera, or at one. Instants: µs UTC. */
export interface Search<Found> {
  readonly id: string;
  /** The account that began it. */
  readonly by: string;
  readonly startedUs: number;
  /** How long it usually takes. */
  readonly expectedMs: number;
  readonly state: 'running' | 'done' | 'failed' | 'cancelled';
  /** Of one that is done. */
  readonly found?: Found;
  /** Of one that failed. */
  readonly error?: GirokError;
}

/** Work that goes out into the camera network: one at a time, and whoever asks meanwhile is told so. */
export interface SearchDesk<Found> {
  /** @returns its id. @throws GirokError `camera_search_busy` */
  start(by: string, expectedMs: number, work: (signal: AbortSignal) => Promise<Found>): string;
  /** The one that runs, or the last; undefined before the first and some time after it. */
  current(): Search<Found> | undefined;
  /** Ends the one that runs; nothing happens where none does. */
  cancel(): void;
}

/** What was found is forgotten after this time. */
const KEPT_MS = 15 * 60_000;

/** @param failed told of what is no error of ours: a fault of the program */
export function createSearchDesk<Found>(clock: Clock, failed: (error: unknown) => void): SearchDesk<Found> {
  let current: Search<Found> | undefined;
  let running: AbortController | undefined;
  let cancelForgetting = () => {};

  const settle = (search: Search<Found>, end: Partial<Search<Found>>) => {
    if (current?.id !== search.id || current.state !== 'running') return;
    current = { ...search, ...end };
    cancelForgetting = clock.after(KEPT_MS, () => {
      current = undefined;
    });
  };

  return {
    start(by, expectedMs, work) {
      if (running) throw new GirokError('camera_search_busy');
      cancelForgetting();
      const quit = new AbortController();
      running = quit;
      const startedUs = clock.utcUs();
      const search: Search<Found> = { id: newId(startedUs), by, startedUs, expectedMs, state: 'running' };
      current = search;
      const ended = (end: Partial<Search<Found>>) => {
        // Only now is nothing of it under way any more, also where it was cancelled before.
        running = undefined;
        settle(search, end);
      };
      void work(quit.signal).then(
        (found) => ended({ state: 'done', found }),
        (error: unknown) => {
          const isOurs = error instanceof GirokError;
          if (!isOurs && !quit.signal.aborted) failed(error);
          ended({
            state: 'failed',
            error: isOurs ? error : new GirokError('internal', {}, { cause: error }),
          });
        },
      );
      return search.id;
    },
    current: () => current,
    cancel() {
      if (current && running) settle(current, { state: 'cancelled' });
      running?.abort();
    },
  };
}

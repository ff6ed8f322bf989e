import { type Clock, SECOND_US } from '../lib/clock.ts';

/** Cameras ask once in a while whether we are there; more in one second would only keep us from the others. */
const MOST_A_SECOND = 50;

/** Counts what a camera asks. @returns whether the request that has just come is one too many */
export function createRequestLimit(clock: Clock): () => boolean {
  let sinceMonoUs = 0;
  let requests = 0;
  return () => {
    const nowUs = clock.monoUs();
    if (nowUs - sinceMonoUs > SECOND_US) [sinceMonoUs, requests] = [nowUs, 0];
    requests += 1;
    return requests > MOST_A_SECOND;
  };
}

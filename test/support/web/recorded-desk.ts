import type { Page } from 'playwright-core';
import { vi } from 'vitest';
import type { Role } from '../../../src/contract/roles.ts';
import { type ShownPicture, shownPictures } from './shown-pictures.ts';
import type { SiteUnderTest } from './site-under-test.ts';

/** What a test at the review page goes by: what is recorded, a viewing of it, and what its tiles show. Instants: µs UTC. */

export const SECOND_US = 1_000_000;
/** Pictures in the loop of a simulated camera. */
const LOOP = 150;

export interface Span {
  readonly fromUs: number;
  readonly toUs: number;
}

export interface Lane {
  readonly camera: string;
  readonly recorded: readonly { from: string; to: string }[];
  readonly gaps: readonly { from: string; to: string; cause: string }[];
}

export const iso = (us: number) => new Date(us / 1000).toISOString();
export const usOf = (text: string) => Date.parse(text) * 1000;

/** Of the last ten minutes. */
export async function timelineOf(
  site: SiteUnderTest,
  cameras: readonly string[],
  stream: 'main' | 'sub' = 'main',
): Promise<Lane[]> {
  const { token } = await site.person('security');
  const now = Date.now() * 1000;
  const asked = `cameras=${cameras.join(',')}&from=${iso(now - 600 * SECOND_US)}&to=${iso(now)}&bucket=60&stream=${stream}`;
  return ((await site.api.call(token, 'GET', `/api/timeline?${asked}`)) as { lanes: Lane[] }).lanes;
}

/**
 * Waits until all of them have so much footage of the same time, and tells which. Of both streams, because
 * the two of a camera do not begin at the same instant, and the page shows one beside others and the other alone.
 */
export const recordedTogether = (
  site: SiteUnderTest,
  cameras: readonly string[],
  seconds: number,
): Promise<Span> =>
  vi.waitFor(
    async () => {
      const withSub = cameras.filter((camera) => !site.mainAlone.includes(camera));
      const lanes = await timelineOf(site, cameras);
      if (withSub.length > 0) lanes.push(...(await timelineOf(site, withSub, 'sub')));
      const last = lanes.map(({ recorded }) => recorded.at(-1));
      if (lanes.length < cameras.length + withSub.length || last.some((span) => !span))
        throw new Error('nothing is recorded yet');
      const fromUs = Math.max(...last.map((span) => usOf(span?.from ?? '')));
      const toUs = Math.min(...last.map((span) => usOf(span?.to ?? '')));
      if (toUs - fromUs < (seconds + 1) * SECOND_US) throw new Error('not enough is recorded yet');
      return { fromUs: Math.ceil(fromUs / SECOND_US) * SECOND_US, toUs };
    },
    { timeout: 90_000, interval: 500 },
  );

/** Opens a viewing by the API. */
export async function openedBy(
  site: SiteUnderTest,
  role: Role,
  { cameras, range, reason }: { cameras: readonly string[]; range: Span; reason: string },
): Promise<{ readonly viewing: string; readonly grant: string; readonly token: string }> {
  const { token } = await site.person(role);
  const { viewing, grant } = (await site.api.call(token, 'POST', '/api/viewings', {
    kind: 'recorded',
    purpose: 'CRIME_PREVENTION',
    reason,
    cameras,
    range: { from: iso(range.fromUs), to: iso(range.toUs) },
  })) as { viewing: string; grant: string };
  return { viewing, grant, token };
}

/** Waits until the tiles show what is wanted. @returns them, by camera */
export const allShow = (page: Page, fits: (pictures: Record<string, ShownPicture>) => boolean) =>
  vi.waitFor(
    async () => {
      const pictures = await shownPictures(page);
      if (Object.keys(pictures).length === 0 || !fits(pictures))
        throw new Error(`not there yet: ${JSON.stringify(pictures)}`);
      return pictures;
    },
    { timeout: 60_000, interval: 100 },
  );

export const everyIs = (state: string) => (pictures: Record<string, ShownPicture>) =>
  Object.values(pictures).every((picture) => picture.state === state);

/** Each shows the picture that stands at an instant. */
export const everyStandsAt = (atUs: number) => (pictures: Record<string, ShownPicture>) =>
  Object.values(pictures).every(
    ({ state, takenUs = 0 }) => state === 'picture' && takenUs <= atUs + 1000 && takenUs > atUs - 100_000,
  );

/** The number that follows so many pictures later. */
export const later = (number: number, by: number) => (number + by + LOOP) % LOOP;

/** How many pictures lie between two numbers of a loop, the shorter way round. */
export const apart = (one: number | undefined, other: number | undefined) => {
  const steps = Math.abs((one ?? Number.NaN) - (other ?? Number.NaN)) % LOOP;
  return Math.min(steps, LOOP - steps);
};

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { CameraView } from '../../../src/contract/camera-views.ts';
import { openSiteForWriting } from '../../../src/db/site/open.ts';
import { DAY_US } from '../../../src/lib/clock.ts';
import { type Browser, type FootageSite, startFootageSite } from '../../support/http/footage-site.ts';

let site: FootageSite;
beforeAll(async () => {
  site = await startFootageSite(2);
}, 120_000);
afterAll(() => site?.stop());

const look = async (camera = 'cam01', who: Browser = site.people.technician): Promise<CameraView> => {
  const answer = await who.ask(`/api/cameras/${camera}/view/look`, { method: 'POST' });
  expect(answer.status).toBe(200);
  return answer.json();
};
/** Looks again and again: what the camera shows now is recorded in a few seconds. */
const until = (state: 'same' | 'changed' | 'covered') =>
  vi.waitFor(
    async () => {
      const view = await look();
      expect(view.last?.state).toBe(state);
      return view;
    },
    { timeout: 60_000, interval: 500 },
  );
const faults = () => site.simulated.faults;

describe('the view of a camera that is recorded', () => {
  it('is held against its own footage, and a person’s part in it is the score alone', async () => {
    const first = await look();
    expect(first).toMatchObject({ watched: true, last: { state: 'same', doubts: 0 }, mayAccept: true });
    expect(first.reference).toBe(first.last?.at);
    const again = await look();
    expect(again.reference).toBe(first.reference);
    expect(again.scores).toHaveLength(1);
    expect(again.scores[0]?.agreement).toBeGreaterThan(again.least);
    expect(site.entries('view.reference')).toEqual([
      { facts: { camera: 'cam01', at: first.reference, why: 'first' }, actor: 'process:web' },
    ]);
    const guard = (await site.people.security.ask('/api/cameras/cam01/view')).json<CameraView>();
    expect(guard).toEqual({ ...again, mayAccept: false });
  });

  it('is an alarm while it is turned, and none once it is turned back', async () => {
    faults().set({ camera: 'cam01', kind: 'turned' });
    await until('changed');
    const view = await look();
    expect(view.last).toMatchObject({ state: 'changed', alarm: true });
    expect(view.scores.at(-1)?.agreement).toBeLessThan(view.least);
    await vi.waitFor(() => expect(told()).toContain('alarm.raised camera_view_changed'));
    faults().clear();
    expect((await until('same')).last).toMatchObject({ doubts: 0, alarm: false });
    await vi.waitFor(() => expect(told()).toContain('alarm.cleared camera_view_changed'));
  });

  it('is covered where next to nothing is to be seen, and cannot be accepted so', async () => {
    faults().set({ camera: 'cam01', kind: 'covered' });
    const { last } = await until('covered');
    const answer = await site.people.officer.ask('/api/cameras/cam01/view/accept', {
      method: 'POST',
      body: { at: last?.at },
    });
    expect([answer.status, answer.json()]).toMatchObject([
      409,
      { error: 'view_not_acceptable', why: 'covered' },
    ]);
    faults().clear();
    await until('same');
  });

  it('is accepted as it is by the officer or the technician, who stands in the ledger with it', async () => {
    faults().set({ camera: 'cam01', kind: 'turned' });
    const { last } = await until('changed');
    for (const who of [site.people.security, site.people.auditor, site.people.administrator, site.nobody]) {
      const answer = await who.ask('/api/cameras/cam01/view/accept', {
        method: 'POST',
        body: { at: last?.at },
      });
      expect(answer.status).toBe(who === site.nobody ? 401 : 403);
    }
    const answer = await site.people.technician.ask('/api/cameras/cam01/view/accept', {
      method: 'POST',
      body: { at: last?.at },
    });
    expect(answer.json()).toMatchObject({ reference: last?.at, last: { state: 'same', alarm: false } });
    expect(site.entries('view.reference').at(-1)).toMatchObject({
      facts: { camera: 'cam01', at: last?.at, why: 'accepted' },
      actor: `person:${site.people.technician.account}`,
    });
    expect((await look()).last?.state).toBe('same');
    faults().clear();
    await until('changed');
  });

  it('of a camera that nobody touched stays what it is', async () => {
    const agreements: number[] = [];
    for (let i = 0; i < 6; i++) {
      const view = await look('cam02');
      expect(view.last).toMatchObject({ state: 'same', alarm: false });
      agreements.push(view.scores.at(-1)?.agreement ?? 1);
    }
    expect(Math.min(...agreements)).toBeGreaterThan(0.43);
  });

  it('begins anew where its reference is footage no more', async () => {
    const before = await look('cam02');
    const db = openSiteForWriting(join(site.home.storage, 'site.db'));
    // As it is after forty days: where the reference lay there is nothing.
    db.prepare(`update view_standing set reference_us = reference_us - ? where camera = 'cam02'`).run(
      40 * DAY_US,
    );
    db.close();
    const after = await look('cam02');
    expect(after.reference).toBe(after.last?.at);
    expect(after.reference).not.toBe(before.reference);
    expect(after.scores.at(-1)).not.toHaveProperty('agreement');
    const entry = site.entries('view.reference').at(-1);
    expect(entry).toMatchObject({ facts: { camera: 'cam02', why: 'lost' }, actor: 'process:web' });
  });

  it('leaves no picture anywhere', () => {
    const files = readdirSync(site.home.folder, { recursive: true }).map(String);
    expect(files.filter((file) => /\.(jpe?g|png|raw|mp4|gray|yuv)$/i.test(file))).toEqual([]);
  });

  it('is asked for only of cameras that there are', async () => {
    const answer = await site.people.officer.ask('/api/cameras/cam99/view');
    expect(answer.json()).toMatchObject({ error: 'unknown_camera' });
  });
});

/** What the web process left for the steward to enter; there is none here. */
function told(): string[] {
  const folder = join(site.home.storage, 'spool', 'web');
  return readdirSync(folder).map((name) => {
    const { event, facts } = JSON.parse(readFileSync(join(folder, name), 'utf8'));
    return `${event} ${facts.alarm}`;
  });
}

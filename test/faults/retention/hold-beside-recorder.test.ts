import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { type SimulatedSite, startSimulatedSite } from '../../../demo/site.ts';
import { SECOND_US, systemClock } from '../../../src/lib/clock.ts';
import { createSiteTime } from '../../../src/lib/site-time.ts';
import { createHoldCopies } from '../../../src/retention/hold-copies.ts';
import type { Hold } from '../../../src/retention/holds.ts';
import { accountFrames, NOTHING_LOST, sessionsOf } from '../../support/frame-account.ts';
import { girokDone } from '../../support/girok-command.ts';
import { startSteward } from '../../support/ledger/steward-home.ts';
import { openRecordings } from '../../support/recorded-frames.ts';
import { byOnvif, createRecorderHome, type RecorderHome } from '../../support/recorder-home.ts';
import { allRecording, startRecorder } from '../../support/recorder-process.ts';

const LONG = { timeout: 60_000, interval: 50 };

let site: SimulatedSite;
let home: RecorderHome;
beforeAll(async () => {
  const where = { addresses: 'one', rtspPort: 0, onvifPort: 0, discoveryPort: false } as const;
  site = await startSimulatedSite(where);
  home = createRecorderHome({
    cameras: site.cameras.slice(0, 2).map((camera) => byOnvif(camera)),
    login: site,
    segmentSeconds: 10,
  });
});
afterAll(async () => {
  await site?.stop();
  home?.remove();
});

const girok = (...args: string[]) => girokDone({ home }, ...args);

it('a hold of what is being written just now is finished by a steward that was killed, and costs no frame', async () => {
  const recorder = startRecorder(home);
  await recorder.until('recording everything', 30_000, allRecording(4));
  await recorder.until('some seconds', 60_000, ({ cameras }) =>
    cameras.every(({ streams }) => streams.every(({ frames }) => frames > 300)),
  );
  let steward = startSteward(home);
  await vi.waitFor(() => expect(steward.said()).toContain('steward.started'), LONG);
  const siteTime = createSiteTime(home.timeZone);
  const nowUs = systemClock.utcUs();
  const [from, to] = [siteTime.label(nowUs - 5 * SECOND_US), siteTime.label(nowUs - SECOND_US)];
  const range = ['--camera', site.cameras[0]?.id ?? '', '--from', from, '--to', to];
  const { hold } = await girok('hold', 'add', ...range, '--by', 'a', '--reason', 'b', '--no-wait');
  const folder = join(home.storage, 'retention', 'holds');
  const page = (): Hold => JSON.parse(readFileSync(join(folder, `${hold}.json`), 'utf8'));
  const copies = () => createHoldCopies(folder, String(hold)).list();
  // The first files are copied; the last one is still open.
  await vi.waitFor(() => expect(existsSync(join(folder, `${hold}.files`))).toBe(true), LONG);
  steward.child.kill('SIGKILL');
  await steward.ended;
  expect(page().state).toBe('copying');
  steward = startSteward(home);
  await vi.waitFor(() => expect(page().state).toBe('held'), LONG);
  const { fromUs, toUs, madeUs } = page();
  expect(toUs).toBe(madeUs);
  for (const stream of ['main', 'sub'] as const) {
    const leaves = (await copies()).flatMap((each) =>
      'leaf' in each && each.leaf.stream === stream ? [each.leaf] : [],
    );
    expect(leaves.length).toBeGreaterThan(1);
    // All of it, from the beginning of the recording to the moment of the hold, without a hole.
    const inOrder = leaves.sort((a, b) => a.startUs - b.startUs);
    expect(inOrder.at(-1)?.endUs).toBeGreaterThanOrEqual(toUs);
    expect(inOrder[0]?.endUs).toBeGreaterThan(fromUs);
    for (const [index, leaf] of inOrder.entries()) {
      const next = inOrder[index + 1];
      if (next) expect(Math.abs(next.startUs - leaf.endUs)).toBeLessThan(SECOND_US);
    }
  }
  expect(await copies()).toEqual((await copies()).filter((each) => 'leaf' in each));

  steward.child.kill('SIGTERM');
  await steward.ended;
  const untilUs = systemClock.utcUs();
  const framesNow = Math.max(
    ...(await recorder.status()).cameras.flatMap(({ streams }) => streams.map(({ frames }) => frames)),
  );
  await recorder.until('recording on', 60_000, ({ cameras }) =>
    cameras.every(({ streams }) => streams.every(({ frames }) => frames > framesNow + 60)),
  );
  expect(await recorder.stop()).toEqual({ code: 0, signal: null });
  const recordings = openRecordings(home);
  for (const { id } of site.cameras.slice(0, 2)) {
    for (const stream of ['main', 'sub'] as const) {
      const sessions = sessionsOf(site.served(), id, stream);
      const account = accountFrames(sessions, await recordings.stamps(id, stream), { untilUs });
      expect(account, `${id}/${stream}`).toMatchObject(NOTHING_LOST);
    }
  }
  await recordings.close();
});

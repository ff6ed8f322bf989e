import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readStrip } from '../../../demo/scenes/read-strip.ts';
import { type SimulatedSite, startSimulatedSite } from '../../../demo/site.ts';
import { systemClock } from '../../../src/lib/clock.ts';
import { createRelay } from '../../../src/live/relay-process.ts';
import { createLiveFeeds } from '../../../src/live/wall.ts';
import { type LivePage, serveLivePage, type TileSeen } from '../../support/live/page.ts';
import { byOnvif, createRecorderHome, type RecorderHome } from '../../support/recorder-home.ts';
import { allRecording, startRecorder } from '../../support/recorder-process.ts';
import { hasChromium, startBrowser } from '../../support/web/browser.ts';

const CAMERAS = 13;
const log = { info() {}, warn() {}, error() {} };
const relay = createRelay({ clock: systemClock, random: Math.random, log });
const tasks: (() => unknown)[] = [() => relay.stop()];
afterAll(async () => {
  for (const task of tasks.toReversed()) await task();
});

describe.runIf(hasChromium())('Chromium', () => {
  let site: SimulatedSite;
  let home: RecorderHome;
  let page: LivePage;
  let tab: Page;
  let look: (camera: string) => Promise<TileSeen>;

  beforeAll(async () => {
    site = await startSimulatedSite({ addresses: 'one', rtspPort: 0, onvifPort: 0, discoveryPort: false });
    tasks.push(() => site.stop());
    home = createRecorderHome({ cameras: site.cameras.map((camera) => byOnvif(camera)), login: site });
    tasks.push(() => home.remove());
    const recorder = startRecorder(home);
    const feeds = createLiveFeeds({
      clock: systemClock,
      random: Math.random,
      log,
      recorderSocket: join(home.storage, 'run', 'recorder.sock'),
      relay,
    });
    tasks.push(() => feeds.close());
    await recorder.until('recording everything', 30_000, allRecording(2 * CAMERAS));
    page = await serveLivePage(
      feeds,
      site.cameras.map(({ id }) => id),
    );
    tasks.push(() => page.close());
    const browser = await startBrowser();
    tasks.push(() => browser.close());
    tab = await browser.newPage();
    await tab.goto(page.address);
    look = (camera) => tab.evaluate<TileSeen>(`window.look('${camera}')`);
  });

  it('shows 13 cameras side by side over WebSocket, each its own, moving, and calls still go through', async () => {
    const seen = new Map<string, TileSeen>();
    for (const { id, number } of site.cameras) {
      await expect.poll(async () => cameraShown(await look(id)), { timeout: 30_000 }).toBe(number);
      seen.set(id, await look(id));
    }
    for (const { id } of site.cameras) {
      const before = seen.get(id);
      await expect
        .poll(async () => (await look(id)).frames, { timeout: 10_000 })
        .toBeGreaterThan((before?.frames ?? 0) + 15);
      const after = await look(id);
      expect(after.time).toBeGreaterThan(before?.time ?? 0);
      expect(after.errors).toEqual([]);
      expect(page.bytes.get(id)).toBeGreaterThan(0);
    }
    // Six pictures over HTTP/1.1 would hold up every other call of the page.
    expect(await tab.evaluate("fetch('/player.js').then(({ status }) => status)")).toBe(200);
  });

  it('loses a picture within five seconds of the right to it, and no other', async () => {
    const startedMs = performance.now();
    page.revoke('cam03');
    await expect.poll(() => page.ends.get('cam03'), { timeout: 5000 }).toBe('revoked');
    expect(performance.now() - startedMs).toBeLessThan(5000);
    const bytes = page.bytes.get('cam03');
    const others = page.bytes.get('cam02') ?? 0;
    await expect.poll(() => page.bytes.get('cam02') ?? 0, { timeout: 5000 }).toBeGreaterThan(others);
    expect(page.bytes.get('cam03')).toBe(bytes);
    expect([...page.ends.keys()]).toEqual(['cam03']);
  });
});

/** The number that the camera draws into its picture. */
const cameraShown = ({ gray, width, height }: TileSeen) =>
  readStrip(Uint8Array.from(gray), width, height)?.camera;

import { setTimeout as pause } from 'node:timers/promises';
import type { BrowserContext, Page } from 'playwright-core';
import { SESSION_COOKIE } from '../src/http/cookies.ts';
import { startBrowser } from '../test/support/web/browser.ts';
import { below, type Figure } from './figure.ts';
import { CAMERAS, percentile, type RecordingSite, startRecordingSite } from './support/recording-site.ts';

/** So long is recorded before it is looked at. GIROK_BENCH_SECONDS shortens it. */
const RECORDED_S = Number(process.env.GIROK_BENCH_SECONDS ?? 90);
const OPENINGS = 20;
const SEEKS = 40;
const PATIENCE_MS = 60_000;
/** What an eye takes for standing still, of a hand that moves. */
const SEEN_MS = 100;

/**
 * The pages as a guard has them, in Chromium without a graphics card, on the same two cores as 13 cameras, their
 * recorder and the web process: the start page, a time chosen in recordings, and thirty days drawn along by hand.
 */
export async function run(): Promise<Figure[]> {
  const site = await startRecordingSite();
  const browser = await startBrowser();
  try {
    const fromMs = Date.now();
    await pause((RECORDED_S + 10) * 1000);
    const toMs = fromMs + RECORDED_S * 1000;
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, locale: 'ko-KR' });
    await bring(context, site);
    const figures = [
      ...(await startPage(context, site)),
      ...(await choosing(context, site, site.cameras.slice(0, 1), fromMs, toMs)),
      ...(await choosing(context, site, site.cameras, fromMs, toMs)),
      ...(await movingTimeline(context, site, fromMs, toMs)),
    ];
    await context.close();
    const { served, missing } = await site.account();
    return [...figures, below(`frames missing meanwhile, of ${served}`, missing, 'frames', 0)];
  } finally {
    await browser.close();
    await site.stop();
  }
}

/** Each time in a new tab, which a browser begins with a process; beside it opened again and again in one. */
async function startPage(context: BrowserContext, site: RecordingSite): Promise<Figure[]> {
  const open = async (page: Page) => {
    await page.goto(`${onHost(site)}/today`);
    await until(page, "performance.getEntriesByName('girok:today').length > 0");
    return (await page.evaluate(
      "['first-contentful-paint', 'girok:today'].map((name) => performance.getEntriesByName(name)[0].startTime)",
    )) as [number, number];
  };
  const [inNewTab, inOneTab]: [[number, number][], [number, number][]] = [[], []];
  for (let opening = 0; opening < OPENINGS; opening++) {
    const page = await context.newPage();
    inNewTab.push(await open(page));
    await page.close();
  }
  const page = await context.newPage();
  await open(page);
  for (let opening = 0; opening < OPENINGS; opening++) inOneTab.push(await open(page));
  await page.close();
  const of = `start page, ${OPENINGS} times while ${CAMERAS} cameras record`;
  return (['first paint', 'what it says is there'] as const).map((what, at) => {
    const p95 = (all: [number, number][]) =>
      percentile(
        all.map((one) => one[at] ?? Number.NaN),
        0.95,
      );
    const [value, reference] = [p95(inNewTab), p95(inOneTab)];
    return {
      ...below(`${of}: ${what}, in a new tab, p95 (beside: in an open one)`, value, 'ms', 1000),
      reference,
      ratio: value / reference,
    };
  });
}

/** Times chosen by the mouse on the line of time; from the press to the picture on the canvas, all tiles. */
async function choosing(
  context: BrowserContext,
  site: RecordingSite,
  cameras: readonly string[],
  fromMs: number,
  toMs: number,
): Promise<Figure[]> {
  const page = await desk(context, site, cameras, fromMs, toMs);
  await picturesAre(page, cameras.length);
  const line = await slider(page);
  await page.evaluate("performance.clearMeasures('girok:picture-shown')");
  for (let seek = 0; seek < SEEKS; seek++) {
    // Spread over the range, never twice the same, never the next one in order.
    const share = ((seek * 17) % SEEKS) / SEEKS;
    await page.mouse.click(line.x + line.width * (0.02 + 0.9 * share), line.y + line.height / 2);
    await until(page, `performance.getEntriesByName('girok:picture-shown').length > ${seek}`);
  }
  const shown = (await page.evaluate(
    "performance.getEntriesByName('girok:picture-shown').map(({ duration }) => duration)",
  )) as number[];
  await page.close();
  const of = `a time chosen on the line of time, ${cameras.length} side by side`;
  return [
    {
      ...below(`${of}: picture on screen, p95`, percentile(shown, 0.95), 'ms', 500),
      reference: Math.round(percentile(shown, 0.5)),
    },
  ];
}

/** Thirty days drawn along and zoomed into; against the same page while nobody touches it. */
async function movingTimeline(
  context: BrowserContext,
  site: RecordingSite,
  fromMs: number,
  toMs: number,
): Promise<Figure[]> {
  const page = await desk(context, site, site.cameras, fromMs, toMs);
  await picturesAre(page, site.cameras.length);
  const line = await slider(page);
  await page.evaluate(WATCH_FRAMES);
  await pause(4000);
  const still = (await page.evaluate('framesSoFar()')) as number[];
  await page.mouse.move(line.x + line.width / 2, line.y + 6);
  // Out from the range to days, along, in again: what a hand does that looks for something.
  for (const [deltaX, deltaY, times] of [
    [0, 400, 25],
    [120, 0, 40],
    [-120, 0, 40],
    [0, -400, 25],
  ] as const)
    for (let time = 0; time < times; time++) {
      await page.mouse.wheel(deltaX, deltaY);
      await pause(16);
    }
  const moved = (await page.evaluate('framesSoFar()')) as number[];
  await page.close();
  return [
    {
      figure:
        'line of time of 13 cameras, drawn and zoomed between 30 days and seconds: time between frames, p95',
      value: Math.round(percentile(moved, 0.95)),
      unit: 'ms',
      reference: Math.round(percentile(still, 0.95)),
      ratio: percentile(moved, 0.95) / percentile(still, 0.95),
      target: `<= ${SEEN_MS} ms`,
      holds: percentile(moved, 0.95) <= SEEN_MS,
    },
  ];
}

/** Runs in the page: how far apart the frames were that the browser drew, in ms, since it was asked last. */
const WATCH_FRAMES = `{
  let between = [];
  let before = performance.now();
  const look = (now) => {
    between.push(now - before);
    before = now;
    requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
  globalThis.framesSoFar = () => between.splice(0);
}`;

async function desk(
  context: BrowserContext,
  site: RecordingSite,
  cameras: readonly string[],
  fromMs: number,
  toMs: number,
): Promise<Page> {
  const { text } = await site.ask('/api/viewings', {
    method: 'POST',
    cookie: site.guard.cookie,
    body: {
      kind: 'recorded',
      purpose: 'A',
      reason: 'how soon a picture is on screen',
      cameras,
      range: { from: new Date(fromMs).toISOString(), to: new Date(toMs).toISOString() },
    },
  });
  const { viewing } = JSON.parse(text) as { viewing: string };
  const page = await context.newPage();
  await page.goto(`${onHost(site)}/review/${viewing}`);
  return page;
}

const picturesAre = (page: Page, count: number) =>
  until(page, `document.querySelectorAll('figure[data-camera][data-state=picture]').length === ${count}`);

/** Asked by the debugger: the page's own policy lets nothing be evaluated in it. */
async function until(page: Page, condition: string): Promise<void> {
  const untilMs = performance.now() + PATIENCE_MS;
  while (!(await page.evaluate(condition))) {
    if (performance.now() > untilMs) throw new Error(`not within ${PATIENCE_MS} ms: ${condition}`);
    await pause(20);
  }
}

async function slider(page: Page) {
  await page.getByRole('slider').scrollIntoViewIfNeeded();
  const box = await page.getByRole('slider').boundingBox();
  if (!box) throw new Error('there is no line of time');
  return box;
}

/** A name that a browser trusts without TLS. */
const onHost = (site: RecordingSite) => site.url.replace('127.0.0.1', 'localhost');

const bring = (context: BrowserContext, site: RecordingSite) =>
  context.addCookies([
    {
      name: SESSION_COOKIE,
      value: new RegExp(`${SESSION_COOKIE}=([^;]+)`).exec(site.guard.cookie)?.[1] ?? '',
      url: 'https://localhost/',
      httpOnly: true,
      sameSite: 'Strict',
    },
  ]);

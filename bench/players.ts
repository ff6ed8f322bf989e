import { setTimeout as pause } from 'node:timers/promises';
import { below, type Figure } from './figure.ts';
import {
  CAMERAS,
  childrenOf,
  percentile,
  type RecordingSite,
  startRecordingSite,
} from './support/recording-site.ts';

/** So long is recorded before, and then watched. GIROK_BENCH_SECONDS shortens it. */
const WATCHED_S = Number(process.env.GIROK_BENCH_SECONDS ?? 60);
/** A player begins when it has this much, and stalls when it has nothing. */
const BUFFER_MS = 2000;

/** 13 players side by side, in real time, of 13 cameras that record all the while: who stalls, and what is lost. */
export async function run(): Promise<Figure[]> {
  const site = await startRecordingSite();
  try {
    const from = new Date().toISOString();
    await pause((WATCHED_S + 5) * 1000);
    const to = new Date(Date.parse(from) + WATCHED_S * 1000).toISOString();
    const { cookie } = site.guard;
    const asking = {
      kind: 'recorded',
      purpose: 'A',
      reason: 'thirteen players side by side',
      cameras: site.cameras,
      range: { from, to },
    };
    const opened = await site.ask('/api/viewings', { method: 'POST', body: asking, cookie });
    const { viewing } = JSON.parse(opened.text) as { viewing: string };
    const seen = new Set<string>();
    const looking = setInterval(() => {
      for (const program of childrenOf(site.webPid)) seen.add(program);
    }, 1000);
    const played = await Promise.all(site.cameras.map((camera) => play(site, viewing, camera, from, to)));
    clearInterval(looking);
    const late = played.flatMap(({ lateMs }) => lateMs).filter((ms) => ms > 0);
    const times = played.flatMap(({ ms }) => ms);
    const seconds = played.reduce((sum, one) => sum + one.seconds, 0);
    const { served, missing } = await site.account();
    return [
      below(
        `${CAMERAS} players, ${WATCHED_S} s: media segments that came too late, of ${times.length}`,
        late.length,
        'segments',
        0,
      ),
      {
        figure: 'footage that they played',
        value: Math.round(seconds),
        unit: 's',
        reference: CAMERAS * WATCHED_S,
        ratio: seconds / (CAMERAS * WATCHED_S),
        target: '>= 0.97 of what was asked for',
        holds: seconds >= 0.97 * CAMERAS * WATCHED_S,
      },
      below('a media segment, asked for to last byte, p95', percentile(times, 0.95), 'ms', 200),
      below('programs that the web process started for it', seen.size, 'programs', 0),
      below(`frames missing meanwhile, of ${served}`, missing, 'frames', 0),
    ];
  } finally {
    await site.stop();
  }
}

/** One player: fetches what comes next as soon as there is room in its buffer, and plays in real time. */
async function play(site: RecordingSite, viewing: string, camera: string, from: string, to: string) {
  const { cookie } = site.guard;
  const base = `/api/viewings/${viewing}/footage/${camera}/sub`;
  const playlist = await site.ask(`${base}/playlist.m3u8?from=${from}&to=${to}`, { cookie });
  if (playlist.status !== 200) throw new Error(`${playlist.status} ${playlist.text}`);
  const lateMs: number[] = [];
  const ms: number[] = [];
  let [playedMs, beganMs, length] = [0, 0, 0];
  for (const line of playlist.text.split('\n')) {
    if (line.startsWith('#EXTINF:')) length = Number.parseFloat(line.slice(8)) * 1000;
    const init = /^#EXT-X-MAP:URI="([^"]+)"/.exec(line)?.[1];
    if (init) await site.ask(`${base}/${init}`, { cookie });
    if (!line.startsWith('media/')) continue;
    const answer = await site.ask(`${base}/${line}`, { cookie });
    if (answer.status !== 200) throw new Error(`${answer.status} ${line}`);
    ms.push(answer.ms);
    const nowMs = performance.now();
    if (playedMs >= BUFFER_MS && beganMs === 0) beganMs = nowMs;
    if (beganMs > 0) {
      // What is behind the playhead by now should have been there before.
      const aheadMs = playedMs - (nowMs - beganMs);
      lateMs.push(-aheadMs);
      if (aheadMs > BUFFER_MS) await pause(aheadMs - BUFFER_MS);
    }
    playedMs += length;
  }
  return { lateMs, ms, seconds: playedMs / 1000 };
}

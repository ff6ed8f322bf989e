import { readFileSync } from 'node:fs';
import { inspect } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type SimulatedSite, startSimulatedSite } from '../../../demo/site.ts';
import { metricsText } from '../../../src/http/metrics.ts';
import { Secret } from '../../../src/lib/secret.ts';
import { allAlarms } from '../../../src/stewardship/read-alarm-book.ts';
import { byAddress, createRecorderHome, type RecorderHome } from '../../support/recorder-home.ts';
import {
  allRecording,
  childrenOf,
  type RecorderProcess,
  startRecorder,
  streamOf,
} from '../../support/recorder-process.ts';

/** Nothing else on this machine says it, in any of the spellings that a program might print. */
const PASSWORD = 'Kr1ngle/&w0rd+"@7';
const SPELLINGS = [
  PASSWORD,
  encodeURIComponent(PASSWORD),
  JSON.stringify(PASSWORD).slice(1, -1),
  Buffer.from(`girok:${PASSWORD}`).toString('base64'),
];

let site: SimulatedSite;
let home: RecorderHome;
beforeAll(async () => {
  site = await startSimulatedSite({
    profile: 'small',
    count: 2,
    addresses: 'one',
    rtspPort: 0,
    onvifPort: 0,
    discoveryPort: false,
    login: 'digest',
    user: 'girok',
    password: PASSWORD,
  });
  home = createRecorderHome({
    cameras: site.cameras.map((camera) => byAddress(camera, 'main', 'sub')),
    login: site,
    client: 'ffmpeg',
  });
});
afterAll(async () => {
  home?.remove();
  await site?.stop();
});

/** A process and all that came of it. */
function tree(pid: number): number[] {
  return [pid, ...childrenOf(pid).flatMap((child) => tree(child.pid))];
}

const ofProcess = (pid: number, what: string) => readFileSync(`/proc/${pid}/${what}`, 'utf8');

function withSecret(texts: Readonly<Record<string, string>>): string[] {
  return Object.keys(texts).filter((name) => SPELLINGS.some((spelling) => texts[name]!.includes(spelling)));
}

function seenFromOutside(recorder: RecorderProcess): Record<string, string> {
  return Object.fromEntries(
    tree(recorder.pid).flatMap((pid) =>
      ['cmdline', 'environ', 'comm', 'status'].map((what) => [`${pid} ${what}`, ofProcess(pid, what)]),
    ),
  );
}

describe('a camera’s password', () => {
  it('is nowhere that anybody could read it, while ffmpeg pulls and after the login was changed', async () => {
    const recorder = startRecorder(home);
    const status = await recorder.until('recording', 30_000, allRecording(4));
    expect(status.cameras.flatMap(({ streams }) => streams.map(({ source }) => source))).toEqual(
      Array.from({ length: 4 }, () => 'ffmpeg'),
    );
    const pullers = recorder.children().filter(({ command }) => command.startsWith('ffmpeg '));
    expect(pullers).toHaveLength(4);
    for (const { pid, command } of pullers) {
      expect(command).toMatch(/ -i rtsp:\/\/127\.0\.0\.1:\d+\/[0-9a-f]{32} /);
      expect(ofProcess(pid, 'environ')).toMatch(/^PATH=[^\0]*\0$/);
    }
    // Neither the recorder nor what it started leaves a core file.
    for (const pid of tree(recorder.pid)) {
      expect(ofProcess(pid, 'limits')).toMatch(/Max core file size +0 +0 /);
      expect(ofProcess(pid, 'coredump_filter').trim()).toBe('00000000');
    }
    expect(withSecret(seenFromOutside(recorder))).toEqual([]);

    // A refusal is where careless programs print what they tried.
    site.faults.set({ kind: 'refuse_login', camera: 'cam01' });
    site.faults.set({ kind: 'reset', camera: 'cam01', durationMs: 100 });
    const refused = await recorder.until('refused', 30_000, (now) =>
      /login/.test(streamOf(now, 'cam01')?.trouble ?? ''),
    );
    const texts = {
      ...seenFromOutside(recorder),
      status: JSON.stringify(refused),
      metrics: await metricsText(refused, allAlarms(refused.alarms, [])),
      log: recorder.said(),
    };
    await recorder.stop();
    expect(withSecret({ ...texts, 'log of the end': recorder.said() })).toEqual([]);
  });

  it('is not in what is printed of a target', () => {
    const target = { url: 'rtsp://127.0.0.1/', login: { user: 'girok', password: new Secret(PASSWORD) } };
    const error = new Error('failed', { cause: target });
    expect(
      withSecret({ inspect: inspect(error, { depth: 9, showHidden: true }), json: JSON.stringify(target) }),
    ).toEqual([]);
  });
});

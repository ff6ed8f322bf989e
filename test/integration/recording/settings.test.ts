import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type SimulatedSite, startSimulatedSite } from '../../../demo/site.ts';
import { accountFrames, NOTHING_LOST, sessionsOf } from '../../support/frame-account.ts';
import { openRecordings } from '../../support/recorded-frames.ts';
import { byAddress, createRecorderHome, type RecorderHome } from '../../support/recorder-home.ts';
import { allRecording, startRecorder, streamOf } from '../../support/recorder-process.ts';

let site: SimulatedSite;
let home: RecorderHome;

beforeAll(async () => {
  site = await startSimulatedSite({
    addresses: 'one',
    count: 4,
    rtspPort: 0,
    onvifPort: 0,
    discoveryPort: false,
  });
  home = createRecorderHome({
    cameras: site.cameras.slice(0, 3).map((camera) => byAddress(camera)),
    login: site,
  });
});
afterAll(async () => {
  await site?.stop();
  home?.remove();
});

const rejected = ({ alarms }: { alarms: readonly { code: string }[] }) =>
  alarms.some(({ code }) => code === 'config_rejected');
/** The camera's own view of it: which session is open. */
const sessions = () =>
  new Map(
    site
      .served()
      .filter(({ open }) => open)
      .map(({ camera, id }) => [camera, id] as const)
      .sort(([a], [b]) => a.localeCompare(b)),
  );

it('takes over an edited cameras.yml: what did not change loses no frame, a faulty edit changes nothing', async () => {
  const recorder = startRecorder(home);
  await recorder.until('recording', 20_000, allRecording(3));
  await pause(2000);
  const before = sessions();
  expect([...before.keys()]).toEqual(['cam01', 'cam02', 'cam03']);

  const sound = readFileSync(home.config, 'utf8');
  home.write(sound.replace('record: main', 'recrod: main'));
  await recorder.until('complaining', 5000, rejected);
  expect(recorder.said()).toMatch(/cameras\.yml:\d+:\d+ cameras.*recrod/);
  expect(sessions()).toEqual(before);
  home.write(sound);
  await recorder.until('content again', 5000, (status) => !rejected(status));
  expect(sessions()).toEqual(before);

  // The second changes, the third goes, the fourth comes.
  const [first, second, , fourth] = site.cameras.map((camera) => byAddress(camera));
  if (!first || !second || !fourth) throw new Error('four cameras are needed');
  home.configure([first, { ...second, name: 'Renamed' }, fourth]);
  const after = await recorder.until(
    'recording the fourth',
    15_000,
    (status) =>
      ['cam01', 'cam02', 'cam04'].every((id) => streamOf(status, id)?.state === 'recording') &&
      status.cameras.length === 3,
  );
  expect(after.cameras.map(({ id }) => id)).toEqual(['cam01', 'cam02', 'cam04']);
  await pause(3000);
  const now = sessions();
  expect(now.get('cam01')).toBe(before.get('cam01'));
  expect(now.get('cam02')).not.toBe(before.get('cam02'));
  expect(now.has('cam03')).toBe(false);
  const untilUs = Date.now() * 1000 - 200_000;
  await recorder.stop();

  const recordings = openRecordings(home);
  const [session, ...more] = sessionsOf(site.served(), 'cam01', 'main');
  expect(more).toEqual([]);
  if (!session) throw new Error('cam01 was never served');
  expect(accountFrames([session], await recordings.stamps('cam01'), { untilUs })).toMatchObject(NOTHING_LOST);
  const [hole] = await recordings.gaps('cam02');
  expect(hole).toMatchObject({ cause: 'maintenance' });
  expect((hole?.toUs ?? Number.POSITIVE_INFINITY) - (hole?.fromUs ?? 0)).toBeLessThan(5_000_000);
  expect(await recordings.gaps('cam03')).toMatchObject([{ cause: 'maintenance', toUs: null }]);
  await recordings.close();
});

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

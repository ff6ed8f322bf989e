import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startSimulatedSite } from '../../../demo/site.ts';
import { COMMANDS } from '../../../src/cli/commands.ts';
import { runCli } from '../../../src/cli/run.ts';
import { systemClock } from '../../../src/lib/clock.ts';
import { createSiteTime } from '../../../src/lib/site-time.ts';
import { surveyStorage } from '../../../src/retention/survey.ts';
import { startSteward } from '../../support/ledger/steward-home.ts';
import { byOnvif, createRecorderHome, type RecorderHome } from '../../support/recorder-home.ts';
import { allRecording, startRecorder } from '../../support/recorder-process.ts';

describe('a survey of the storage folder', () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'girok-survey-'));
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));
  const put = (file: string, data: string | Buffer = 'x') => {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), data);
  };
  const survey = () => surveyStorage({ root, mirror: join(root, 'mirror'), backups: [join(root, 'backup')] });
  const SEGMENT = 'cam01/2026-11-22/120000-main-0123456789abcdef.seg';

  it('knows each place, and names what is in none', async () => {
    for (const file of [
      `vault/${SEGMENT}`,
      `evidence/0123456789abcdef/${SEGMENT}`,
      'keys/keyring.db',
      'mirror/keyring.db-wal',
      'catalogue.db',
      'catalogue.db.20261122T031400',
      'volume.json',
      'spool/recorder/a.json',
      'recorder.lock',
      'retention/purge.json.new',
      'retention/purge.json.4711.new',
      'backup/2026/keyring.db',
      'backup/2026/site.db',
      'before-restore-20261122/keys/keyring.db',
      'ledger-before/0123456789abcdef/site.db-wal',
      'ledger-before/0123456789abcdef/begun-anew.json',
      'lost+found/#123',
    ])
      put(file);
    expect(await survey()).toEqual({
      files: { segments: 1, lockers: 1, keys: 3, databases: 3, accounts: 3, running: 1, temporary: 2 },
      inClear: [],
      unknown: [],
      unknownFiles: 0,
      keyrings: [join(root, 'backup/2026/keyring.db'), join(root, 'before-restore-20261122/keys/keyring.db')],
    });
    const strange = [
      'vault/cam01/2026-11-22/thumb.jpg',
      'vault/cam01/x.seg',
      'vault/cam01/lost+found/x',
      'evidence/frame.png',
      'cache/a',
      'tmp/a.new',
      'keys/keyring.db.bak',
      'catalogue.db.old',
      'retention/purge.json.old',
    ];
    for (const file of strange) put(file);
    symlinkSync('/etc', join(root, 'link'));
    expect(await survey()).toMatchObject({
      unknown: [...strange, 'link'].sort(),
      unknownFiles: strange.length + 1,
    });
    for (let n = 0; n < 150; n++) put(`cache/${n}`);
    const { unknown, unknownFiles } = await survey();
    expect([unknown.length, unknownFiles]).toEqual([100, strange.length + 151]);
  });

  it.each<[string, Buffer]>([
    ['a fragment of video', Buffer.from('moof\0\0\0\u0010mfhd', 'latin1')],
    ['the beginning of a video file', Buffer.from('ftypiso6', 'latin1')],
    ['a JPEG', Buffer.from('\u00ff\u00d8\u00ff\u00e0\0\u0010JFIF\0', 'latin1')],
    ['a PNG', Buffer.from('\u0089PNG\r\n\u001a\n', 'latin1')],
    ['a WebP', Buffer.from('WEBPVP8 ', 'latin1')],
  ])(
    'sees %s in the clear wherever it lies in a database page, a journal or a temporary file',
    async (_what, picture) => {
      const block = 1024 * 1024;
      for (const at of [0, 4096, block - picture.length, block - 3, 2 * block - 5]) {
        put('site.db', Buffer.concat([Buffer.alloc(at), picture, Buffer.alloc(100)]));
        expect((await survey()).inClear).toEqual(['site.db']);
      }
      put('site.db', Buffer.concat([Buffer.alloc(block - 3), picture.subarray(1), Buffer.alloc(100)]));
      expect((await survey()).inClear).toEqual([]);
      put('spool/recorder/a.json.new', picture);
      expect((await survey()).inClear).toEqual(['spool/recorder/a.json.new']);
    },
  );
});

describe('beside a recorder and a steward', () => {
  let home: RecorderHome | undefined;
  afterEach(() => home?.remove());

  it('every file is known, none shows a picture, and one that is put there is named', async () => {
    const site = await startSimulatedSite({
      addresses: 'one',
      rtspPort: 0,
      onvifPort: 0,
      discoveryPort: false,
    });
    try {
      const [camera] = site.cameras;
      if (!camera) throw new Error('no camera');
      home = createRecorderHome({ cameras: [byOnvif(camera)], login: site, segmentSeconds: 10 });
      const recorder = startRecorder(home);
      await recorder.until('recording', 30_000, allRecording(2));
      const steward = startSteward(home);
      await until(() => steward.said().includes('steward.started'));
      const girok = async (...argv: string[]) => {
        const out: string[] = [];
        const code = await runCli([...argv, '--json', '--config', home!.config], {
          commands: COMMANDS,
          env: {},
          clock: systemClock,
          signal: new AbortController().signal,
          terminal: { out: (text) => void out.push(text), err: () => undefined, live: false },
        });
        return { code, said: JSON.parse(out.join('')) };
      };
      const vault = join(home.storage, 'vault', camera.id);
      await until(
        () =>
          readdirSync(vault, { recursive: true }).filter((name) => String(name).endsWith('.seg')).length >= 4,
      );
      const { label } = createSiteTime(home.timeZone);
      const nowUs = systemClock.utcUs();
      const range = ['--from', label(nowUs - 5_000_000), '--to', label(nowUs - 1_000_000)];
      await girok('hold', 'add', '--camera', camera.id, ...range, '--by', 'x', '--reason', 'y');
      await until(() => existsSync(join(home!.storage, 'evidence')));
      const look = await girok('retention', 'status');
      expect(look.said.survey).toMatchObject({ inClear: [], unknown: [], unknownFiles: 0 });
      expect(look.said.survey.files.segments).toBeGreaterThanOrEqual(4);
      expect(look.said.survey.files.databases).toBeGreaterThanOrEqual(2);
      expect(look.said.inOrder).toBe(true);

      writeFileSync(join(home.storage, 'thumbnail.jpg'), 'x');
      expect(await girok('retention', 'status')).toMatchObject({
        code: 1,
        said: { survey: { unknown: ['thumbnail.jpg'] }, inOrder: false, sound: false },
      });
      await recorder.stop();
      steward.child.kill('SIGTERM');
      await steward.ended;
      rmSync(join(home.storage, 'thumbnail.jpg'));
      expect((await girok('retention', 'status')).said.survey).toMatchObject({ inClear: [], unknown: [] });
    } finally {
      await site.stop();
    }
  }, 90_000);
});

async function until(condition: () => boolean, withinMs = 30_000): Promise<void> {
  const endMs = performance.now() + withinMs;
  while (!condition()) {
    if (performance.now() > endMs) throw new Error('not within its time');
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

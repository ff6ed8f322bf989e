import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EXIT } from '../../../src/cli/exit-code.ts';
import { openDatabase } from '../../../src/db/open.ts';
import { createRecorderHome, type RecorderHome } from '../../support/recorder-home.ts';
import { startRecorder } from '../../support/recorder-process.ts';
import { mountSmallDisk } from '../../support/small-disk.ts';

/** A camera that nobody answers for: what is shown here happens before any camera is asked. */
const CAMERAS = [{ id: 'cam01', source: "rtsp: { main: 'rtsp://127.0.0.1:9/main' }", enabled: false }];

let home: RecorderHome;
beforeEach(() => {
  home = createRecorderHome({ cameras: CAMERAS });
});
afterEach(() => home.remove());

/** A storage folder that a recorder has used. */
async function used(): Promise<void> {
  const recorder = startRecorder(home);
  await recorder.until('up', 15_000, () => true);
  expect(await recorder.stop()).toEqual({ code: 0, signal: null });
}

/** What a person reads: everything on standard error that is not the log. */
async function refusal() {
  const recorder = startRecorder(home);
  const { code } = await recorder.ended;
  const sentences = recorder
    .said()
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('{'));
  return { code, sentences };
}

describe('the recorder refuses, in one sentence and without touching anything,', () => {
  it.each(['catalogue.db', join('keys', 'keyring.db')])('a newer %s', async (name) => {
    await used();
    const db = openDatabase({ path: join(home.storage, name), synchronous: 'full' });
    db.pragma('user_version = 999');
    db.close();
    const { code, sentences } = await refusal();
    expect(sentences).toEqual([expect.stringMatching(/newer version of Girok.*upgrade/)]);
    expect(code).toBe(EXIT.storage);
  });

  it('a folder without its mark', async () => {
    mkdirSync(home.storage);
    writeFileSync(join(home.storage, 'holiday.jpg'), '');
    const { code, sentences } = await refusal();
    expect(sentences).toEqual([expect.stringMatching(/does not bear Girok's mark/)]);
    expect(code).toBe(EXIT.storage);
    expect(readdirSync(home.storage)).toEqual(['holiday.jpg']);
  });

  it('a read-only folder', async ({ skip }) => {
    const folder = mkdtempSync(join(tmpdir(), 'girok-read-only-'));
    const disk = mountSmallDisk(folder, 4 * 1024 * 1024);
    if ('refused' in disk) return skip(`no file system can be mounted here: ${disk.refused}`);
    try {
      home.remove();
      home = createRecorderHome({ cameras: CAMERAS, storage: folder });
      await used();
      expect(spawnSync('mount', ['-o', 'remount,ro', folder]).status).toBe(0);
      const { code, sentences } = await refusal();
      expect(sentences).toEqual([expect.stringMatching(/cannot be written.*check its mount/)]);
      expect(code).toBe(EXIT.storage);
    } finally {
      disk.unmount();
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it('another root key, and a missing one', async () => {
    await used();
    const file = join(home.folder, 'secrets', 'root.key');
    rmSync(file);
    const missing = await refusal();
    expect(missing.sentences).toEqual([expect.stringMatching(/root key cannot be found/)]);
    expect(missing.code).toBe(EXIT.storage);
    writeFileSync(file, randomBytes(32), { mode: 0o600 });
    const wrong = await refusal();
    expect(wrong.sentences).toEqual([expect.stringMatching(/not the one this store was made with/)]);
    expect(wrong.code).toBe(EXIT.storage);
  });

  it('a folder that another recorder uses', async () => {
    const first = startRecorder(home);
    await first.until('up', 15_000, () => true);
    const { code, sentences } = await refusal();
    expect(sentences).toEqual([expect.stringMatching(/in use by another process/)]);
    expect(code).toBe(EXIT.storage);
    await expect(first.status()).resolves.toMatchObject({ pid: first.pid });
    await first.stop();
  });

  it('a faulty cameras.yml, every fault with its place', async () => {
    home.write('site: { nmae: x }\ncameras: []\n');
    const { code, sentences } = await refusal();
    expect(code).toBe(EXIT.configuration);
    expect(sentences[0]).toMatch(/cameras\.yml.* has \d+ faults; correct the places named below/);
    const places = sentences.slice(1);
    expect(places.length).toBeGreaterThan(3);
    for (const place of places) expect(place).toMatch(/cameras\.yml:\d+:\d+ /);
  });

  it('a cameras.yml that is not there', async () => {
    rmSync(home.config);
    const { code, sentences } = await refusal();
    expect(sentences).toEqual([expect.stringMatching(/configuration file.*cannot be read/)]);
    expect(code).toBe(EXIT.configuration);
  });
});

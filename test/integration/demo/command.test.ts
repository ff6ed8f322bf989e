import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { openLibrary } from '../../../demo/scenes/library.ts';
import { PROFILES, SCENES_VERSION } from '../../../demo/scenes/profile.ts';
import { DEFAULT_CACHE } from '../../../demo/site.ts';

const MAIN = fileURLToPath(new URL('../../../demo/main.ts', import.meta.url));
const ARGS = [
  '--profile',
  'small',
  '--count',
  '2',
  '--addresses',
  'one',
  '--port',
  '0',
  '--onvif-port',
  '0',
  '--control',
  '0',
];

async function firstLine(child: ChildProcess): Promise<string> {
  let text = '';
  for await (const chunk of child.stdout!) {
    text += String(chunk);
    if (text.includes('\n')) break;
  }
  return text.split('\n')[0]!;
}

it('the command says when it is ready, where everything is, and ends cleanly on SIGTERM', async () => {
  const child = spawn(process.execPath, [MAIN, ...ARGS], { stdio: ['ignore', 'pipe', 'ignore'] });
  const ended = once(child, 'exit');
  const line = await firstLine(child);
  expect(line).toMatch(/^ready 2 \{/);
  const facts = JSON.parse(line.slice('ready 2 '.length)) as { control: number; cameras: { id: string }[] };
  expect(facts.cameras.map((camera) => camera.id)).toEqual(['cam01', 'cam02']);
  expect((await fetch(`http://127.0.0.1:${facts.control}/cameras`)).status).toBe(200);
  child.kill('SIGTERM');
  expect(await ended).toEqual([0, null]);
});

it('draws a room again when its files are cut short, and stops drawing when told to', async () => {
  const cache = await mkdtemp(join(tmpdir(), 'girok-scenes-'));
  try {
    const options = { profile: PROFILES.small, cache, rooms: 1 };
    const whole = await openLibrary(options);
    const damaged = join(cache, `small-${SCENES_VERSION}`, 'cam01', 'main.bin');
    await writeFile(damaged, 'cut');
    const drawn: number[] = [];
    const again = await openLibrary({ ...options, onProgress: ({ camera }) => drawn.push(camera) });
    expect(drawn.length).toBeGreaterThan(0);
    expect(again.scenes[0]!.main.units).toEqual(whole.scenes[0]!.main.units);
    await writeFile(damaged, 'cut');
    await expect(openLibrary({ ...options, signal: AbortSignal.abort(new Error('enough')) })).rejects.toThrow(
      'enough',
    );
  } finally {
    await rm(cache, { recursive: true, force: true });
  }
});

it('waits for a room that another process is drawing, and draws it if that one is gone', async () => {
  const cache = await mkdtemp(join(tmpdir(), 'girok-scenes-'));
  const other = spawn('sleep', ['60']);
  try {
    await openLibrary({ profile: PROFILES.small, cache: DEFAULT_CACHE, rooms: 1 });
    const folder = `small-${SCENES_VERSION}`;
    for (const name of ['cam01', 'b-frames', 'extras'])
      await cp(join(DEFAULT_CACHE, folder, name), join(cache, folder, name), { recursive: true });
    const [room, away] = [join(cache, folder, 'cam01'), join(cache, 'cam01')];
    const theirs = `${room}.tmp-${other.pid}`;
    const drawn: number[] = [];
    const open = () =>
      openLibrary({
        profile: PROFILES.small,
        cache,
        rooms: 1,
        onProgress: ({ camera }) => drawn.push(camera),
      });

    await rename(room, away);
    await mkdir(theirs);
    const waiting = open();
    await expect(Promise.race([waiting, pause(1000)])).resolves.toBe('nothing yet');
    await rename(away, room);
    await rm(theirs, { recursive: true });
    expect((await waiting).scenes).toHaveLength(1);
    expect(drawn).toEqual([]);

    await rm(room, { recursive: true });
    await mkdir(theirs);
    const left = open();
    await expect(Promise.race([left, pause(500)])).resolves.toBe('nothing yet');
    other.kill('SIGKILL');
    expect((await left).scenes).toHaveLength(1);
    expect(drawn.length).toBeGreaterThan(0);
  } finally {
    other.kill('SIGKILL');
    await rm(cache, { recursive: true, force: true });
  }
});

const pause = (ms: number) => new Promise<string>((resolve) => setTimeout(resolve, ms, 'nothing yet'));

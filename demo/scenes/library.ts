import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { CLINIC_SIZE, type ClinicCamera, clinicCamera } from '../clinic.ts';
import { drawFolder, removeLeftovers } from './drawn-folder.ts';
import { encodeFilm, encodeWithBFrames, encodeWithoutKeyFrames, type Output } from './encode.ts';
import { createFilm, type Film } from './film.ts';
import { NO_KEY_FRAMES, type Profile, SCENES_VERSION, type StreamShape, type TrackName } from './profile.ts';
import { ROOMS } from './rooms.ts';
import { createWardrobe, type Wardrobe } from './sprite.ts';
import { readTrack, type SceneTrack, writeTrack } from './track-file.ts';

const TOUCHED = ['turned', 'covered'] as const;
type Touched = (typeof TOUCHED)[number];

/** Everything a simulated camera can show. `night`, `long` and `changed` exist where noted. */
export interface Scene {
  readonly main: SceneTrack;
  readonly sub: SceneTrack;
  /** Another picture size with the same codec: the sub-stream, or for H.265 a loop of its own. */
  readonly changed: SceneTrack;
  readonly snapshot: Buffer;
}

export interface SceneLibrary {
  /** By room, 0…12. */
  readonly scenes: readonly Scene[];
  /** A dark, still room at about 64 kbit/s. */
  readonly night: SceneTrack;
  /** 80 s with one key frame, at its beginning (H.264, parameters of the first room's main stream). */
  readonly long: SceneTrack;
  /** The first room's main loop with two B-frames between the others, in decode order. */
  readonly bFrames: SceneTrack;
  /** The first room's sub-stream after somebody was at the camera. */
  readonly touched: Readonly<Record<Touched, SceneTrack>>;
}

export interface Progress {
  /** 1…`of`: the camera being drawn. */
  readonly camera: number;
  readonly of: number;
  readonly percent: number;
}

export interface LibraryOptions {
  readonly profile: Profile;
  /** Cache folder; one folder per profile and version is made inside. */
  readonly cache: string;
  /** Rooms that will be used: 1…13. */
  readonly rooms?: number;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: Progress) => void;
}

/** Loads the scenes; what is missing, broken or of an older version is drawn anew (two rooms at a time). */
export async function openLibrary(options: LibraryOptions): Promise<SceneLibrary> {
  const { profile, cache, rooms = CLINIC_SIZE, signal, onProgress } = options;
  const folder = join(cache, `${profile.name}-${SCENES_VERSION}`);
  await mkdir(folder, { recursive: true });
  await removeLeftovers(folder);
  const wardrobe = createWardrobe();
  const scenes: Scene[] = new Array(rooms);
  let next = 0;
  const worker = async () => {
    while (next < rooms) {
      const room = next++;
      signal?.throwIfAborted();
      const camera = clinicCamera(room + 1);
      const target = join(folder, camera.id);
      const known = await readScene(target).catch(() => undefined);
      scenes[room] = known ?? (await makeScene(room, target));
    }
  };
  const makeScene = async (room: number, target: string): Promise<Scene> => {
    const camera = clinicCamera(room + 1);
    return drawFolder(target, {
      read: () => readScene(target),
      build: (temporary) =>
        drawScene(camera, room, profile, wardrobe, temporary, signal, (percent) =>
          onProgress?.({ camera: room + 1, of: rooms, percent }),
        ),
      signal,
    });
  };
  await Promise.all([worker(), worker()]);
  const firstRoom = join(folder, clinicCamera(1).id);
  const clip = join(folder, 'b-frames');
  const readClip = () => readTrack(clip, 'b-frames');
  const bFrames =
    (await readClip().catch(() => undefined)) ??
    (await drawFolder(clip, {
      read: readClip,
      build: (temporary) => drawBFrames(profile, firstRoom, temporary, signal),
      signal,
    }));
  const other = join(folder, 'touched');
  const readTouched = async () => ({
    turned: await readTrack(other, 'turned'),
    covered: await readTrack(other, 'covered'),
  });
  const touched =
    (await readTouched().catch(() => undefined)) ??
    (await drawFolder(other, {
      read: readTouched,
      build: (temporary) => drawTouched(profile, wardrobe, temporary, signal),
      signal,
    }));
  const extras = join(folder, 'extras');
  const readExtras = async () => ({
    night: await readTrack(extras, 'night'),
    long: await readTrack(extras, 'long'),
  });
  const known = await readExtras().catch(() => undefined);
  if (known) return { scenes, bFrames, touched, ...known };
  const made = await drawFolder(extras, {
    read: readExtras,
    build: (temporary) => drawExtras(profile, wardrobe, firstRoom, temporary, signal),
    signal,
  });
  return { scenes, bFrames, touched, ...made };
}

async function readScene(folder: string): Promise<Scene> {
  const [main, sub] = [await readTrack(folder, 'main'), await readTrack(folder, 'sub')];
  const changed = main.codec === 'h265' ? await readTrack(folder, 'changed') : sub;
  return { main, sub, changed, snapshot: await readFile(join(folder, 'snapshot.jpg')) };
}

async function drawScene(
  camera: ClinicCamera,
  room: number,
  profile: Profile,
  wardrobe: Wardrobe,
  folder: string,
  signal: AbortSignal | undefined,
  onPercent: (percent: number) => void,
): Promise<void> {
  const input = { ...profile.main, frames: profile.loopFrames };
  const film = await createFilm(camera, ROOMS[room]!, wardrobe, input);
  const plan: [TrackName, Output][] = [
    ['main', { path: join(folder, 'main.enc'), codec: camera.codec, shape: profile.main }],
    ['sub', { path: join(folder, 'sub.enc'), codec: 'h264', shape: profile.sub }],
  ];
  if (camera.codec === 'h265') {
    plan.push(['changed', { path: join(folder, 'changed.enc'), codec: 'h265', shape: profile.changed }]);
  }
  let shown = -1;
  await encode(film, input, plan, folder, profile, signal, (frame) => {
    const percent = Math.floor((100 * (frame + 1)) / input.frames);
    if (percent > shown) onPercent(percent);
    shown = percent;
  });
  await writeFile(join(folder, 'snapshot.jpg'), await snapshotOf(film, profile.main));
}

async function drawExtras(
  profile: Profile,
  wardrobe: Wardrobe,
  firstRoom: string,
  folder: string,
  signal?: AbortSignal,
): Promise<void> {
  const server = clinicCamera(11);
  const input = { ...profile.night, frames: profile.loopFrames };
  const film = await createFilm(server, ROOMS[10]!, wardrobe, { ...input, quiet: true });
  await encode(
    film,
    input,
    [['night', { path: join(folder, 'night.enc'), codec: 'h264', shape: profile.night }]],
    folder,
    profile,
    signal,
  );
  const shape = profile.main;
  const target = { path: join(folder, 'long.enc'), codec: 'h264' as const, shape };
  const frames = NO_KEY_FRAMES;
  await encodeWithoutKeyFrames(join(firstRoom, 'main.bin'), target, {
    frames,
    loopFrames: profile.loopFrames,
    x264Preset: profile.x264Preset,
    ...(signal ? { signal } : {}),
  });
  await writeTrack(folder, 'long', target.path, 'h264', shape, frames);
  await rm(target.path);
}

async function drawBFrames(
  profile: Profile,
  firstRoom: string,
  folder: string,
  signal?: AbortSignal,
): Promise<void> {
  const shape = profile.main;
  const target = { path: join(folder, 'b-frames.enc'), codec: 'h264' as const, shape };
  await encodeWithBFrames(join(firstRoom, 'main.bin'), target, {
    frames: profile.loopFrames,
    loopFrames: profile.loopFrames,
    x264Preset: profile.x264Preset,
    ...(signal ? { signal } : {}),
  });
  await writeTrack(folder, 'b-frames', target.path, 'h264', shape, profile.loopFrames);
  await rm(target.path);
}

async function drawTouched(
  profile: Profile,
  wardrobe: Wardrobe,
  folder: string,
  signal?: AbortSignal,
): Promise<void> {
  const input = { ...profile.sub, frames: profile.loopFrames };
  for (const touched of TOUCHED) {
    const film = await createFilm(clinicCamera(1), ROOMS[0]!, wardrobe, { ...input, touched });
    const output: Output = { path: join(folder, `${touched}.enc`), codec: 'h264', shape: profile.sub };
    await encode(film, input, [[touched, output]], folder, profile, signal);
  }
}

async function encode(
  film: Film,
  input: StreamShape & { frames: number },
  plan: readonly [TrackName, Output][],
  folder: string,
  profile: Profile,
  signal?: AbortSignal,
  onFrame?: (frame: number) => void,
): Promise<void> {
  const outputs = plan.map(([, output]) => output);
  await encodeFilm(film, input, outputs, {
    x264Preset: profile.x264Preset,
    ...(signal ? { signal } : {}),
    ...(onFrame ? { onFrame } : {}),
  });
  for (const [name, { path, codec, shape }] of plan) {
    await writeTrack(folder, name, path, codec, shape, input.frames);
    await rm(path);
  }
}

/** A still of the loop's beginning as JPEG, 640 pixels wide, grey: a camera's snapshot need not be pretty. */
async function snapshotOf(film: Film, { width, height }: StreamShape): Promise<Buffer> {
  const { y } = await film.draw(0);
  return sharp(Buffer.from(y), { raw: { width, height, channels: 1 } })
    .resize(640)
    .jpeg({ quality: 80 })
    .toBuffer();
}

import type { LocalDay } from '../lib/site-time.ts';
import type { MeasuredFolders } from '../vault/measured-folders.ts';
import type { CameraDay } from '../vault/segment-tree.ts';
import type { HourKeyName } from '../vault/wrapping.ts';
import type { CameraDayFound } from './plan.ts';

/**
 * Every camera-day that has keys, a folder or rows, whichever of them the others know of. How many files and bytes there are is
 * counted only where `measured` says so.
 */
export async function lookAround(
  keys: readonly HourKeyName[],
  folders: MeasuredFolders,
  listed: readonly CameraDay[],
  measured: (day: LocalDay) => boolean,
): Promise<CameraDayFound[]> {
  const found = new Map<string, { camera: string; day: LocalDay; hours: number[]; listed: boolean }>();
  const of = (camera: string, day: string) => {
    const id = `${camera}/${day}`;
    const known = found.get(id) ?? { camera, day: day as LocalDay, hours: [], listed: false };
    found.set(id, known);
    return known;
  };
  for (const { camera, day, hour } of keys) of(camera, day).hours.push(hour);
  for (const { camera, day } of await folders.cameraDays()) of(camera, day);
  for (const { camera, day } of listed) of(camera, day).listed = true;
  const all: CameraDayFound[] = [];
  for (const each of found.values()) {
    const contents = measured(each.day) ? await folders.contentsOf(each) : { files: 0, bytes: 0 };
    all.push({ ...each, ...contents });
  }
  return all;
}

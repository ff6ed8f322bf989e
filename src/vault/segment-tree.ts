import { CAMERA_FOLDER, DAY_FOLDER } from './identity.ts';
import type { SegmentStore } from './segment-store.ts';

/** What the catalogue says about one file of the vault. */
export interface RegisteredFile {
  readonly id: string;
  /** Relative to the vault's folder. */
  readonly file: string;
  readonly state: 'open' | 'sealed' | 'recovered';
  readonly bytes: number;
  readonly chunks: number;
  /** Absent for an open one. */
  readonly ciphertextSha256?: Buffer;
}

export interface CameraDay {
  readonly camera: string;
  readonly day: string;
}

/** The catalogue, as far as the vault needs it. One camera-day fits in memory; all of them need not. */
export interface SegmentRegister {
  cameraDays(): Iterable<CameraDay>;
  filesOf(camera: string, day: string): readonly RegisteredFile[];
}

/** The camera-days that have a folder, sorted; and what lies there that is none. */
export async function cameraDaysOf(
  store: Pick<SegmentStore, 'list'>,
): Promise<{ days: CameraDay[]; strange: string[] }> {
  const days: CameraDay[] = [];
  const strange: string[] = [];
  for (const camera of ((await store.list('')) ?? []).sort()) {
    const names = CAMERA_FOLDER.test(camera) ? await store.list(camera) : undefined;
    if (!names) {
      strange.push(camera);
      continue;
    }
    for (const day of names.sort()) {
      if (DAY_FOLDER.test(day)) days.push({ camera, day });
      else strange.push(`${camera}/${day}`);
    }
  }
  return { days, strange };
}

/** Whether no camera has a folder yet: the only state in which a keyring may be made anew. */
export async function isEmptyVault(store: SegmentStore): Promise<boolean> {
  return ((await store.list('')) ?? []).length === 0;
}

import { language } from '../../app/language.ts';
import type { Camera } from './shapes.ts';

/** What cameras and purposes are called. */
export interface Names {
  readonly cameras: readonly Pick<Camera, 'id' | 'name'>[];
  readonly purposes: readonly { readonly id: string; readonly ko: string; readonly en: string }[];
}

/** In the language that is spoken; what is not configured any more goes by its id. */
export const cameraName = (names: Names | undefined, id: string): string =>
  names?.cameras.find((camera) => camera.id === id)?.name[language.value] ?? id;

export const purposeName = (names: Names | undefined, id: string): string =>
  names?.purposes.find((purpose) => purpose.id === id)?.[language.value] ?? id;

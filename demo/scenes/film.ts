import type { ClinicCamera } from '../clinic.ts';
import { type Backdrop, type Cover, drawBackdrop } from './backdrop.ts';
import { createCaption } from './caption.ts';
import { createNoise, nightWeight } from './light.ts';
import { SPRITE } from './person.ts';
import { createPerspective } from './perspective.ts';
import { createPlanes, mixPlanes, type Planes } from './planes.ts';
import type { Room } from './rooms.ts';
import { drawSprite, type Wardrobe } from './sprite.ts';
import { drawStrip } from './strip.ts';
import { type Stance, stanceOf } from './walk.ts';

/** Draws one camera's loop, frame by frame. */
export interface Film {
  /** The picture of frame `frame` (0 ≤ frame < frames); valid until the next call. */
  draw(frame: number): Promise<Planes>;
}

export interface FilmOptions {
  readonly width: number;
  readonly height: number;
  readonly frames: number;
  /** Always night and nearly without noise: a stream of few bits. */
  readonly quiet?: boolean;
  /** What somebody did to the camera. */
  readonly touched?: 'turned' | 'covered';
}

export async function createFilm(
  camera: ClinicCamera,
  room: Room,
  wardrobe: Wardrobe,
  options: FilmOptions,
): Promise<Film> {
  const { width, height, frames, quiet = false, touched } = options;
  const usual = room.depth > 10 ? { pitchDeg: 17 } : {};
  const view = createPerspective(width, height, touched === 'turned' ? TURNED : usual);
  const backdrop = await drawBackdrop(room, view);
  const caption = await createCaption(
    `${camera.id.toUpperCase()} ${camera.name.en.toUpperCase()} F0123456789/`,
    height,
  );
  const noise = createNoise(camera.number);
  const [base, out] = [createPlanes(width, height), createPlanes(width, height)];
  let mixed = -1;

  async function drawActors(at: number, weight: number) {
    const present = room.actors
      .map((actor) => ({ actor, stance: stanceOf(actor, at) }))
      .filter(
        (entry): entry is { actor: (typeof room.actors)[number]; stance: Stance } =>
          entry.stance !== undefined,
      )
      .sort((a, b) => b.stance.z - a.stance.z);
    for (const { actor, stance } of present) {
      const foot = view.project([stance.x, 0, stance.z]);
      const canvas = (actor.look.heightM * foot.scale * SPRITE.height) / SPRITE.bodyHeight;
      const size = { width: (canvas * SPRITE.width) / SPRITE.height, height: canvas };
      const place = {
        ...size,
        left: foot.x - size.width / 2,
        top: foot.y - (canvas * SPRITE.soleY) / SPRITE.height,
        mirrored: stance.mirrored,
        light: 256 - ((weight * 136) >> 8),
        solid: Math.round(stance.solid * 256),
      };
      castShadow(out, foot.x, foot.y, foot.scale * 0.34, stance.solid);
      drawSprite(
        out,
        await wardrobe.sprite(actor.look, stance.view, stance.phase, stance.walking, canvas),
        place,
      );
      const touched = {
        ...place,
        left: place.left - canvas / 4,
        width: place.width + canvas / 2,
        height: place.height + canvas / 8,
      };
      for (const cover of backdrop.covers) if (cover.z < stance.z) uncover(out, base, cover, touched);
    }
  }

  return {
    async draw(frame) {
      const at = frame / frames;
      const weight = quiet ? 256 : nightWeight(at);
      if (weight !== mixed) mixPlanes(base, backdrop.day, backdrop.night, weight);
      mixed = weight;
      out.data.set(base.data);
      await drawActors(at, weight);
      if (touched === 'covered') hang(out);
      noise.addTo(out.y, quiet ? 0 : 9 + ((weight * 7) >> 8));
      caption.draw(
        out,
        `${camera.id.toUpperCase()} ${camera.name.en.toUpperCase()} F${String(frame).padStart(4, '0')}/${frames}`,
      );
      drawStrip(out.y, width, height, { camera: camera.number, frame });
      flattenStrip(out);
      return out;
    },
  };
}

/** Down to the floor, and to one side. */
const TURNED = { pitchDeg: 34, cameraX: 1.1 };

/** A grey cloth over the lens: what the camera writes into its picture is written over it. */
function hang(out: Planes): void {
  out.y.fill(70);
  out.u.fill(128);
  out.v.fill(128);
}

/** Gives the pixels of a nearer piece of furniture back to it, where somebody was drawn over them. */
function uncover(
  out: Planes,
  base: Backdrop['day'],
  cover: Cover,
  place: { left: number; top: number; width: number; height: number },
): void {
  const x0 = Math.max(cover.left, Math.floor(place.left), 0);
  const x1 = Math.min(cover.left + cover.width, Math.ceil(place.left + place.width), out.width);
  const y0 = Math.max(cover.top, Math.floor(place.top), 0);
  const y1 = Math.min(cover.top + cover.height, Math.ceil(place.top + place.height), out.height);
  for (let y = y0; y < y1; y++) {
    for (let x = x0; x < x1; x++) {
      if (cover.alpha[(y - cover.top) * cover.width + (x - cover.left)]! < 128) continue;
      out.y[y * out.width + x] = base.y[y * out.width + x]!;
      const c = (y >> 1) * (out.width >> 1) + (x >> 1);
      out.u[c] = base.u[c]!;
      out.v[c] = base.v[c]!;
    }
  }
}

function castShadow(out: Planes, x: number, y: number, radius: number, solid: number): void {
  const flat = radius * 0.32;
  for (let py = Math.max(0, Math.ceil(y - flat)); py < Math.min(out.height, y + flat); py++) {
    for (let px = Math.max(0, Math.ceil(x - radius)); px < Math.min(out.width, x + radius); px++) {
      const far = ((px - x) / radius) ** 2 + ((py - y) / flat) ** 2;
      if (far >= 1) continue;
      const at = py * out.width + px;
      out.y[at] = 16 + (out.y[at]! - 16) * (1 - 0.5 * (1 - far) * solid);
    }
  }
}

/** Grey chroma under the strip: coloured floor would pull its levels apart. */
function flattenStrip(out: Planes): void {
  const rows = Math.ceil(out.width / 160);
  const half = out.width >> 1;
  for (let y = (out.height >> 1) - rows; y < out.height >> 1; y++) {
    const [from, to] = [y * half, y * half + Math.floor(half * 0.45)];
    out.u.fill(128, from, to);
    out.v.fill(128, from, to);
  }
}

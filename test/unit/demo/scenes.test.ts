import { describe, expect, it } from 'vitest';
import { CLINIC_SIZE, clinicCamera, clinicCameras } from '../../../demo/clinic.ts';
import { accessUnits } from '../../../demo/scenes/annex-b.ts';
import { createFilm } from '../../../demo/scenes/film.ts';
import { nightWeight } from '../../../demo/scenes/light.ts';
import { readStrip } from '../../../demo/scenes/read-strip.ts';
import { ROOMS } from '../../../demo/scenes/rooms.ts';
import { createWardrobe } from '../../../demo/scenes/sprite.ts';
import { stanceOf } from '../../../demo/scenes/walk.ts';

describe('the clinic', () => {
  it('has thirteen rooms, two of them on H.265, and counts on under new numbers', () => {
    expect(ROOMS).toHaveLength(CLINIC_SIZE);
    expect(clinicCameras().filter((camera) => camera.codec === 'h265')).toHaveLength(2);
    expect(new Set(clinicCameras(64).map((camera) => camera.id)).size).toBe(64);
    expect(clinicCamera(14).scene).toBe(clinicCamera(1).scene);
  });
});

describe('scenes', () => {
  it('close on themselves: everybody ends the loop where they began it', () => {
    for (const actor of ROOMS.flatMap((room) => room.actors)) {
      const [first, last] = [actor.steps[0]!, actor.steps.at(-1)!];
      expect([first.at, last.at]).toEqual([0, 1]);
      expect(actor.steps.every((step, i) => i === 0 || step.at >= actor.steps[i - 1]!.at)).toBe(true);
      const [start, end] = [stanceOf(actor, 0), stanceOf(actor, 1)];
      if (start && end && start.solid > 0 && end.solid > 0) {
        expect(Math.hypot(start.x - end.x, start.z - end.z)).toBeLessThan(0.3);
      }
    }
    expect(nightWeight(0)).toBe(nightWeight(1));
    expect(nightWeight(0.7)).toBe(256);
  });

  it('draw the same film from the same numbers, with the strip in every frame', async () => {
    const size = { width: 320, height: 180, frames: 150 };
    const draw = async () => createFilm(clinicCamera(3), ROOMS[2]!, createWardrobe(), size);
    const [one, two] = [await draw(), await draw()];
    for (const frame of [0, 1]) {
      const picture = Buffer.from((await one.draw(frame)).data);
      expect(picture.equals(Buffer.from((await two.draw(frame)).data))).toBe(true);
      expect(readStrip(picture, size.width, size.height)).toEqual({ camera: 3, frame });
    }
  });

  it('group slices and parameter sets into pictures', () => {
    const nals = [
      [0x67, 1],
      [0x68, 1],
      [0x65, 0x80],
      [0x65, 0x40],
      [0x41, 0x80],
      [0x06, 1],
      [0x41, 0x80],
    ];
    const stream = Buffer.concat(nals.flatMap((nal) => [Buffer.from([0, 0, 1]), Buffer.from(nal)]));
    const units = accessUnits(stream, 'h264');
    expect(units.map((unit) => unit.nals.length)).toEqual([4, 1, 2]);
    expect(units.map((unit) => unit.key)).toEqual([true, false, false]);
  });
});

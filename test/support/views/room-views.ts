import { clinicCamera } from '../../../demo/clinic.ts';
import { createFilm } from '../../../demo/scenes/film.ts';
import { ROOMS } from '../../../demo/scenes/rooms.ts';
import { createWardrobe } from '../../../demo/scenes/sprite.ts';
import { type GreyPicture, VIEW_HEIGHT, VIEW_WIDTH } from '../../../src/cameras/view/agreement.ts';

/** Brightness of a simulated camera's picture, {@link WIDTH} × {@link HEIGHT}. */
export type Luma = Uint8Array;
export const WIDTH = 320;
export const HEIGHT = 180;
const FRAMES = 150;

/** Pictures of each room over a day, a dusk, a night and a dawn, with the people who walk there. */
export async function roomViews(instants: number): Promise<Luma[][]> {
  const wardrobe = createWardrobe();
  const rooms: Luma[][] = [];
  for (const [room, plan] of ROOMS.entries()) {
    const film = await createFilm(clinicCamera(room + 1), plan, wardrobe, {
      width: WIDTH,
      height: HEIGHT,
      frames: FRAMES,
    });
    const views: Luma[] = [];
    for (let i = 0; i < instants; i++)
      views.push((await film.draw(Math.floor((i * FRAMES) / instants))).y.slice(0, WIDTH * HEIGHT));
    rooms.push(views);
  }
  return rooms;
}

/** As the decoder makes it small: each pixel is the mean of those that it stands for. */
export function small(luma: Luma): GreyPicture {
  const [across, down] = [WIDTH / VIEW_WIDTH, HEIGHT / VIEW_HEIGHT];
  return new Uint8Array(VIEW_WIDTH * VIEW_HEIGHT).map((_, at) => {
    const [left, top] = [(at % VIEW_WIDTH) * across, Math.floor(at / VIEW_WIDTH) * down];
    let sum = 0;
    for (let y = top; y < top + down; y++)
      for (let x = left; x < left + across; x++) sum += luma[y * WIDTH + x]!;
    return Math.round(sum / (across * down));
  });
}

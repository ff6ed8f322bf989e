import { z } from 'zod';

const state = z.enum(['same', 'changed', 'covered']);

/** Whether a camera still shows what it showed; numbers alone. Instants: ISO 8601, UTC. */
export const cameraViewSchema = z.strictObject({
  /** It is compared each day. Cameras that are not recorded, and operating rooms, are not. */
  watched: z.boolean(),
  /** When the picture was taken that later ones are held against; absent: there is none. It is recorded footage. */
  reference: z.iso.datetime().optional(),
  /** The last look; absent: there was none. `at`: when its picture was taken. */
  last: z
    .strictObject({
      at: z.iso.datetime(),
      state,
      /** Looks in a row, this one included, that found another view. */
      doubts: z.int(),
      /** There is an alarm. */
      alarm: z.boolean(),
    })
    .optional(),
  /** Of the last 31 days, the last of each; `agreement` 0…1, absent where there was nothing to compare with. */
  scores: z.array(
    z.strictObject({
      day: z.iso.date(),
      at: z.iso.datetime(),
      agreement: z.number().optional(),
      state,
    }),
  ),
  /** Below it a view is another one. */
  least: z.number(),
  /** The caller may look now, and accept what was seen. */
  mayAccept: z.boolean(),
});
export type CameraView = z.infer<typeof cameraViewSchema>;

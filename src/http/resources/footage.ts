import { z } from 'zod';
import type { Principal } from '../../access/policy.ts';
import { KEY_FRAME_HEADERS } from '../../contract/footage.ts';
import { cameraText, idText } from '../../contract/inputs.ts';
import { instantUs } from '../../contract/people.ts';
import type { Asked } from '../../viewing/gate.ts';
import type { KeyFrame, Media, Playback } from '../../viewing/playback.ts';
import { type Call, type Raw, type Route, raw } from '../route.ts';

export interface FootageDeps {
  /** @throws GirokError of the catalogue and keyring while the recorder has not made them */
  playback(): Pick<Playback, 'playlist' | 'init' | 'mediaSegment' | 'keyFrame' | 'transcoded'>;
  /** As they are at this moment; undefined once the session is over. */
  principalOf(session: string): Principal | undefined;
}

const PLAYLIST = 'application/vnd.apple.mpegurl';
const ofStream = {
  id: idText,
  camera: cameraText,
  stream: z.enum(['main', 'sub']),
};
const mp4 = (suffix: 'mp4' | 'm4s') =>
  z
    .string()
    .max(40)
    .regex(new RegExp(`^[0-9a-z-]+\\.${suffix}$`))
    .transform((name) => name.slice(0, -suffix.length - 1));

type SignedIn = Pick<Call<unknown, unknown, unknown>, 'session'>;

/**
 * Recorded footage of a viewing that is open. Every byte passes the gate, which accounts for it; a stream is cut when
 * the right to it ends.
 */
export function footageRoutes({ playback, principalOf }: FootageDeps): Route[] {
  const askedBy = (
    { session }: SignedIn,
    { id, camera, stream }: z.output<z.ZodObject<typeof ofStream>>,
  ): Asked => ({ principal: () => principalOf(session.id), viewing: id, camera, stream });
  const base = '/api/viewings/:id/footage/:camera/:stream';
  return [
    raw({
      method: 'GET',
      path: `${base}/playlist.m3u8`,
      access: 'gate',
      summary: 'HLS playlist of at most 15 minutes; its addresses are relative to this one.',
      params: z.strictObject(ofStream),
      query: z.strictObject({ from: instantUs, to: instantUs }),
      async handle(call) {
        const range = { fromUs: call.query.from, toUs: call.query.to };
        return { type: PLAYLIST, body: await playback().playlist(askedBy(call, call.params), range) };
      },
    }),
    raw({
      method: 'GET',
      path: `${base}/transcoded/playlist.m3u8`,
      access: 'gate',
      summary:
        'The same playlist for a browser that cannot play the recorded codec: behind its addresses the same pictures as H.264, made on request.',
      params: z.strictObject(ofStream),
      query: z.strictObject({ from: instantUs, to: instantUs }),
      async handle(call) {
        const range = { fromUs: call.query.from, toUs: call.query.to };
        return { type: PLAYLIST, body: await playback().playlist(askedBy(call, call.params), range) };
      },
    }),
    raw({
      method: 'GET',
      path: `${base}/init/:name`,
      access: 'gate',
      summary: 'Initialisation segment (fMP4) that a playlist names.',
      params: z.strictObject({ ...ofStream, name: mp4('mp4') }),
      handle: async (call) => mediaOf(await playback().init(askedBy(call, call.params), call.params.name)),
    }),
    raw({
      method: 'GET',
      path: `${base}/media/:name`,
      access: 'gate',
      summary: 'Media segment (fMP4) that a playlist names: one group of pictures.',
      params: z.strictObject({ ...ofStream, name: mp4('m4s') }),
      handle: async (call) =>
        mediaOf(await playback().mediaSegment(askedBy(call, call.params), call.params.name)),
    }),
    raw({
      method: 'GET',
      path: `${base}/transcoded/init/:name`,
      access: 'gate',
      summary: 'Initialisation segment of the same pictures as H.264.',
      params: z.strictObject({ ...ofStream, name: mp4('mp4') }),
      handle: async (call) =>
        mediaOf(await playback().transcoded.init(askedBy(call, call.params), call.params.name, call.left)),
    }),
    raw({
      method: 'GET',
      path: `${base}/transcoded/media/:name`,
      access: 'gate',
      summary: 'One group of pictures as H.264; 503 while too many are being made.',
      params: z.strictObject({ ...ofStream, name: mp4('m4s') }),
      handle: async (call) => {
        const asked = askedBy(call, call.params);
        return mediaOf(await playback().transcoded.mediaSegment(asked, call.params.name, call.left));
      },
    }),
    raw({
      method: 'GET',
      path: `${base}/key-frame`,
      access: 'gate',
      summary:
        "The last key frame at or before an instant: the decoder's description, then the picture; their lengths and codec in headers.",
      params: z.strictObject(ofStream),
      query: z.strictObject({ at: instantUs }),
      handle: async (call) => pictureOf(await playback().keyFrame(askedBy(call, call.params), call.query.at)),
    }),
  ];
}

const mediaOf = ({ type, bytes, body }: Media): Raw => ({ type, bytes, body });

const pictureOf = ({ codec, width, height, atUs, description, sample }: KeyFrame): Raw => ({
  type: 'application/octet-stream',
  body: Buffer.concat([description, sample]),
  headers: {
    [KEY_FRAME_HEADERS.codec]: codec,
    [KEY_FRAME_HEADERS.width]: String(width),
    [KEY_FRAME_HEADERS.height]: String(height),
    [KEY_FRAME_HEADERS.atUs]: String(atUs),
    [KEY_FRAME_HEADERS.descriptionBytes]: String(description.length),
  },
});

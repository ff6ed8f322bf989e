import { KEY_FRAME_HEADERS } from '../../../../src/contract/footage.ts';

/** One key frame, as it comes from the server. */
export interface KeyPicture {
  readonly codec: string;
  /** When it was taken, µs UTC. */
  readonly atUs: number;
  readonly description: Uint8Array;
  readonly data: Uint8Array;
}

/** @throws RangeError where the heads do not fit the bytes */
export function readKeyPicture(bytes: Uint8Array, header: (name: string) => string | null): KeyPicture {
  const codec = header(KEY_FRAME_HEADERS.codec);
  const atUs = Number(header(KEY_FRAME_HEADERS.atUs));
  const length = Number(header(KEY_FRAME_HEADERS.descriptionBytes));
  if (codec === null || !Number.isSafeInteger(atUs) || !(length > 0 && length < bytes.length))
    throw new RangeError('no key frame');
  return { codec, atUs, description: bytes.subarray(0, length), data: bytes.subarray(length) };
}

/** @returns the picture, which the caller closes; undefined where this browser cannot decode it */
export async function decodeKeyPicture({
  codec,
  atUs,
  description,
  data,
}: KeyPicture): Promise<VideoFrame | undefined> {
  const config = { codec, description };
  if (!(await VideoDecoder.isConfigSupported(config)).supported) return undefined;
  let decoded: VideoFrame | undefined;
  const decoder = new VideoDecoder({
    output(frame) {
      decoded?.close();
      decoded = frame;
    },
    // `flush` says it too.
    error: () => undefined,
  });
  decoder.configure(config);
  decoder.decode(new EncodedVideoChunk({ type: 'key', timestamp: atUs, data }));
  try {
    await decoder.flush();
    decoder.close();
  } catch {
    // A picture that cannot be decoded: there is none. The decoder has closed itself.
  }
  return decoded;
}

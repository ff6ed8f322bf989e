import { MalformedMedia } from './fmp4/boxes.ts';

/** One tag of an FLV stream (Adobe Flash Video File Format 10.1, annex E). */
export interface FlvTag {
  readonly kind: 'video' | 'audio' | 'script';
  /** Decode time, ms. */
  readonly timestampMs: number;
  readonly body: Buffer;
  /** Begins a group of pictures. */
  readonly keyFrame: boolean;
  /** The decoder's configuration (`AVCDecoderConfigurationRecord` behind five bytes), no picture. */
  readonly config: boolean;
}

/** What comes before the first tag, for a stream with video and no audio: players wait for audio that is promised. */
export const FLV_VIDEO_HEADER = Buffer.from([0x46, 0x4c, 0x56, 1, 0x01, 0, 0, 0, 9, 0, 0, 0, 0]);

const KINDS: Readonly<Record<number, FlvTag['kind']>> = { 8: 'audio', 9: 'video', 18: 'script' };
const TYPES = { audio: 8, video: 9, script: 18 } as const;
const FILE_HEADER_BYTES = 13;
const TAG_HEADER_BYTES = 11;
const TRAILER_BYTES = 4;
/** A key frame of 1080p at the highest quality is a tenth of it. */
const LARGEST_BODY_BYTES = 8 * 1024 * 1024;
const AVC = 7;
const KEY_FRAME = 1;

export interface FlvReader {
  /** @throws MalformedMedia and is of no use afterwards */
  push(part: Buffer): void;
}

/** Cuts an FLV byte stream into its tags, whatever parts it arrives in. */
export function createFlvReader(onTag: (tag: FlvTag) => void): FlvReader {
  let parts: Buffer[] = [];
  let have = 0;
  let need = FILE_HEADER_BYTES;
  let started = false;

  const take = (whole: Buffer): number => {
    if (!started) {
      if (whole.toString('latin1', 0, 3) !== 'FLV' || whole.readUInt32BE(5) !== 9)
        throw new MalformedMedia('no FLV header');
      started = true;
      return FILE_HEADER_BYTES;
    }
    const kind = KINDS[whole[0] ?? 0];
    if (!kind) throw new MalformedMedia('an unknown FLV tag');
    const bodyEnd = TAG_HEADER_BYTES + whole.readUIntBE(1, 3);
    if (whole.readUInt32BE(bodyEnd) !== bodyEnd) throw new MalformedMedia('an FLV tag of two lengths');
    const body = whole.subarray(TAG_HEADER_BYTES, bodyEnd);
    const timestampMs = whole.readUIntBE(4, 3) + (whole[7] ?? 0) * 2 ** 24;
    onTag({ kind, timestampMs, body, ...videoFacts(kind, body) });
    return bodyEnd + TRAILER_BYTES;
  };
  /** How many bytes the next piece has, as far as `whole` tells. */
  const wanted = (whole: Buffer): number => {
    if (!started) return FILE_HEADER_BYTES;
    if (whole.length < TAG_HEADER_BYTES) return TAG_HEADER_BYTES;
    const bytes = whole.readUIntBE(1, 3);
    if (bytes > LARGEST_BODY_BYTES) throw new MalformedMedia(`an FLV tag of ${bytes} bytes`);
    return TAG_HEADER_BYTES + bytes + TRAILER_BYTES;
  };

  return {
    push(part) {
      parts.push(part);
      have += part.length;
      // Joined only when a whole piece is there: a large tag comes in many parts.
      if (have < need) return;
      let whole = parts.length === 1 ? part : Buffer.concat(parts, have);
      for (need = wanted(whole); whole.length >= need; need = wanted(whole))
        whole = whole.subarray(take(whole));
      parts = whole.length > 0 ? [whole] : [];
      have = whole.length;
    },
  };
}

function videoFacts(kind: FlvTag['kind'], body: Buffer): Pick<FlvTag, 'keyFrame' | 'config'> {
  if (kind !== 'video') return { keyFrame: false, config: false };
  const [first = 0, packet = 0] = body;
  if ((first & 0x0f) !== AVC) throw new MalformedMedia('FLV video that is not H.264');
  return { config: packet === 0, keyFrame: packet === 1 && first >> 4 === KEY_FRAME };
}

/** The tag's bytes with another time. */
export function writeFlvTag(tag: FlvTag, timestampMs: number): Buffer {
  const bytes = TAG_HEADER_BYTES + tag.body.length;
  const out = Buffer.allocUnsafe(bytes + TRAILER_BYTES);
  out[0] = TYPES[tag.kind];
  out.writeUIntBE(tag.body.length, 1, 3);
  out.writeUIntBE(timestampMs & 0xffffff, 4, 3);
  out[7] = (timestampMs >>> 24) & 0xff;
  out.writeUIntBE(0, 8, 3);
  tag.body.copy(out, TAG_HEADER_BYTES);
  out.writeUInt32BE(bytes, bytes);
  return out;
}

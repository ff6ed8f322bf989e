import { withoutEmulationPrevention } from '../bits.ts';
import { type Codec, type NalRole, nalRole } from '../nal.ts';
import { sequenceParameters } from '../sequence-parameters.ts';
import { box, MalformedMedia } from './boxes.ts';

/**
 * An init segment (`ftyp moov`, ISO/IEC 14496-12) for one video track of fragments.
 *
 * @param sets at least one sequence and one picture parameter set (H.265: also a VPS), without start codes
 * @param timescale ticks per second of all media times
 * @param setsInStream of H.264: the sets stand before each key frame too, and those may differ (`avc3`)
 * @throws MalformedMedia when no picture size can be read from the sets
 */
export function writeInit(
  codec: Codec,
  timescale: number,
  sets: readonly Buffer[],
  setsInStream = false,
): Buffer {
  const sps = sets.find((set) => nalRole(codec, set[0] ?? 0) === 'sps');
  const parameters = sps && sequenceParameters(codec, sps);
  if (!parameters || !sps) throw new MalformedMedia('the parameter sets give no picture size');
  const { width, height } = parameters;
  const entry = Buffer.alloc(78);
  entry.writeUInt16BE(1, 6); // data reference
  entry.writeUInt16BE(width, 24);
  entry.writeUInt16BE(height, 26);
  entry.writeUInt32BE(INCH, 28);
  entry.writeUInt32BE(INCH, 32);
  entry.writeUInt16BE(1, 40); // frames per sample
  entry.writeUInt16BE(0x18, 74); // depth: colour without alpha
  entry.writeInt16BE(-1, 76);
  const config =
    codec === 'h264'
      ? box(setsInStream ? 'avc3' : 'avc1', entry, box('avcC', avcConfig(sets, sps, parameters)))
      : box('hvc1', entry, box('hvcC', hevcConfig(sets, sps, parameters)));
  const none = (type: string) => full(type, 0, 0, words(0));
  const samples = box(
    'stbl',
    full('stsd', 0, 0, words(1), config),
    none('stts'),
    none('stsc'),
    full('stsz', 0, 0, words(0, 0)),
    none('stco'),
  );
  const media = box(
    'mdia',
    full('mdhd', 0, 0, words(0, 0, timescale, 0, UNDETERMINED_LANGUAGE)),
    full('hdlr', 0, 0, words(0), Buffer.from('vide'), words(0, 0, 0), Buffer.from('Girok\0')),
    box(
      'minf',
      full('vmhd', 0, 1, words(0, 0)),
      box('dinf', full('dref', 0, 0, words(1), full('url ', 0, 1))),
      samples,
    ),
  );
  const track = box(
    'trak',
    full(
      'tkhd',
      0,
      IN_MOVIE,
      words(0, 0, 1, 0, 0, 0, 0, 0, 0),
      MATRIX,
      words(width * 2 ** 16, height * 2 ** 16),
    ),
    media,
  );
  return Buffer.concat([
    box('ftyp', Buffer.from('iso6'), words(0x200), Buffer.from('iso6mp41')),
    box(
      'moov',
      full(
        'mvhd',
        0,
        0,
        words(0, 0, timescale, 0, 0x1_0000, 0x0100_0000, 0, 0),
        MATRIX,
        words(0, 0, 0, 0, 0, 0, 2),
      ),
      track,
      box('mvex', full('trex', 0, 0, words(1, 1, 0, 0, 0))),
    ),
  ]);
}

/** 72 dots per inch, as 16.16. */
const INCH = 72 * 2 ** 16;
/** `und` in five bits each. */
const UNDETERMINED_LANGUAGE = 0x55c4_0000;
/** Track enabled, in the movie, in the preview. */
const IN_MOVIE = 7;

const words = (...values: readonly number[]): Buffer => {
  const out = Buffer.alloc(values.length * 4);
  values.forEach((value, index) => {
    out.writeUInt32BE(value, index * 4);
  });
  return out;
};

/** Nothing is turned or moved. */
const MATRIX = words(0x1_0000, 0, 0, 0, 0x1_0000, 0, 0, 0, 0x4000_0000);

const full = (type: string, version: number, flags: number, ...parts: readonly Buffer[]): Buffer =>
  box(type, words(version * 2 ** 24 + flags), ...parts);

type Parameters = NonNullable<ReturnType<typeof sequenceParameters>>;

/** Baseline, Main and Extended: 4:2:0 of 8 bits, which the record does not say again. */
const PLAIN_PROFILES = new Set([66, 77, 88]);

/** AVCDecoderConfigurationRecord, ISO/IEC 14496-15 §5.3.3.1. */
function avcConfig(sets: readonly Buffer[], sps: Buffer, parameters: Parameters): Buffer {
  const of = (role: NalRole) => sets.filter((set) => nalRole('h264', set[0] ?? 0) === role);
  const [sequences, pictures] = [of('sps'), of('pps')];
  const [, profile = 0, compatibility = 0, level = 0] = sps;
  return Buffer.concat([
    Buffer.from([1, profile, compatibility, level, 0xff, 0xe0 | sequences.length]),
    ...sequences.flatMap(withLength),
    Buffer.from([pictures.length]),
    ...pictures.flatMap(withLength),
    PLAIN_PROFILES.has(profile)
      ? Buffer.alloc(0)
      : Buffer.from([
          0xfc | parameters.chromaFormat,
          0xf8 | (parameters.bitDepthLuma - 8),
          0xf8 | (parameters.bitDepthChroma - 8),
          0,
        ]),
  ]);
}

/** HEVCDecoderConfigurationRecord, ISO/IEC 14496-15 §8.3.3.1. Completeness stays 0: sets come in the stream too. */
function hevcConfig(sets: readonly Buffer[], sps: Buffer, parameters: Parameters): Buffer {
  // One byte of ids, then profile, tier, compatibility, constraints and level, 12 bytes.
  const raw = withoutEmulationPrevention(sps.subarray(2, 24));
  const [first = 0] = raw;
  const subLayers = ((first >> 1) & 7) + 1;
  const nested = first & 1;
  const head = Buffer.alloc(23);
  head[0] = 1;
  head.set(raw.subarray(1, 13), 1);
  head.writeUInt16BE(0xf000, 13); // segmentation: unknown
  head[15] = 0xfc; // parallelism: unknown
  head[16] = 0xfc | parameters.chromaFormat;
  head[17] = 0xf8 | (parameters.bitDepthLuma - 8);
  head[18] = 0xf8 | (parameters.bitDepthChroma - 8);
  head[21] = (subLayers << 3) | (nested << 2) | 3; // lengths of 4 bytes
  const arrays = (['vps', 'sps', 'pps'] as const)
    .map((role, index) => ({
      type: 32 + index,
      sets: sets.filter((set) => nalRole('h265', set[0] ?? 0) === role),
    }))
    .filter((array) => array.sets.length > 0);
  head[22] = arrays.length;
  return Buffer.concat([
    head,
    ...arrays.flatMap((array) => [
      Buffer.from([array.type, 0, array.sets.length]),
      ...array.sets.flatMap(withLength),
    ]),
  ]);
}

/** A parameter set with its length in 16 bits before it. */
function withLength(set: Buffer): Buffer[] {
  const length = Buffer.alloc(2);
  length.writeUInt16BE(set.length);
  return [length, set];
}

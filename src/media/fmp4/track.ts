import type { Codec } from '../nal.ts';
import { nalRole } from '../nal.ts';
import { sequenceParameters } from '../sequence-parameters.ts';
import { type Box, findBox, MalformedMedia } from './boxes.ts';

/** What an init segment (`ftyp moov`) says about its one video track. */
export interface Track {
  readonly codec: Codec;
  /** Ticks per second of all media times of this track. */
  readonly timescale: number;
  readonly width: number;
  readonly height: number;
  /** VPS, SPS, PPS as announced, in the order of the decoder configuration. */
  readonly parameterSets: readonly Buffer[];
}

const SAMPLE_TABLE = ['moov', 'trak', 'mdia', 'minf', 'stbl', 'stsd'] as const;
/** Bytes of a VisualSampleEntry before its own boxes (ISO/IEC 14496-12 §12.1.3). */
const VISUAL_ENTRY_BYTES = 78;

/** @throws MalformedMedia when it is not an init segment of one H.264 or H.265 track. */
export function readTrack(init: Buffer): Track {
  const timescale = readTimescale(init);
  const entry = sampleEntry(init);
  const codec: Codec = entry.type.startsWith('avc') ? 'h264' : 'h265';
  const config = decoderConfig(init, entry, codec);
  const at = config.start + config.headerBytes;
  const record = init.subarray(at, config.end);
  const parameterSets = codec === 'h264' ? readAvcSets(record) : readHevcSets(record);
  const body = entry.start + entry.headerBytes;
  const sps = parameterSets.find((set) => nalRole(codec, set[0] ?? 0) === 'sps');
  const announced = sps && sequenceParameters(codec, sps);
  return {
    codec,
    timescale,
    width: announced?.width ?? init.readUInt16BE(body + 24),
    height: announced?.height ?? init.readUInt16BE(body + 26),
    parameterSets,
  };
}

/**
 * What a decoder is set up with, the content of `avcC` or `hvcC`: the `description` of WebCodecs.
 *
 * @throws MalformedMedia as {@link readTrack}
 */
export function decoderDescription(init: Buffer): Buffer {
  const entry = sampleEntry(init);
  const found = decoderConfig(init, entry, entry.type.startsWith('avc') ? 'h264' : 'h265');
  return init.subarray(found.start + found.headerBytes, found.end);
}

/** The sample entry box (`avc1`, `hvc1`, …) of the only track. */
function sampleEntry(init: Buffer): Box {
  const table = findBox(init, SAMPLE_TABLE);
  if (!table || table.end - table.start < 24) throw new MalformedMedia('no sample description');
  const at = table.start + table.headerBytes + 8;
  const type = init.toString('latin1', at + 4, at + 8);
  if (!['avc1', 'avc3', 'hvc1', 'hev1'].includes(type))
    throw new MalformedMedia('the codec is neither H.264 nor H.265');
  const end = at + init.readUInt32BE(at);
  if (end > table.end || end - at < VISUAL_ENTRY_BYTES + 8)
    throw new MalformedMedia('a sample description is cut off');
  return { type, start: at, headerBytes: 8, end };
}

/** The `avcC` or `hvcC` box inside a sample entry. */
function decoderConfig(init: Buffer, entry: Box, codec: Codec): Box {
  const from = entry.start + entry.headerBytes + VISUAL_ENTRY_BYTES;
  const found = findBox(init, [codec === 'h264' ? 'avcC' : 'hvcC'], from, entry.end);
  if (!found) throw new MalformedMedia('no decoder configuration');
  return found;
}

function readTimescale(init: Buffer): number {
  const header = findBox(init, ['moov', 'trak', 'mdia', 'mdhd']);
  if (!header) throw new MalformedMedia('no media header');
  const at = header.start + header.headerBytes;
  const timescale = init.readUInt32BE(at + (init[at] === 1 ? 20 : 12));
  if (timescale === 0) throw new MalformedMedia('a timescale of zero');
  return timescale;
}

/** AVCDecoderConfigurationRecord, ISO/IEC 14496-15 §5.3.3.1. */
function readAvcSets(record: Buffer): Buffer[] {
  const sets: Buffer[] = [];
  let at = 5;
  for (const mask of [0x1f, 0xff]) {
    const count = (record[at++] ?? 0) & mask;
    for (let i = 0; i < count; i++) at = takeSet(record, at, sets);
  }
  return sets;
}

/** HEVCDecoderConfigurationRecord, ISO/IEC 14496-15 §8.3.3.1. */
function readHevcSets(record: Buffer): Buffer[] {
  const sets: Buffer[] = [];
  let at = 23;
  for (let arrays = record[22] ?? 0; arrays > 0; arrays--) {
    if (at + 3 > record.length) throw new MalformedMedia('a decoder configuration is cut off');
    const count = record.readUInt16BE(at + 1);
    at += 3;
    for (let i = 0; i < count; i++) at = takeSet(record, at, sets);
  }
  return sets;
}

function takeSet(record: Buffer, at: number, sets: Buffer[]): number {
  const end = at + 2 + (at + 2 <= record.length ? record.readUInt16BE(at) : 0);
  if (end > record.length || at + 2 > record.length)
    throw new MalformedMedia('a decoder configuration is cut off');
  sets.push(Buffer.from(record.subarray(at + 2, end)));
  return end;
}

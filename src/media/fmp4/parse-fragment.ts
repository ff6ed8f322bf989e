import { type Box, boxesIn, findBox, MalformedMedia } from './boxes.ts';
import type { FragmentFacts, Sample } from './fragment-facts.ts';
import { readProducerTime } from './producer-time.ts';

/** Sample flags: bit 16 set means "not a key frame" (ISO/IEC 14496-12 §8.8.3.1). */
const NOT_SYNC = 0x10000;
/** More frames than a second of any camera; a claim above it is an attack, not a fragment. */
const MAX_SAMPLES = 2000;

/**
 * Reads one fragment of one track: `[prft] moof mdat`.
 * @throws MalformedMedia when a box is missing, cut off or points outside the fragment.
 */
export function parseFragment(bytes: Buffer): FragmentFacts {
  return factsOf(bytes, [...boxesIn(bytes)]);
}

/**
 * The same of a fragment whose pictures were not read.
 *
 * @param head `[prft] moof`
 * @param mdatBytes length of the `mdat` that follows, its head included
 */
export function parseFragmentHead(head: Buffer, mdatBytes: number): FragmentFacts {
  const mdat: Box = { type: 'mdat', start: head.length, headerBytes: 8, end: head.length + mdatBytes };
  return factsOf(head, [...boxesIn(head), mdat]);
}

function factsOf(bytes: Buffer, boxes: readonly Box[]): FragmentFacts {
  let moof: Box | undefined;
  let mdat: Box | undefined;
  let wallUs: number | undefined;
  for (const found of boxes) {
    if (found.type === 'moof') moof = found;
    else if (found.type === 'mdat') mdat = found;
    else if (found.type === 'prft') wallUs = readProducerTime(bytes, found);
  }
  if (!moof || !mdat) throw new MalformedMedia('a fragment has no moof or no mdat');
  const traf = findBox(bytes, ['traf'], moof.start + moof.headerBytes, moof.end);
  if (!traf) throw new MalformedMedia('a fragment has no track');
  const inside = [traf.start + traf.headerBytes, traf.end] as const;

  const defaults = readTrackDefaults(bytes, ...inside);
  const mediaStart = readDecodeTime(bytes, ...inside);
  const samples: Sample[] = [];
  let durationTicks = 0;
  for (const run of boxesIn(bytes, ...inside)) {
    if (run.type !== 'trun') continue;
    let at = run.start + run.headerBytes;
    const need = (count: number) => {
      if (at + count > run.end) throw new MalformedMedia('a track run is cut off');
    };
    need(8);
    const flags = bytes.readUInt32BE(at) & 0xffffff;
    const count = bytes.readUInt32BE(at + 4);
    at += 8;
    if (count + samples.length > MAX_SAMPLES) throw new MalformedMedia(`${count} frames in one fragment`);
    let offset = mdat.start + 8;
    if (flags & 0x1) {
      need(4);
      offset = moof.start + bytes.readInt32BE(at);
      at += 4;
    }
    let firstFlags: number | undefined;
    if (flags & 0x4) {
      need(4);
      firstFlags = bytes.readUInt32BE(at);
      at += 4;
    }
    const each = [0x100, 0x200, 0x400, 0x800].filter((bit) => flags & bit).length * 4;
    need(each * count);
    for (let i = 0; i < count; i++) {
      let { duration, size, flags: sampleFlags } = defaults;
      let shownLaterTicks = 0;
      if (i === 0 && firstFlags !== undefined) sampleFlags = firstFlags;
      if (flags & 0x100) {
        duration = bytes.readUInt32BE(at);
        at += 4;
      }
      if (flags & 0x200) {
        size = bytes.readUInt32BE(at);
        at += 4;
      }
      if (flags & 0x400) {
        sampleFlags = bytes.readUInt32BE(at);
        at += 4;
      }
      if (flags & 0x800) {
        // Unsigned in version 0, where nothing real reaches the sign either.
        shownLaterTicks = bytes.readInt32BE(at);
        at += 4;
      }
      if (offset < mdat.start + 8 || offset + size > mdat.end)
        throw new MalformedMedia('a frame lies outside its fragment');
      const keyFrame = !(sampleFlags & NOT_SYNC);
      samples.push({ durationTicks: duration, shownLaterTicks, bytes: size, keyFrame, offset });
      offset += size;
      durationTicks += duration;
    }
  }
  return {
    mediaStart,
    durationTicks,
    samples,
    startsWithKeyFrame: samples[0]?.keyFrame ?? false,
    ...(wallUs === undefined ? {} : { wallUs }),
  };
}

function readTrackDefaults(bytes: Buffer, from: number, to: number) {
  const defaults = { duration: 0, size: 0, flags: 0 };
  const header = findBox(bytes, ['tfhd'], from, to);
  if (!header) return defaults;
  let at = header.start + header.headerBytes;
  const take = () => {
    if (at + 4 > header.end) throw new MalformedMedia('a track header is cut off');
    at += 4;
    return bytes.readUInt32BE(at - 4);
  };
  const flags = take() & 0xffffff;
  take(); // track id: there is one track
  if (flags & 0x1) {
    take();
    take(); // base data offset, unused with default-base-is-moof
  }
  if (flags & 0x2) take(); // sample description index: there is one description
  if (flags & 0x8) defaults.duration = take();
  if (flags & 0x10) defaults.size = take();
  if (flags & 0x20) defaults.flags = take();
  return defaults;
}

function readDecodeTime(bytes: Buffer, from: number, to: number): number {
  const found = findBox(bytes, ['tfdt'], from, to);
  if (!found) throw new MalformedMedia('a fragment has no decode time');
  const at = found.start + found.headerBytes;
  if (found.end - at < 8) throw new MalformedMedia('a decode time is cut off');
  if (bytes[at] === 0) return bytes.readUInt32BE(at + 4);
  if (found.end - at < 12) throw new MalformedMedia('a decode time is cut off');
  const ticks = Number(bytes.readBigUInt64BE(at + 4));
  if (!Number.isSafeInteger(ticks)) throw new MalformedMedia('a decode time is beyond reason');
  return ticks;
}

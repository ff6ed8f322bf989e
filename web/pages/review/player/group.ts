import { type Box, boxAt, boxesIn } from './boxes.ts';

/** One coded picture of a group, in the order in which they are decoded. */
export interface CodedPicture {
  /** When it was taken, µs UTC. */
  readonly atUs: number;
  readonly durationUs: number;
  readonly isKey: boolean;
  readonly data: Uint8Array;
}

interface Timed {
  readonly shownTicks: number;
  readonly ticks: number;
  readonly isKey: boolean;
  readonly data: Uint8Array;
}

/** Sample flags: set means "not a key frame" (ISO/IEC 14496-12 §8.8.3.1). */
const NOT_SYNC = 0x10000;

/**
 * The pictures of a media segment: one group, in one or more fragments. Its first picture was taken at `fromUs`, and
 * from there on the camera's own clock counts.
 *
 * @throws RangeError for what is no such segment
 */
export function readGroup(
  bytes: Uint8Array,
  { fromUs, timescale }: { readonly fromUs: number; readonly timescale: number },
): CodedPicture[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const pictures: Timed[] = [];
  for (const box of boxesIn(view)) if (box.type === 'moof') pictures.push(...fragment(bytes, view, box));
  const firstTicks = pictures[0]?.shownTicks ?? 0;
  const us = (ticks: number) => Math.round((ticks * 1e6) / timescale);
  return pictures.map(({ shownTicks, ticks, isKey, data }) => ({
    atUs: fromUs + us(shownTicks - firstTicks),
    durationUs: us(ticks),
    isKey,
    data,
  }));
}

function fragment(bytes: Uint8Array, view: DataView, moof: Box): Timed[] {
  const track = boxAt(view, ['traf'], moof.from, moof.to);
  const header = track && boxAt(view, ['tfhd'], track.from, track.to);
  const time = track && boxAt(view, ['tfdt'], track.from, track.to);
  if (!track || !header || !time) throw new RangeError('a fragment without its track');
  const defaults = readDefaults(view, header);
  let decodeTicks =
    view.getUint8(time.from) === 1 ? Number(view.getBigUint64(time.from + 4)) : view.getUint32(time.from + 4);
  const pictures: Timed[] = [];
  for (const run of boxesIn(view, track.from, track.to)) {
    if (run.type !== 'trun') continue;
    const flags = view.getUint32(run.from) & 0xffffff;
    const isSigned = view.getUint8(run.from) === 1;
    const count = view.getUint32(run.from + 4);
    let at = run.from + 8;
    const take = () => {
      at += 4;
      return view.getUint32(at - 4);
    };
    // Signed or not, its bits are the same: `| 0` reads them as signed.
    let offset = flags & 0x1 ? moof.start + (take() | 0) : moof.to + 8;
    const firstFlags = flags & 0x4 ? take() : undefined;
    for (let index = 0; index < count; index++) {
      if (at >= run.to && flags & 0xf00) throw new RangeError('a track run is cut off');
      const ticks = flags & 0x100 ? take() : defaults.ticks;
      const size = flags & 0x200 ? take() : defaults.size;
      const own = flags & 0x400 ? take() : defaults.flags;
      const laterBits = flags & 0x800 ? take() : 0;
      const later = isSigned ? laterBits | 0 : laterBits;
      if (offset + size > bytes.length) throw new RangeError('a picture lies outside of its segment');
      pictures.push({
        shownTicks: decodeTicks + later,
        ticks,
        isKey: !((index === 0 && firstFlags !== undefined ? firstFlags : own) & NOT_SYNC),
        data: bytes.subarray(offset, offset + size),
      });
      offset += size;
      decodeTicks += ticks;
    }
  }
  return pictures;
}

/** `tfhd`: what holds for all pictures of the fragment that say nothing else. */
function readDefaults(view: DataView, { from }: Box): { ticks: number; size: number; flags: number } {
  const has = view.getUint32(from) & 0xffffff;
  let at = from + 8;
  if (has & 0x1) at += 8;
  if (has & 0x2) at += 4;
  const next = (bit: number) => {
    if (!(has & bit)) return 0;
    at += 4;
    return view.getUint32(at - 4);
  };
  return { ticks: next(0x8), size: next(0x10), flags: next(0x20) };
}

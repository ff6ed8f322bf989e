import { type AccessUnit, type Codec, isSlice, nalType } from './annex-b.ts';

/**
 * How many frames after its turn in decode order each picture is shown (negative: before it). Holds for streams in
 * which no B-frame is referred to: a B-frame is shown at once, every other picture after the B-frames that follow it.
 * H.265 has none here.
 */
export function presentationShifts(units: readonly AccessUnit[], codec: Codec): number[] {
  const shifts = units.map(() => 0);
  if (codec === 'h265') return shifts;
  let reference = -1;
  units.forEach((unit, position) => {
    const slice = unit.nals.find((nal) => isSlice(codec, nalType(codec, nal[0]!)));
    if (!slice || !isBSlice(slice)) {
      reference = position;
      return;
    }
    shifts[position] = -1;
    shifts[reference]!++;
  });
  return shifts;
}

/** Whether `slice_type` is B (H.264 7.3.3, 7.4.3): the second Exp-Golomb number after the unit's header. */
function isBSlice(slice: Uint8Array): boolean {
  let at = 8;
  const bit = () => (slice[at >> 3]! >> (7 - (at++ & 7))) & 1;
  const number = () => {
    let zeros = 0;
    while (at < 8 * slice.length && bit() === 0) zeros++;
    let value = 1;
    for (let i = 0; i < zeros && at < 8 * slice.length; i++) value = 2 * value + bit();
    return value - 1;
  };
  number();
  return number() % 5 === 1;
}

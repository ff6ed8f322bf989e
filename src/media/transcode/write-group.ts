import { createFragmentWriter, MOST_PICTURES } from '../fmp4/fragment-writer.ts';
import type { PictureOrder, PictureTimes } from './picture-order.ts';

/** A picture that was encoded anew. */
export interface EncodedPicture {
  /** How many pictures of its group are shown before it. */
  readonly rank: number;
  readonly keyFrame: boolean;
  /** NAL units behind 4-byte lengths. */
  readonly bytes: Buffer;
}

/**
 * Writes encoded pictures as fragments (`moof mdat`) that begin and end when their group did, each decoded when the
 * picture of its place in the group was and shown when it was. In place of one that could not be decoded the picture
 * before it stays.
 *
 * @param encoded in the order shown, which is the order of decoding: at least one
 * @param pictures of the group, in the order of decoding
 * @param sets parameter sets, put before the first picture
 */
export function writeGroup(
  encoded: readonly EncodedPicture[],
  pictures: readonly PictureTimes[],
  { shownTicks }: Pick<PictureOrder, 'shownTicks'>,
  sets: readonly Buffer[],
): Buffer {
  const last = pictures.at(-1);
  const endTicks = last ? last.decodeTicks + last.durationTicks : 0;
  // What is missing at the beginning is made up for by the first that is there.
  const startOf = (at: number) => {
    const rank = at === 0 ? 0 : (encoded[at]?.rank ?? pictures.length);
    return pictures[rank]?.decodeTicks ?? endTicks;
  };
  const writer = createFragmentWriter();
  const fragments: Buffer[] = [];
  let fragmentTicks = startOf(0);
  const cut = (nextTicks: number) => {
    const written = writer.cut(fragmentTicks);
    if (written) fragments.push(written.bytes);
    fragmentTicks = nextTicks;
  };
  for (const [at, { rank, keyFrame, bytes }] of encoded.entries()) {
    const [start, end] = [startOf(at), startOf(at + 1)];
    for (const unit of at === 0 ? sets : []) {
      writer.beginUnit();
      writer.bytes(unit, 0, unit.length);
      writer.endUnit();
    }
    writer.bytes(bytes, 0, bytes.length);
    writer.endPicture();
    writer.addPicture({
      durationTicks: Math.max(0, end - start),
      shownLaterTicks: (shownTicks[at === 0 ? 0 : rank] ?? start) - start,
      keyFrame,
    });
    if (writer.pictures === MOST_PICTURES) cut(end);
  }
  cut(endTicks);
  return Buffer.concat(fragments);
}

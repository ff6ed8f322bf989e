import { GirokError } from '../lib/errors.ts';
import { type BoxHead, readBoxHead } from './boxes.ts';
import { readHeaderBox, readTrailerBox, type SegmentHeader, type SegmentTrailer } from './header.ts';
import type { SegmentReader } from './segment-reader.ts';

export type WalkedPiece =
  | { readonly kind: 'init'; readonly offset: number; readonly data: Buffer; readonly header: SegmentHeader }
  | { readonly kind: 'fragment'; readonly offset: number; readonly data: Buffer }
  | { readonly kind: 'trailer'; readonly offset: number; readonly trailer: SegmentTrailer };

const HEAD_BYTES = 16;
const INIT_STARTS = ['ftyp', 'ftyp uuid'];
const FRAGMENT_STARTS = ['prft', 'moof', 'prft moof'];
const WINDOW_BYTES = 256 * 1024;

/**
 * Yields the pieces of a segment in order, by its top-level boxes: `ftyp uuid moov (free | [prft] moof mdat)*
 * uuid?`. What a crash cut off at the end of an unsealed segment is left out; in a sealed one it is damage.
 *
 * @throws GirokError `segment_damaged` where the boxes are not a segment's
 */
export async function* walkPieces(reader: SegmentReader): AsyncGenerator<WalkedPiece> {
  const { file, size } = reader;
  const damaged = (reason: string, offset: number) =>
    new GirokError('segment_damaged', { file, reason, offset });
  const head = headReader(reader);
  let pieceAt = 0;
  let types: string[] = [];
  let hasInit = false;

  for (let at = 0; at < size; ) {
    const box = await head(at);
    if (!box || at + box.bytes > size) {
      if (reader.sealed || (!box && size - at >= HEAD_BYTES)) throw damaged('boxes', at);
      return;
    }
    const end = at + box.bytes;
    if (box.type === 'free' && types.length === 0) {
      pieceAt = end;
    } else if (box.type === 'uuid' && hasInit && types.length === 0) {
      const trailer = readTrailerBox(await reader.read(at, box.bytes));
      if (!trailer || end !== size) throw damaged('trailer', at);
      yield { kind: 'trailer', offset: at, trailer };
      return;
    } else {
      types.push(box.type);
      const whole = types.join(' ');
      if (!hasInit && whole === 'ftyp uuid moov') {
        const data = await reader.read(pieceAt, end - pieceAt);
        const header = headerIn(data);
        if (!header) throw damaged('header', pieceAt);
        yield { kind: 'init', offset: pieceAt, data, header };
        hasInit = true;
      } else if (hasInit && (whole === 'moof mdat' || whole === 'prft moof mdat')) {
        yield { kind: 'fragment', offset: pieceAt, data: await reader.read(pieceAt, end - pieceAt) };
      } else if (!(hasInit ? FRAGMENT_STARTS : INIT_STARTS).includes(whole)) {
        throw damaged('grammar', at);
      } else {
        at = end;
        continue;
      }
      types = [];
      pieceAt = end;
    }
    at = end;
  }
  if (reader.sealed) throw damaged('no trailer', size);
}

/** Box heads lie behind one another closely enough to be read through a window. */
function headReader(reader: SegmentReader): (at: number) => Promise<BoxHead | undefined> {
  let window: Buffer = Buffer.alloc(0);
  let windowAt = 0;
  return async (at) => {
    const wanted = Math.min(HEAD_BYTES, reader.size - at);
    if (at < windowAt || at + wanted > windowAt + window.length) {
      windowAt = at;
      window = await reader.read(at, Math.min(WINDOW_BYTES, reader.size - at));
    }
    return readBoxHead(window, at - windowAt);
  };
}

function headerIn(init: Buffer): SegmentHeader | undefined {
  const ftyp = readBoxHead(init);
  const uuid = ftyp && readBoxHead(init, ftyp.bytes);
  return ftyp && uuid && readHeaderBox(init.subarray(ftyp.bytes, ftyp.bytes + uuid.bytes));
}

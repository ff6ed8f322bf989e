/** ISO base media file format (ISO/IEC 14496-12) boxes, as far as a recorder needs them. */
export interface Box {
  /** Four characters, e.g. `moof`. */
  readonly type: string;
  /** Where the box begins in the buffer. */
  readonly start: number;
  readonly headerBytes: number;
  /** First byte behind the box. */
  readonly end: number;
}

/** The media is not what it claims to be; nothing of it may be trusted further. */
export class MalformedMedia extends Error {
  constructor(what: string) {
    super(`malformed media: ${what}`);
    this.name = 'MalformedMedia';
  }
}

/**
 * The boxes that lie in `buffer[from, to)`.
 * @throws MalformedMedia when one claims more than is there.
 */
export function* boxesIn(buffer: Buffer, from = 0, to = buffer.length): Generator<Box> {
  let start = from;
  while (start < to) {
    if (to - start < 8) throw new MalformedMedia('a box header is cut off');
    const size32 = buffer.readUInt32BE(start);
    const type = buffer.toString('latin1', start + 4, start + 8);
    let headerBytes = 8;
    let size = size32;
    if (size32 === 1) {
      if (to - start < 16) throw new MalformedMedia('a box header is cut off');
      size = Number(buffer.readBigUInt64BE(start + 8));
      headerBytes = 16;
    }
    if (size < headerBytes || start + size > to)
      throw new MalformedMedia(`box ${printable(type)} claims ${size} bytes`);
    yield { type, start, headerBytes, end: start + size };
    start += size;
  }
}

/** The first box of that path (`moov`, `trak`, …) below `buffer[from, to)`, or undefined. */
export function findBox(
  buffer: Buffer,
  path: readonly string[],
  from = 0,
  to = buffer.length,
): Box | undefined {
  const [type, ...rest] = path;
  for (const box of boxesIn(buffer, from, to)) {
    if (box.type !== type) continue;
    return rest.length ? findBox(buffer, rest, box.start + box.headerBytes, box.end) : box;
  }
  return undefined;
}

/** One box of `type` around `parts`. */
export function box(type: string, ...parts: readonly Buffer[]): Buffer {
  const size = parts.reduce((sum, part) => sum + part.length, 8);
  const header = Buffer.alloc(8);
  header.writeUInt32BE(size, 0);
  header.write(type, 4, 'latin1');
  return Buffer.concat([header, ...parts], size);
}

const printable = (type: string) => type.replace(/[^\x20-\x7e]/g, '?');

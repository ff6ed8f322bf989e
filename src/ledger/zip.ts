import { pipeline, Readable } from 'node:stream';
import { crc32, createDeflateRaw } from 'node:zlib';

/** ZIP (APPNOTE 6.3). 1980-01-01: the same content makes the same file. */
const DOS_DAY = 0x21;
const UTF8_NAMES = 0x800;
/** Sizes stand behind the data. */
const SIZES_LATER = 0x8;
const DEFLATED = 8;

interface Part {
  readonly path: Buffer;
  readonly flags: number;
  readonly method: number;
  readonly crc: number;
  readonly packed: number;
  readonly bytes: number;
}

/** Of files that are only stored. */
export function zip(files: readonly (readonly [name: string, text: string])[]): Buffer {
  const pieces: Buffer[] = [];
  const directory = createDirectory();
  for (const [name, text] of files) {
    const [path, data] = [Buffer.from(name), Buffer.from(text)];
    const part = {
      path,
      flags: UTF8_NAMES,
      method: 0,
      crc: crc32(data),
      packed: data.length,
      bytes: data.length,
    };
    pieces.push(directory.begin(part), data);
    directory.end(part);
  }
  return Buffer.concat([...pieces, directory.close()]);
}

/**
 * The same of which the last file is not known yet: it is packed as it comes, in memory for one piece at a time.
 *
 * @throws RangeError beyond 4 GiB, where another format of ZIP begins
 */
export async function* zipStream(
  files: readonly (readonly [name: string, text: string])[],
  [lastName, pieces]: readonly [name: string, pieces: AsyncIterable<string>],
): AsyncGenerator<Buffer> {
  const directory = createDirectory();
  for (const [name, text] of files) {
    const [path, data] = [Buffer.from(name), Buffer.from(text)];
    const part = {
      path,
      flags: UTF8_NAMES,
      method: 0,
      crc: crc32(data),
      packed: data.length,
      bytes: data.length,
    };
    yield Buffer.concat([directory.begin(part), data]);
    directory.end(part);
  }
  const flags = UTF8_NAMES | SIZES_LATER;
  const begun = { path: Buffer.from(lastName), flags, method: DEFLATED, crc: 0, packed: 0, bytes: 0 };
  yield directory.begin(begun);
  let [crc, bytes, packed] = [0, 0, 0];
  const read = async function* () {
    for await (const text of pieces) {
      const data = Buffer.from(text);
      crc = crc32(data, crc);
      bytes += data.length;
      yield data;
    }
  };
  const deflate = createDeflateRaw();
  // Whoever stops reading ends both; what fails in front comes out behind.
  pipeline(Readable.from(read()), deflate, () => undefined);
  for await (const piece of deflate as AsyncIterable<Buffer>) {
    packed += piece.length;
    yield piece;
  }
  if (bytes > MOST_BYTES || packed > MOST_BYTES) throw new RangeError('too large for this kind of ZIP');
  const descriptor = Buffer.alloc(16);
  descriptor.write('PK\x07\x08', 'latin1');
  descriptor.writeUInt32LE(crc, 4);
  descriptor.writeUInt32LE(packed, 8);
  descriptor.writeUInt32LE(bytes, 12);
  directory.end({ ...begun, crc, packed, bytes }, descriptor.length);
  yield Buffer.concat([descriptor, directory.close()]);
}

const MOST_BYTES = 0xffff_ffff;

/** What stands in front of each file, and of all of them at the end. */
function createDirectory() {
  const entries: Buffer[] = [];
  let offset = 0;
  const factsOf = ({ path, flags, method, crc, packed, bytes }: Part) => {
    const facts = Buffer.alloc(26);
    facts.writeUInt16LE(20, 0);
    facts.writeUInt16LE(flags, 2);
    facts.writeUInt16LE(method, 4);
    facts.writeUInt16LE(DOS_DAY, 8);
    facts.writeUInt32LE(crc, 10);
    facts.writeUInt32LE(packed, 14);
    facts.writeUInt32LE(bytes, 18);
    facts.writeUInt16LE(path.length, 22);
    return facts;
  };
  return {
    begin: (part: Part) => Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), factsOf(part), part.path]),
    /** @param behind bytes between this file and the next */
    end(part: Part, behind = 0) {
      const place = Buffer.alloc(14);
      place.writeUInt32LE(offset, 10);
      entries.push(
        Buffer.concat([Buffer.from('PK\x01\x02\x14\x00', 'latin1'), factsOf(part), place, part.path]),
      );
      offset += 30 + part.path.length + part.packed + behind;
    },
    close() {
      const end = Buffer.alloc(22);
      end.write('PK\x05\x06', 'latin1');
      end.writeUInt16LE(entries.length, 8);
      end.writeUInt16LE(entries.length, 10);
      end.writeUInt32LE(
        entries.reduce((sum, one) => sum + one.length, 0),
        12,
      );
      end.writeUInt32LE(offset, 16);
      return Buffer.concat([...entries, end]);
    },
  };
}

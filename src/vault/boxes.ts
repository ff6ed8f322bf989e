/** The top level of an fMP4 file (ISO/IEC 14496-12 §4.2): a size, a type, and here no more than that. */
export interface BoxHead {
  readonly type: string;
  readonly headBytes: number;
  /** The whole box, head included. */
  readonly bytes: number;
}

export const SMALLEST_BOX_BYTES = 8;

/** `uuid` types of the two boxes that Girok adds to a segment. Fixed for ever. */
export const HEADER_TYPE = Buffer.from('6769726f6b2d4801a1c3f07d52e89b46', 'hex');
export const TRAILER_TYPE = Buffer.from('6769726f6b2d5401b7d2096ec4315fa8', 'hex');

/** @returns undefined when fewer bytes are there than the head needs, or when no such box can exist. */
export function readBoxHead(data: Buffer, at = 0): BoxHead | undefined {
  if (data.length - at < SMALLEST_BOX_BYTES) return undefined;
  const type = data.toString('latin1', at + 4, at + 8);
  const size = data.readUInt32BE(at);
  if (size === 1) {
    if (data.length - at < 16) return undefined;
    const bytes = data.readUInt32BE(at + 8) * 2 ** 32 + data.readUInt32BE(at + 12);
    return bytes >= 16 && Number.isSafeInteger(bytes) ? { type, headBytes: 16, bytes } : undefined;
  }
  return size >= SMALLEST_BOX_BYTES ? { type, headBytes: 8, bytes: size } : undefined;
}

/** The types of the boxes that tile `data` exactly; undefined when they do not. */
export function boxTypes(data: Buffer): string[] | undefined {
  const types: string[] = [];
  for (let at = 0; at < data.length; ) {
    const box = readBoxHead(data, at);
    if (!box || box.bytes > data.length - at) return undefined;
    types.push(box.type);
    at += box.bytes;
  }
  return types;
}

export function uuidBox(userType: Buffer, payload: Buffer): Buffer {
  const head = Buffer.alloc(8);
  head.writeUInt32BE(8 + userType.length + payload.length, 0);
  head.write('uuid', 4, 'latin1');
  return Buffer.concat([head, userType, payload]);
}

/** A `free` box of exactly `bytes` (at least 8): players skip it. */
export function freeBox(bytes: number): Buffer {
  const box = Buffer.alloc(bytes);
  box.writeUInt32BE(bytes, 0);
  box.write('free', 4, 'latin1');
  return box;
}

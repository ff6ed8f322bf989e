/** RTP packets as a sender builds them, for the tests of what receives them. */
export interface PacketShape {
  readonly sequence: number;
  readonly timestamp?: number;
  readonly payloadType?: number;
  readonly marker?: boolean;
  readonly ssrc?: number;
  readonly payload?: Buffer;
  readonly contributors?: number;
  /** Words of header extension behind its own four bytes. */
  readonly extensionWords?: number | undefined;
  /** Bytes of padding, the count of them included. */
  readonly padding?: number;
}

export const SSRC = 0xcafe_0001;

/** RFC 3550 §5.1. */
export function rtpPacket(shape: PacketShape): Buffer {
  const { contributors = 0, extensionWords, padding = 0, payload = Buffer.alloc(0) } = shape;
  const head = Buffer.alloc(12);
  head[0] = 0x80 | contributors | (extensionWords === undefined ? 0 : 0x10) | (padding ? 0x20 : 0);
  head[1] = (shape.marker ? 0x80 : 0) | (shape.payloadType ?? 96);
  head.writeUInt16BE(shape.sequence & 0xffff, 2);
  head.writeUInt32BE((shape.timestamp ?? 0) % 2 ** 32, 4);
  head.writeUInt32BE(shape.ssrc ?? SSRC, 8);
  const extension = Buffer.alloc(extensionWords === undefined ? 0 : 4 + extensionWords * 4, 0xee);
  if (extensionWords !== undefined) extension.writeUInt16BE(extensionWords, 2);
  const end = Buffer.alloc(padding, 0xdd);
  if (padding) end[padding - 1] = padding;
  return Buffer.concat([head, Buffer.alloc(contributors * 4, 0xcc), extension, payload, end]);
}

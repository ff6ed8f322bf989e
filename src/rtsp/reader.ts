import { numberOf, parseHead, type RtspHead, type RtspMessage } from './message.ts';

export interface RtspReaderEvents {
  /** A reply or a request; its body is its own memory. */
  message(message: RtspMessage): void;
  /** The payload of one interleaved frame, memory[start, end), of any channel. Valid until the call returns. */
  packet(channel: number, memory: Buffer, start: number, end: number): void;
  /** Too much that is no RTSP, or a body beyond all bounds; nothing comes after it. */
  broken(): void;
}

/** Cuts a connection's bytes into messages and interleaved frames (RFC 2326 §4, §10.12). */
export interface RtspReader {
  /** Consumes memory[start, end); what is not complete yet is copied. */
  push(memory: Buffer, start: number, end: number): void;
  /** A channel that RTP or RTCP comes on: only such a frame is believed where the framing was lost. */
  expect(channel: number): void;
  /** Whatever comes from now on is not looked at. */
  close(): void;
  /** Bytes that were neither message nor frame. */
  readonly skippedBytes: number;
}

export const MAX_HEAD_BYTES = 16_384;
export const MAX_BODY_BYTES = 65_536;
export const MAX_HEADER_LINES = 100;
export const MAX_SKIPPED_BYTES = 1_048_576;

const DOLLAR = 0x24;
const CR = 0x0d;
const LF = 0x0a;
const FRAME_HEAD_BYTES = 4;
const REPLY_START = Buffer.from('RTSP/1.');
/** A method, a URL of 1024 bytes and the version; status lines are shorter. */
const MAX_FIRST_LINE_BYTES = 2048;
/** `SET_PARAMETER` and whatever else a camera may invent. */
const MAX_METHOD_BYTES = 32;

/**
 * The hot path of recording: a frame that lies whole in one read is handed on where it lies, without a copy and
 * without an object made for it. Only a frame or message that two reads share goes through `carry`.
 */
export function createRtspReader(events: RtspReaderEvents): RtspReader {
  const expected = new Uint8Array(256);
  let carry = Buffer.allocUnsafe(0);
  let carried = 0;
  /** How many bytes of the item at the front are wanted before it is looked at again; 0: up to the next line's end. */
  let need = 0;
  let lost = false;
  let skipped = 0;
  let skippedInRow = 0;
  let closed = false;

  // The head at the front, as far as it has been read: its bytes are looked at once, however slowly they come.
  let headLines = 0;
  let headScanned = 0;
  let head: RtspHead | undefined;
  let headBytes = 0;

  /** Consumes whole items. @returns where the first incomplete one begins; `need` says what it lacks. */
  function consume(memory: Buffer, from: number, end: number): number {
    let at = from;
    while (at < end && !closed) {
      const first = memory[at]!;
      if ((first === CR || first === LF) && !lost) {
        at++;
        continue;
      }
      const next = first === DOLLAR ? frame(memory, at, end) : message(memory, at, end);
      if (next === at) return at;
      at = next > at ? next : skip(at);
    }
    return at;
  }

  /** @returns behind the frame; `at` when it is not whole yet; -1 when it is none. */
  function frame(memory: Buffer, at: number, end: number): number {
    if (end - at < FRAME_HEAD_BYTES) {
      need = FRAME_HEAD_BYTES;
      return at;
    }
    const channel = memory[at + 1]!;
    const start = at + FRAME_HEAD_BYTES;
    const length = (memory[at + 2]! << 8) | memory[at + 3]!;
    if (expected[channel] === 0) {
      if (lost) return -1;
    } else if (length > 0) {
      if (start >= end) {
        need = FRAME_HEAD_BYTES + 1;
        return at;
      }
      // RTP and RTCP of version 2 (RFC 3550 §5.1, §6.4.1): anything else means that the framing is lost.
      if (memory[start]! >> 6 !== 2) return -1;
    } else if (lost) {
      return -1;
    }
    if (end - start < length) {
      need = FRAME_HEAD_BYTES + length;
      return at;
    }
    found();
    if (length > 0) events.packet(channel, memory, start, start + length);
    return start + length;
  }

  /** @returns behind the message; `at` when it is not whole yet; -1 when it is none. */
  function message(memory: Buffer, at: number, end: number): number {
    if (head === undefined) {
      const bytes = headLength(memory, at, end);
      if (bytes <= 0) return bytes === 0 ? at : -1;
      const parsed = parseHead(memory.toString('latin1', at, at + bytes));
      if (!parsed) return -1;
      head = parsed;
      headBytes = bytes;
    }
    const bodyBytes = numberOf(head, 'content-length') ?? 0;
    if (bodyBytes > MAX_BODY_BYTES) {
      breakOff();
      return -1;
    }
    const start = at + headBytes;
    if (end - start < bodyBytes) {
      need = headBytes + bodyBytes;
      return at;
    }
    const whole = { ...head, body: Buffer.from(memory.subarray(start, start + bodyBytes)) };
    found();
    events.message(whole);
    return start + bodyBytes;
  }

  /** @returns its bytes with the blank line; 0 when it has no end yet; -1 when it is no head. */
  function headLength(memory: Buffer, at: number, end: number): number {
    if (headLines === 0) {
      const start = headStart(memory, at, end);
      if (start !== 1) return start;
    }
    for (;;) {
      const line = at + headScanned;
      const limit = at + (headLines === 0 ? MAX_FIRST_LINE_BYTES : MAX_HEAD_BYTES);
      // Of the line alone: whoever sends no line ends must not have the whole read searched again and again.
      const length = memory.subarray(line, Math.min(end, limit)).indexOf(LF);
      if (length < 0) {
        need = 0;
        return end < limit ? 0 : -1;
      }
      headScanned += length + 1;
      if (length === 0 || (length === 1 && memory[line] === CR)) return headScanned;
      if (headLines === 0 && !parseHead(memory.toString('latin1', line, line + length))) return -1;
      if (++headLines > MAX_HEADER_LINES + 1) return -1;
    }
  }

  /** 1: a message may begin here; 0: too early to tell; -1: none begins. */
  function headStart(memory: Buffer, at: number, end: number): -1 | 0 | 1 {
    let same = 0;
    while (same < REPLY_START.length && at + same < end && memory[at + same] === REPLY_START[same]) same++;
    if (same === REPLY_START.length) return 1;
    if (at + same === end) {
      // One byte more may show that it is none: what is skipped does not depend on where the network cuts.
      need = end - at + 1;
      return 0;
    }
    // Where the framing was lost only a reply is believed: capital letters are everywhere.
    if (lost) return -1;
    for (let i = at; i < end; i++) {
      const byte = memory[i]!;
      if (byte === 0x20) return i > at ? 1 : -1;
      if ((byte < 0x41 || byte > 0x5a) && byte !== 0x5f) return -1;
      if (i - at >= MAX_METHOD_BYTES) return -1;
    }
    need = end - at + 1;
    return 0;
  }

  function found(): void {
    lost = false;
    skippedInRow = 0;
    forgetHead();
  }

  function forgetHead(): void {
    headLines = 0;
    headScanned = 0;
    head = undefined;
  }

  /**
   * What is part of nothing: all the lines that looked like a head, so that no byte is looked at more than a few
   * times, else one byte. @returns the place behind it
   */
  function skip(at: number): number {
    const bytes = (lost || headLines > 0) && headScanned > 0 ? headScanned : 1;
    lost = true;
    forgetHead();
    skipped += bytes;
    skippedInRow += bytes;
    if (skippedInRow > MAX_SKIPPED_BYTES) breakOff();
    return at + bytes;
  }

  function breakOff(): void {
    if (closed) return;
    closed = true;
    events.broken();
  }

  function carryOn(memory: Buffer, from: number, to: number): void {
    const bytes = carried + to - from;
    if (carry.length < bytes) {
      const larger = Buffer.allocUnsafe(Math.max(bytes, Math.min(need, 2 * MAX_BODY_BYTES), 2048));
      carry.copy(larger, 0, 0, carried);
      carry = larger;
    }
    memory.copy(carry, carried, from, to);
    carried = bytes;
  }

  return {
    push(memory, start, end) {
      let at = start;
      while (carried > 0 && at < end && !closed) {
        let to = at + need - carried;
        if (need === 0) {
          const feed = memory.subarray(at, Math.min(end, at + MAX_HEAD_BYTES)).indexOf(LF);
          to = feed < 0 ? at + MAX_HEAD_BYTES : at + feed + 1;
        }
        to = Math.min(to, end);
        carryOn(memory, at, to);
        at = to;
        if (carried < need) return;
        const left = consume(carry, 0, carried);
        carry.copyWithin(0, left, carried);
        carried -= left;
      }
      if (closed || at >= end) return;
      const left = consume(memory, at, end);
      if (left < end && !closed) carryOn(memory, left, end);
    },
    expect(channel) {
      expected[channel] = 1;
    },
    close() {
      closed = true;
    },
    get skippedBytes() {
      return skipped;
    },
  };
}

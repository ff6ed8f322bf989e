import type { Codec } from '../media/nal.ts';
import { createFragmentedUnit } from './fragmented-unit.ts';
import { ANNEX_B, type UnitSink } from './unit-sink.ts';

/** Turns the payloads of RTP packets, in order, into NAL units. */
export interface Depacketiser {
  /**
   * @param missing packets lost just before this one
   * @returns false when the payload is nothing that its format knows
   */
  payload(memory: Buffer, start: number, end: number, rtpTime: number, missing: number): boolean;
  /** Ends the unit that is still open: nothing more will come. */
  finish(): void;
}

/** How the two standards differ; numbers are NAL unit types. */
interface PayloadFormat {
  readonly headerBytes: 1 | 2;
  readonly lastSingle: number;
  readonly aggregation: number;
  readonly fragmentation: number;
  /** Bits of a fragment's head that hold the type of its unit. */
  readonly typeMask: number;
  typeOf(first: number): number;
  /** Whether what looks like a unit of type 0 is the beginning of a start code. */
  isStartCode(second: number): boolean;
  /** The header of a unit that comes in fragments, as a number of `headerBytes`. */
  header(first: number, second: number, type: number): number;
}

/** Single NAL units, STAP-A and FU-A: the modes cameras use (RFC 6184 §5.2). */
const H264: PayloadFormat = {
  headerBytes: 1,
  lastSingle: 23,
  aggregation: 24,
  fragmentation: 28,
  typeMask: 0x1f,
  typeOf: (first) => first & 0x1f,
  // Type 0 is none of the standard's: it is the first zero of a start code.
  isStartCode: () => true,
  header: (first, _second, type) => (first & 0xe0) | type,
};

/** Single NAL units, aggregation and fragmentation, without decoding order numbers (RFC 7798 §4.4). */
const H265: PayloadFormat = {
  headerBytes: 2,
  lastSingle: 47,
  aggregation: 48,
  fragmentation: 49,
  typeMask: 0x3f,
  typeOf: (first) => (first >> 1) & 0x3f,
  // A unit's second byte is never 0 (its temporal id counts from 1): two zeros are a start code.
  isStartCode: (second) => second === 0,
  header: (first, second, type) => (((first & 0x81) | (type << 1)) << 8) | second,
};

export function createDepacketiser(codec: Codec, sink: UnitSink): Depacketiser {
  const format = codec === 'h264' ? H264 : H265;
  const { headerBytes } = format;
  const fragmented = createFragmentedUnit(headerBytes, sink);
  const named = (type: number, second: number) => (type === 0 && format.isStartCode(second) ? ANNEX_B : type);

  const whole = (memory: Buffer, start: number, end: number, rtpTime: number) => {
    if (start >= end) return;
    const second = start + 1 < end ? (memory[start + 1] as number) : 0;
    sink.begin(named(format.typeOf(memory[start] as number), second), rtpTime);
    sink.bytes(memory, start, end);
    sink.end();
  };

  /** @returns whether the packet is units and their lengths to its end */
  const aggregated = (memory: Buffer, start: number, end: number, rtpTime: number): boolean => {
    let at = start;
    while (at + 2 <= end) {
      const next = at + 2 + memory.readUInt16BE(at);
      if (next > end) return false;
      whole(memory, at + 2, next, rtpTime);
      at = next;
    }
    return at === end;
  };

  const piece = (memory: Buffer, start: number, end: number, rtpTime: number, missing: number) => {
    const from = start + headerBytes + 1;
    if (from > end) {
      if (missing > 0) sink.lost(missing, rtpTime, true);
      return false;
    }
    const first = memory[start] as number;
    const second = memory[start + 1] as number;
    const head = memory[start + headerBytes] as number;
    const type = head & format.typeMask;
    fragmented.piece(
      {
        begins: (head & 0x80) !== 0,
        ends: (head & 0x40) !== 0,
        type: named(type, second),
        header: format.header(first, second, type),
        rtpTime,
        missing,
      },
      memory,
      from,
      end,
    );
    return true;
  };

  return {
    payload(memory, start, end, rtpTime, missing) {
      if (end - start < headerBytes) {
        if (missing > 0) sink.lost(missing, rtpTime, false);
        return start === end;
      }
      const type = format.typeOf(memory[start] as number);
      if (type === format.fragmentation) return piece(memory, start, end, rtpTime, missing);
      fragmented.close();
      if (missing > 0) sink.lost(missing, rtpTime, false);
      if (type === format.aggregation) return aggregated(memory, start + headerBytes, end, rtpTime);
      if (type > format.lastSingle) return false;
      whole(memory, start, end, rtpTime);
      return true;
    },
    finish: fragmented.finish,
  };
}

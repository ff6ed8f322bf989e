import { createFragmentedUnit } from './fragmented-unit.ts';
import { ANNEX_B, type Depacketiser, type UnitSink } from './unit-sink.ts';

const AGGREGATION = 48;
const FRAGMENTATION = 49;
const LAST_SINGLE = 47;

/** A unit's second byte is never 0 (its temporal id counts from 1): two zeros are a start code. */
const typeOf = (type: number, second: number) => (type === 0 && second === 0 ? ANNEX_B : type);

/** H.265 over RTP without decoding order numbers: single NAL units, aggregation and fragmentation (RFC 7798 §4.4). */
export function createH265Depacketiser(sink: UnitSink): Depacketiser {
  const fragmented = createFragmentedUnit(2, sink);
  const whole = (memory: Buffer, start: number, end: number, rtpTime: number) => {
    if (start >= end) return;
    sink.begin(
      typeOf(((memory[start] as number) >> 1) & 0x3f, start + 1 < end ? (memory[start + 1] as number) : 0),
      rtpTime,
    );
    sink.bytes(memory, start, end);
    sink.end();
  };

  return {
    payload(memory, start, end, rtpTime, missing) {
      if (end - start < 2) {
        if (missing > 0) sink.lost(missing, rtpTime, false);
        return start === end;
      }
      const first = memory[start] as number;
      const type = (first >> 1) & 0x3f;
      if (type === FRAGMENTATION) {
        if (end - start < 3) {
          if (missing > 0) sink.lost(missing, rtpTime, true);
          return false;
        }
        const head = memory[start + 2] as number;
        const unit = head & 0x3f;
        fragmented.piece(
          {
            begins: (head & 0x80) !== 0,
            ends: (head & 0x40) !== 0,
            type: typeOf(unit, memory[start + 1] as number),
            header: (((first & 0x81) | (unit << 1)) << 8) | (memory[start + 1] as number),
            rtpTime,
            missing,
          },
          memory,
          start + 3,
          end,
        );
        return true;
      }
      fragmented.close();
      if (missing > 0) sink.lost(missing, rtpTime, false);
      if (type === AGGREGATION) {
        let at = start + 2;
        while (at + 2 <= end) {
          const next = at + 2 + memory.readUInt16BE(at);
          if (next > end) return false;
          whole(memory, at + 2, next, rtpTime);
          at = next;
        }
        return at === end;
      }
      if (type > LAST_SINGLE) return false;
      whole(memory, start, end, rtpTime);
      return true;
    },
    finish: fragmented.finish,
  };
}

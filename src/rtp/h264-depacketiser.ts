import { createFragmentedUnit } from './fragmented-unit.ts';
import { ANNEX_B, type Depacketiser, type UnitSink } from './unit-sink.ts';

const STAP_A = 24;
const FU_A = 28;
const LAST_SINGLE = 23;
// Type 0 is none of the standard's: it is the first zero of a start code.

/** H.264 over RTP in the modes cameras use: single NAL units, STAP-A and FU-A (RFC 6184 §5.2). */
export function createH264Depacketiser(sink: UnitSink): Depacketiser {
  const fragmented = createFragmentedUnit(1, sink);
  const whole = (memory: Buffer, start: number, end: number, rtpTime: number) => {
    if (start >= end) return;
    sink.begin((memory[start] as number) & 0x1f || ANNEX_B, rtpTime);
    sink.bytes(memory, start, end);
    sink.end();
  };

  return {
    payload(memory, start, end, rtpTime, missing) {
      if (start >= end) {
        if (missing > 0) sink.lost(missing, rtpTime, false);
        return true;
      }
      const first = memory[start] as number;
      const type = first & 0x1f;
      if (type === FU_A) {
        if (end - start < 2) {
          if (missing > 0) sink.lost(missing, rtpTime, true);
          return false;
        }
        const head = memory[start + 1] as number;
        const unit = head & 0x1f;
        fragmented.piece(
          {
            begins: (head & 0x80) !== 0,
            ends: (head & 0x40) !== 0,
            type: unit || ANNEX_B,
            header: (first & 0xe0) | unit,
            rtpTime,
            missing,
          },
          memory,
          start + 2,
          end,
        );
        return true;
      }
      fragmented.close();
      if (missing > 0) sink.lost(missing, rtpTime, false);
      if (type === STAP_A) {
        let at = start + 1;
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

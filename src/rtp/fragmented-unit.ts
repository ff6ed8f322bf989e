import type { UnitSink } from './unit-sink.ts';

/** A NAL unit that comes in several packets (RFC 6184 §5.8, RFC 7798 §4.4.3). */
export interface FragmentedUnit {
  /**
   * @param header the unit's own header of one or two bytes, as a number; taken from the first piece, since some
   *   cameras change it on the way
   */
  piece(facts: UnitPiece, memory: Buffer, start: number, end: number): void;
  /** Ends a unit whose end did not come: some cameras never mark it. */
  close(): void;
  /** Ends a unit whose end will never come. */
  finish(): void;
}

export interface UnitPiece {
  readonly begins: boolean;
  readonly ends: boolean;
  readonly type: number;
  readonly header: number;
  readonly rtpTime: number;
  readonly missing: number;
}

/** @param headerBytes of a NAL unit: 1 in H.264, 2 in H.265 */
export function createFragmentedUnit(headerBytes: 1 | 2, sink: UnitSink): FragmentedUnit {
  let open = false;
  let openTime = 0;
  const close = () => {
    if (!open) return;
    open = false;
    sink.end();
  };
  return {
    piece(facts, memory, start, end) {
      const { rtpTime, missing } = facts;
      const goesOn = !facts.begins;
      // An end that never came: the next picture does not belong to this unit.
      if (open && (facts.begins || rtpTime !== openTime)) close();
      // A stream may be joined in the middle of a unit: that it lacks its beginning is all that is known then.
      if (missing > 0 || (goesOn && !open)) sink.lost(missing, rtpTime, goesOn);
      if (!open) {
        // Without its beginning, the header can still be made from the piece; the rest is kept as it came.
        open = true;
        openTime = rtpTime;
        sink.begin(facts.type, rtpTime);
        if (headerBytes === 2) sink.byte(facts.header >> 8);
        sink.byte(facts.header & 0xff);
      }
      sink.bytes(memory, start, end);
      if (facts.ends) close();
    },
    close,
    finish() {
      if (open) sink.lost(0, openTime, true);
      close();
    },
  };
}

/** What begins with zeros is no unit but a start code (H.264 annex B) with units behind it. */
export const ANNEX_B = -1;

/** Where a depacketiser puts the NAL units that it finds, piece by piece. */
export interface UnitSink {
  /** A unit begins; `type` is its NAL unit type, or {@link ANNEX_B}. The one before must have ended. */
  begin(type: number, rtpTime: number): void;
  byte(value: number): void;
  bytes(memory: Buffer, start: number, end: number): void;
  end(): void;
  /**
   * Packets are missing just before the one that comes now.
   *
   * @param packets how many; 0 where a unit lacks something and nobody knows how much
   * @param goesOn the packet is the middle or the end of a unit, so that this unit lacks something
   */
  lost(packets: number, rtpTime: number, goesOn: boolean): void;
}

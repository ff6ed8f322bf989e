import { boxesIn, findBox } from './boxes.ts';

/**
 * Sets every frame duration above `mostTicks` to `usualTicks`, in place. A camera whose clock jumps makes one
 * frame look hours long; the jump belongs between two runs, not inside a frame.
 */
export function clampDurations(fragment: Buffer, mostTicks: number, usualTicks: number): void {
  const traf = findBox(fragment, ['moof', 'traf']);
  if (!traf) return;
  for (const run of boxesIn(fragment, traf.start + traf.headerBytes, traf.end)) {
    if (run.type !== 'trun') continue;
    const at = run.start + run.headerBytes;
    const flags = fragment.readUInt32BE(at) & 0xffffff;
    if (!(flags & 0x100)) continue; // one duration for all: a jump never comes in that form
    const fields = [0x100, 0x200, 0x400, 0x800].filter((bit) => flags & bit).length;
    const first = at + 8 + (flags & 0x1 ? 4 : 0) + (flags & 0x4 ? 4 : 0);
    for (let i = 0; i < fragment.readUInt32BE(at + 4); i++) {
      const position = first + i * fields * 4;
      if (fragment.readUInt32BE(position) > mostTicks) fragment.writeUInt32BE(usualTicks, position);
    }
  }
}

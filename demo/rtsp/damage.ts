import type { Fault } from '../faults.ts';
import { PREFIX_BYTES } from './packets.ts';
import { addToRanges, type ServedSession } from './served.ts';

/** The bad road between a camera and its client: packets get lost, changed, doubled and out of order by faults. */
export interface Road {
  /** @returns what goes on the wire now, in this order. */
  carry(packets: readonly Buffer[], frame: number): Buffer[];
  /** Packets that were held back, in the order they would have gone. */
  rest(): Buffer[];
  /** Whether any is held back. */
  holds(): boolean;
}

const LATEST = 3;

export function createRoad(options: {
  readonly find: (kind: Fault['kind']) => Fault | undefined;
  readonly served: ServedSession;
  /** 0 ≤ n < 1 */
  readonly random: () => number;
  /** Counts a packet as sent or lost, in the order of its sequence. */
  readonly account: (sent: boolean) => void;
}): Road {
  const { find, served, random, account } = options;
  const held: { packet: Buffer; after: number; overtaken: boolean }[] = [];
  const strikes = (fault: Fault | undefined) => fault !== undefined && random() < (fault.rate ?? 0.01);
  const gap = (rate: number) => Math.floor(Math.log(1 - random()) / Math.log(1 - Math.min(0.999999, rate)));

  /** @returns whether a bit was flipped. */
  function corrupted(packet: Buffer, rate: number): boolean {
    let hurt = false;
    // Distance to the next flipped byte, so that a small rate costs no throw of the dice per byte.
    for (let at = PREFIX_BYTES + gap(rate); at < packet.length; at += 1 + gap(rate)) {
      packet[at]! ^= 1 << Math.floor(random() * 8);
      hurt = true;
    }
    return hurt;
  }

  /** The first `count` of those held back. */
  function release(count: number): Buffer[] {
    return held.splice(0, count).map(({ packet, overtaken }) => {
      if (overtaken) served.packetsReordered++;
      return packet;
    });
  }

  const rest = () => release(held.length);

  function disordered(
    packets: readonly Buffer[],
    late: Fault | undefined,
    twice: Fault | undefined,
  ): Buffer[] {
    const out: Buffer[] = [];
    for (const packet of packets) {
      if (strikes(late)) {
        held.push({ packet, after: 1 + Math.floor(random() * LATEST), overtaken: false });
        continue;
      }
      out.push(packet);
      if (strikes(twice)) {
        out.push(packet);
        served.packetsDuplicated++;
      }
      for (const one of held) {
        one.after--;
        one.overtaken = true;
      }
      const first = held.findIndex(({ after }) => after > 0);
      out.push(...release(first < 0 ? held.length : first));
    }
    return out;
  }

  return {
    carry(packets, frame) {
      const [drop, corrupt] = [find('drop'), find('corrupt')];
      let hurt = false;
      const kept = packets.filter(() => {
        const lost = strikes(drop);
        account(!lost);
        hurt ||= lost;
        return !lost;
      });
      if (corrupt) for (const packet of kept) hurt = corrupted(packet, corrupt.rate ?? 0.0001) || hurt;
      if (hurt) addToRanges(served.damaged, frame);
      if (served.transport === 'tcp') return kept;
      const [late, twice] = [find('reorder'), find('duplicate')];
      return late || twice ? disordered(kept, late, twice) : [...rest(), ...kept];
    },
    rest,
    holds: () => held.length > 0,
  };
}

import { createRtpPacket, type RtpPacket } from './rtp-packet.ts';

/** Puts packets in the order in which they were sent, and counts what the network did to them. */
export interface PacketOrder {
  /** Takes one packet as it came. Memory is only used during the call, or copied. */
  push(memory: Buffer, packet: RtpPacket, nowMonoUs: number): void;
  /** Hands on what is still waiting for a packet before it. */
  flush(): void;
  /** Something else, which is not for us, was sent under this number: it is not missing. */
  skip(sequence: number): void;
  /** The next packet is the first of another stream. */
  beginAnew(): void;
  readonly counters: Readonly<OrderCounters>;
  /** Sequence number of the latest packet, with the number of turns of its 16 bits above it (RFC 3550 §6.4.1). */
  readonly highest: number;
  readonly first: number;
}

export interface OrderCounters {
  packets: number;
  missing: number;
  reordered: number;
  duplicates: number;
  /** The camera counts from somewhere else: nothing is known to be missing. */
  restarts: number;
}

/** @param missing packets that should have come before this one and did not */
export type Deliver = (memory: Buffer, packet: RtpPacket, missing: number) => void;

/** Forward by more than this without a pause is another count, not a loss (RFC 3550 §A.1). */
const FARTHEST_JUMP = 3000;
const FARTHEST_BACK = 1000;
const PAUSE_S = 1;
/** By the camera's own clock no pause is longer: its numbers would have turned, and its time may be any. */
const LONGEST_PAUSE_S = 120;
/** UDP: so many packets, or so long, a missing one is waited for. */
const MOST_WAITING = 96;
const LONGEST_WAIT_US = 200_000;
const ONE_TURN = 0x1_0000;

/**
 * @param reorders whether packets may overtake each other on their way (UDP); on a connection that cannot, a
 *   missing one is missing at once
 * @param clockRate ticks per second of the packets' times
 */
export function createPacketOrder(reorders: boolean, clockRate: number, deliver: Deliver): PacketOrder {
  const counters: OrderCounters = { packets: 0, missing: 0, reordered: 0, duplicates: 0, restarts: 0 };
  /** Extended number of the next packet in order; undefined before the first. */
  let next: number | undefined;
  let first = 0;
  let highest = 0;
  /** Time of the packet `highest`, 32 bits. */
  let highestTime = 0;
  let latestMonoUs = 0;
  const waiting = new Map<number, Held & { sinceMonoUs: number }>();
  /** From far away, where packets may overtake: a straggler, unless the next one follows it (RFC 3550 §A.1). */
  let stray: Held | undefined;
  /** What came lately, to tell a copy from a straggler. */
  const seen = new Int32Array(1024).fill(-1);

  const hand = (memory: Buffer, packet: RtpPacket, number: number) => {
    const missing = number - (next as number);
    counters.missing += missing;
    next = number + 1;
    deliver(memory, packet, missing);
  };

  const handWaiting = (number: number) => {
    const held = waiting.get(number);
    if (!held) return;
    waiting.delete(number);
    hand(held.memory, held.packet, number);
  };

  /** What no longer misses its predecessor, and what has waited too long for it. */
  const release = (nowMonoUs: number) => {
    for (;;) {
      while (waiting.has(next as number)) handWaiting(next as number);
      // A map keeps the order in which they came: the first has waited longest.
      const longest = waiting.values().next().value;
      if (!longest) return;
      if (waiting.size <= MOST_WAITING && nowMonoUs - longest.sinceMonoUs < LONGEST_WAIT_US) return;
      handWaiting(Math.min(...waiting.keys()));
    }
  };

  const flush = () => {
    for (const number of [...waiting.keys()].sort((a, b) => a - b)) handWaiting(number);
  };

  const beginAnew = () => {
    flush();
    if (next !== undefined) counters.restarts += 1;
    next = undefined;
    stray = undefined;
  };

  const restart = (memory: Buffer, packet: RtpPacket) => {
    beginAnew();
    // One turn ahead, so that a packet from just before the first has a number too.
    next = ONE_TURN + packet.sequence;
    first = next;
    highest = next;
    highestTime = packet.timestamp;
    seen.fill(-1);
    seen[next & 1023] = next;
    hand(memory, packet, next);
  };

  const comeFromFarAway = (memory: Buffer, packet: RtpPacket) => {
    if (!reorders) return restart(memory, packet);
    const before = stray;
    const follows = before && ((before.packet.sequence + 1) & 0xffff) === packet.sequence;
    stray = follows ? undefined : copyOf(memory, packet);
    if (!before || !follows) return;
    restart(before.memory, before.packet);
    highest = next as number;
    highestTime = packet.timestamp;
    seen[highest & 1023] = highest;
    hand(memory, packet, highest);
  };

  /**
   * Whether there was a pause before this packet, by our clock or by the camera's. A reader that was late finds
   * what had been kept for it and then the present, one right behind the other.
   */
  const isBehindPause = ({ timestamp }: RtpPacket, sinceUs: number): boolean => {
    if (sinceUs >= PAUSE_S * 1_000_000) return true;
    const pausedS = ((timestamp - highestTime) | 0) / clockRate;
    return pausedS >= PAUSE_S && pausedS <= LONGEST_PAUSE_S;
  };

  return {
    push(memory, packet, nowMonoUs) {
      counters.packets += 1;
      const sinceUs = nowMonoUs - latestMonoUs;
      latestMonoUs = nowMonoUs;
      if (next === undefined) return restart(memory, packet);
      const ahead = ((packet.sequence - (highest & 0xffff)) << 16) >> 16;
      if (ahead < -FARTHEST_BACK || (ahead > FARTHEST_JUMP && !isBehindPause(packet, sinceUs)))
        return comeFromFarAway(memory, packet);
      const number = highest + ahead;
      // Numbers outgrow 31 bits after some weeks.
      if (seen[number & 1023] === (number | 0)) {
        counters.duplicates += 1;
        return;
      }
      seen[number & 1023] = number;
      if (number > highest) [highest, highestTime] = [number, packet.timestamp];
      else counters.reordered += 1;
      // Given up already: what it belonged to has been handed on without it.
      if (number < next) return;
      if (number === next) {
        hand(memory, packet, number);
      } else if (!reorders) hand(memory, packet, number);
      else waiting.set(number, { ...copyOf(memory, packet), sinceMonoUs: nowMonoUs });
      if (waiting.size > 0) release(nowMonoUs);
    },
    flush,
    skip(sequence) {
      if (next === undefined || (next & 0xffff) !== sequence) return;
      seen[next & 1023] = next;
      highest = Math.max(highest, next);
      next += 1;
      while (waiting.has(next)) handWaiting(next);
    },
    beginAnew,
    counters,
    get highest() {
      return highest - ONE_TURN;
    },
    get first() {
      return first - ONE_TURN;
    },
  };
}

interface Held {
  readonly memory: Buffer;
  readonly packet: RtpPacket;
}

function copyOf(memory: Buffer, packet: RtpPacket): Held {
  const own = Buffer.from(memory.subarray(packet.payloadStart, packet.payloadEnd));
  return {
    memory: own,
    packet: Object.assign(createRtpPacket(), packet, { payloadStart: 0, payloadEnd: own.length }),
  };
}

import { createMemoryPool } from '../../../src/lib/memory-pool.ts';
import { readTrack } from '../../../src/media/fmp4/track.ts';
import { writeInit } from '../../../src/media/fmp4/write-init.ts';
import { createVideoReceiver, type VideoStream } from '../../../src/rtp/video-receiver.ts';
import { readDescription } from '../../../src/rtsp/sdp.ts';
import { mediaFixture } from '../fragments.ts';
import { createManualClock } from '../manual-clock.ts';
import { createBehindSource, SPOILT } from './behind-source.ts';
import { type Family, must } from './family.ts';
import { mutateBytes, mutateList } from './mutate.ts';
import type { Chances } from './random.ts';
import type { Recording } from './recordings.ts';

const MOST_PACKETS = 40;
/** Smaller ones are parameter sets; without them those of the description count. */
const SETS_MOST_BYTES = 200;
/** Of one picture that never ends: more than any camera makes. */
const [FLOOD_PACKETS, FLOOD_PACKET_BYTES] = [260, 60_000];
const memory = createMemoryPool(16 * 1024 * 1024);

/** Parameter sets of pictures that are shown in another order than they are sent in. */
const REORDERING = {
  h264: readTrack(mediaFixture('h264-1920x1080.init.mp4')).parameterSets,
  h265: readTrack(mediaFixture('h265-1920x1080.init.mp4')).parameterSets,
};

/** Packets of one stream and its reports, over TCP and UDP. */
export function createPackets(recordings: readonly Recording[]): Family {
  const streams = recordings.map(({ description, packets, codec }) => {
    const found = readDescription(description.toString('latin1'));
    must('track' in found, 'a recording without video');
    return { track: found.track, packets, codec };
  });
  return {
    name: 'packets',
    share: 20,
    make(chances) {
      const { packets } = chances.pick(streams);
      if (chances.once(3000)) return flood(packets[1] as Buffer);
      const from = chances.once(2) ? 0 : chances.below(packets.length);
      const some = packets.slice(from, from + 1 + chances.below(MOST_PACKETS));
      // A sender report among them, of the stream's own source.
      if (chances.once(3))
        some.splice(chances.below(some.length), 0, senderReport(some[0] as Buffer, chances));
      const kept = chances.once(6) ? some.filter((packet) => packet.length > SETS_MOST_BYTES) : some;
      return mutateList(kept, chances, (packet) => changePacket(packet, chances, packets));
    },
    take(packets, chances) {
      const { track } = chances.pick(streams);
      const codec = chances.once(8) ? 'h265' : track.codec;
      const parameterSets = chances.pick([[], track.parameterSets, track.parameterSets, REORDERING[codec]]);
      const transport = chances.once(2) ? 'udp' : 'tcp';
      receive({ ...track, codec, parameterSets, transport }, packets, chances);
    },
  };
}

/** Receives packets as the source does; all that comes out must be what the recorder can take. */
export function receive(stream: VideoStream, packets: readonly Buffer[], chances: Chances): void {
  const clock = createManualClock();
  const behind = createBehindSource();
  let unusable = 0;
  let sent = 0;
  let kept = 0;
  const receiver = createVideoReceiver(
    stream,
    {
      begins: (sets) => behind.init(readTrack(writeInit(stream.codec, stream.clockRate, sets))),
      fragment(fragment) {
        kept += fragment.bytes.length;
        behind.fragment(fragment);
        memory.give(fragment.framed);
      },
      notYet: () => undefined,
      unusable: () => unusable++,
    },
    { clock, memory },
  );
  const held = Buffer.alloc(65_536);
  for (const packet of packets) {
    if (chances.once(3)) clock.advance(chances.pick([0, 1, 66, 400, 3000]));
    const bytes = Math.min(packet.length, held.length - 8);
    packet.copy(held, 8, 0, bytes);
    sent += bytes;
    const type = packet[1] ?? 0;
    const isReport = type >= 200 && type <= 204;
    if (isReport !== chances.once(50)) receiver.report(held, 8, 8 + bytes);
    else receiver.packet(held, 8, 8 + bytes);
    held.fill(SPOILT, 8, 8 + bytes);
    if (chances.once(10))
      must((receiver.receiverReport()?.length ?? 48) === 48, 'a report of another length');
  }
  receiver.finish();
  receiver.packet(held, 8, 100);
  const { counters } = receiver;
  for (const [name, value] of Object.entries(counters))
    must(value === undefined || Number.isFinite(value), `${name} is ${value}`);
  must(Math.max(counters.packets, counters.foreign) <= packets.length, 'more packets than came');
  // Boxes, and a length before each unit, of which a packet may hold many empty ones.
  must(kept <= sent * 4 + (packets.length + 1) * 2000, `${kept} bytes made of ${sent}`);
}

const PAYLOAD_AT = 12;
/** RTP's own fields, by where they begin and how long they are. */
const FIELDS = [
  [0, 1],
  [1, 1],
  [2, 2],
  [4, 4],
  [8, 4],
  [12, 1],
  [13, 1],
  [14, 2],
] as const;

/** One packet with its fields, its payload's head or any of its bytes changed. */
export function changePacket(packet: Buffer, chances: Chances, others: readonly Buffer[] = []): Buffer {
  const what = chances.below(7);
  if (what === 0) return mutateBytes(packet, chances, others);
  if (what === 1) return chances.bytes(chances.below(80));
  const own = Buffer.from(packet);
  if (own.length < PAYLOAD_AT + 4) return own;
  if (what === 2) {
    const [at, bytes] = chances.pick(FIELDS);
    chances.bytes(bytes).copy(own, at);
    return own;
  }
  if (what === 3) {
    // Near misses: a few numbers or ticks further or back.
    const sequence = own.readUInt16BE(2) + chances.pick([-1000, -40, -2, -1, 1, 2, 90, 2999, 3001]);
    own.writeUInt16BE(sequence & 0xffff, 2);
    if (chances.once(2))
      own.writeUInt32BE(
        (own.readUInt32BE(4) + chances.pick([-90_000, -12_000, -6000, 1, 6000, 12_000, 9e6, 2 ** 31])) >>> 0,
        4,
      );
    return own;
  }
  if (what === 4) {
    // Every way to pack, with whatever length follows.
    own[PAYLOAD_AT] = chances.pick([
      0,
      7,
      8,
      24,
      28,
      30,
      48 << 1,
      49 << 1,
      50 << 1,
      0x67,
      0x65,
      0x40,
      0x42,
      0x26,
    ]);
    own[PAYLOAD_AT + 1] = chances.below(256);
    own[PAYLOAD_AT + 2] = chances.below(256);
    return own;
  }
  if (what === 5) return joined(own, chances);
  return Buffer.concat([own.subarray(0, PAYLOAD_AT), mutateBytes(own.subarray(PAYLOAD_AT), chances, others)]);
}

function senderReport(packet: Buffer, chances: Chances): Buffer {
  const made = Buffer.concat([Buffer.from([0x80, 200, 0, 6]), chances.bytes(24)]);
  if (packet.length >= PAYLOAD_AT) packet.copy(made, 4, 8, 12);
  if (!chances.once(4)) return made;
  const goodbye = Buffer.concat([Buffer.from([0x81, 203, 0, 1]), made.subarray(4, 8)]);
  return Buffer.concat([made, goodbye]);
}

/** Several units in one packet (STAP-A, aggregation packet), of which the last may be cut off. */
function joined(packet: Buffer, chances: Chances): Buffer {
  const head = chances.pick([[0x78], [48 << 1, 1]]);
  const parts = [packet.subarray(0, PAYLOAD_AT), Buffer.from(head)];
  for (let left = chances.below(5); left >= 0; left--) {
    const from = PAYLOAD_AT + chances.below(packet.length - PAYLOAD_AT);
    const unit = packet.subarray(from, from + chances.below(60));
    parts.push(
      Buffer.from([0, unit.length]),
      chances.once(3) ? Buffer.from([0, 0, 1]) : Buffer.alloc(0),
      unit,
    );
    if (chances.once(4)) parts.push(chances.bytes(1));
  }
  return Buffer.concat(parts);
}

/** The middle of one unit, again and again. */
function flood(packet: Buffer): Buffer[] {
  return Array.from({ length: FLOOD_PACKETS }, (_, i) => {
    const made = Buffer.alloc(FLOOD_PACKET_BYTES, 0x55);
    packet.copy(made, 0, 0, PAYLOAD_AT);
    made.writeUInt16BE((packet.readUInt16BE(2) + i) & 0xffff, 2);
    made.set([0x7c, i === 0 ? 0x85 : 0x05], PAYLOAD_AT);
    return made;
  });
}

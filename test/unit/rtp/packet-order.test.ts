import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createPacketOrder } from '../../../src/rtp/packet-order.ts';
import { createRtpPacket, readRtpPacket } from '../../../src/rtp/rtp-packet.ts';
import { rtpPacket } from './packets.ts';

const CLOCK_RATE = 90_000;

/** Sends packets, each with its number as its payload; the memory is overwritten after each call. */
function receive(reorders: boolean) {
  const delivered: number[] = [];
  const missing: number[] = [];
  const order = createPacketOrder(reorders, CLOCK_RATE, (memory, packet, lost) => {
    expect(packet.payloadEnd - packet.payloadStart).toBe(4);
    delivered.push(memory.readUInt32BE(packet.payloadStart));
    missing.push(lost);
  });
  const packet = createRtpPacket();
  return {
    delivered,
    missing,
    order,
    /** @param cameraMs when the camera made it, by its own clock */
    push(number: number, nowMs = 0, cameraMs = 0) {
      const payload = Buffer.alloc(4);
      payload.writeUInt32BE(number);
      const memory = rtpPacket({
        sequence: number % 65_536,
        timestamp: (cameraMs * CLOCK_RATE) / 1000,
        payload,
      });
      readRtpPacket(memory, 0, memory.length, packet);
      order.push(memory, packet, nowMs * 1000);
      memory.fill(0xff);
    },
  };
}

const sum = (numbers: readonly number[]) => numbers.reduce((total, one) => total + one, 0);
const range = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + i);

/** Some packets in the order sent, with what a network does to them: each is lost, late, doubled or neither. */
const network = (latest: number) =>
  fc.record({
    first: fc.oneof(fc.integer({ min: 0, max: 65_535 }), fc.integer({ min: 65_400, max: 65_535 })),
    fates: fc.array(
      fc.record({
        lost: fc.integer({ min: 0, max: 9 }).map((n) => n === 0),
        late: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: latest })),
        doubled: fc.integer({ min: 0, max: 9 }).map((n) => n === 0),
      }),
      { minLength: 1, maxLength: 300 },
    ),
  });

const arrivals = ({
  first,
  fates,
}: {
  first: number;
  fates: { lost: boolean; late: number; doubled: boolean }[];
}) =>
  fates
    .flatMap(({ lost, late, doubled }, index) => {
      // The first one comes first: what lies before it was never asked for.
      if (lost && index > 0) return [];
      const at = index === 0 ? -1 : index + late;
      const one = { number: first + index, at };
      return doubled ? [one, { ...one, at: at + 0.5 }] : [one];
    })
    .sort((a, b) => a.at - b.at);

describe('packets on a connection', () => {
  it('are handed on as they come, each once, and what is not there is counted', () => {
    fc.assert(
      fc.property(network(0), (sent) => {
        const { push, delivered, missing, order } = receive(false);
        const came = arrivals(sent);
        for (const { number } of came) push(number);
        const distinct = [...new Set(came.map(({ number }) => number))];
        expect(delivered).toEqual(distinct);
        expect(order.counters).toEqual({
          packets: came.length,
          duplicates: came.length - distinct.length,
          missing: distinct.at(-1)! - sent.first + 1 - distinct.length,
          reordered: 0,
          restarts: 0,
        });
        expect(sum(missing)).toBe(order.counters.missing);
        expect(order.highest - order.first).toBe(distinct.at(-1)! - sent.first);
      }),
    );
  });

  it('that overtake each other are dropped, and were counted as missing', () => {
    const { push, delivered, order } = receive(false);
    for (const number of [10, 12, 11, 13]) push(number);
    expect(delivered).toEqual([10, 12, 13]);
    expect(order.counters).toMatchObject({ missing: 1, reordered: 1, duplicates: 0 });
  });
});

describe('packets that may overtake each other', () => {
  it('come out in order, nothing missing but what never came, whatever the network does within its window', () => {
    fc.assert(
      fc.property(network(90), (sent) => {
        const { push, delivered, missing, order } = receive(true);
        const came = arrivals(sent);
        for (const { number } of came) push(number);
        order.flush();
        const distinct = [...new Set(came.map(({ number }) => number))].sort((a, b) => a - b);
        expect(delivered).toEqual(distinct);
        const lost = distinct.at(-1)! - sent.first + 1 - distinct.length;
        expect(order.counters).toMatchObject({
          packets: came.length,
          duplicates: came.length - distinct.length,
          missing: lost,
          restarts: 0,
        });
        expect(sum(missing)).toBe(lost);
      }),
      { numRuns: 300 },
    );
  });

  it('stay in order and exactly counted also with stragglers from outside the window', () => {
    fc.assert(
      fc.property(network(280), fc.integer({ min: 0, max: 30 }), (sent, paceMs) => {
        const { push, delivered, missing, order } = receive(true);
        const came = arrivals(sent);
        came.forEach(({ number }, index) => {
          push(number, index * paceMs);
        });
        order.flush();
        expect(delivered).toEqual([...new Set(delivered)].sort((a, b) => a - b));
        const lost = delivered.at(-1)! - sent.first + 1 - delivered.length;
        expect(order.counters.missing).toBe(lost);
        expect(sum(missing)).toBe(lost);
        const distinct = new Set(came.map(({ number }) => number)).size;
        expect(order.counters.duplicates).toBe(came.length - distinct);
      }),
      { numRuns: 300 },
    );
  });

  it('wait for a missing one until 96 wait behind it, and not for one more', () => {
    const { push, delivered, missing } = receive(true);
    push(65_500);
    for (const number of range(65_502, 65_598)) push(number);
    expect(delivered).toEqual([65_500]);
    push(65_598);
    expect(delivered).toEqual([65_500, ...range(65_502, 65_599)]);
    expect(sum(missing)).toBe(1);
  });

  it('wait 200 ms, and no packet waits longer because others came later', () => {
    const { push, delivered } = receive(true);
    push(1, 0);
    push(9, 10);
    push(7, 150);
    push(5, 209);
    expect(delivered).toEqual([1]);
    push(3, 210);
    expect(delivered).toEqual([1, 3, 5, 7, 9]);
  });

  it('from far away are stragglers, unless the next one follows: then the count begins anew with both', () => {
    const { push, delivered, missing, order } = receive(true);
    for (const number of range(5000, 5010)) push(number);
    push(3500);
    for (const number of range(5010, 5020)) push(number);
    push(20_000);
    push(3501);
    for (const number of range(5020, 5030)) push(number);
    expect(delivered).toEqual(range(5000, 5030));
    expect(order.counters).toMatchObject({ restarts: 0, missing: 0 });
    for (const number of [65_535, 65_536, 65_537, 65_537, 65_539]) push(number);
    order.flush();
    expect(delivered.slice(30)).toEqual([65_535, 65_536, 65_537, 65_539]);
    expect(sum(missing)).toBe(1);
    expect(order.counters).toMatchObject({ restarts: 1, missing: 1, duplicates: 1 });
  });

  it('are all handed on at the end', () => {
    const { push, delivered, missing, order } = receive(true);
    for (const number of [1, 3, 6]) push(number);
    order.flush();
    order.flush();
    expect(delivered).toEqual([1, 3, 6]);
    expect(missing).toEqual([0, 1, 2]);
  });
});

describe.each([true, false])('a count (overtaking: %s)', (reorders) => {
  it('that jumps without a pause begins anew and is no loss', () => {
    const { push, delivered, order } = receive(reorders);
    push(100, 0);
    push(40_000, 40);
    push(40_001, 41);
    push(200, 80);
    push(201, 81);
    expect(delivered).toEqual([100, 40_000, 40_001, 200, 201]);
    expect(order.counters).toMatchObject({ restarts: 2, missing: 0, duplicates: 0 });
  });

  it('that jumps behind a pause has lost what lies between', () => {
    const { push, order, missing } = receive(reorders);
    push(65_000, 0);
    push(72_000, 7000);
    push(72_001, 7040);
    order.flush();
    expect(order.counters).toMatchObject({ restarts: 0, missing: 6999 });
    expect(sum(missing)).toBe(6999);
  });

  it('that jumps behind a pause of the camera has lost what lies between, though it is read without one', () => {
    const { push, order, missing } = receive(reorders);
    // The turn of the camera's 32 bits of time lies in the pause.
    const turnMs = 2 ** 32 / (CLOCK_RATE / 1000);
    push(65_000, 0, turnMs - 1000);
    push(72_000, 1, turnMs + 6000);
    push(72_001, 2, turnMs + 6040);
    order.flush();
    expect(order.counters).toMatchObject({ restarts: 0, missing: 6999 });
    expect(sum(missing)).toBe(6999);
  });

  it.each([
    ['back', -7000],
    ['on by less than the numbers would take', 900],
    ['on by hours', 7_200_000],
  ])('that jumps while the time of the camera goes %s begins anew', (_how, byMs) => {
    const { push, order } = receive(reorders);
    push(100, 0, 10_000_000);
    push(8000, 1, 10_000_000 + byMs);
    push(8001, 2, 10_000_040 + byMs);
    order.flush();
    expect(order.counters).toMatchObject({ restarts: 1, missing: 0 });
  });

  it('of another stream begins where it likes, and what waited is handed on before', () => {
    const { push, delivered, order } = receive(reorders);
    push(100);
    push(102);
    order.beginAnew();
    order.beginAnew();
    push(101);
    push(102);
    order.flush();
    expect(delivered).toEqual([100, 102, 101, 102]);
    expect(order.counters).toMatchObject({ restarts: 1, missing: 1, duplicates: 0 });
    expect(order.highest - order.first).toBe(1);
  });

  it('goes on past numbers that were sent for somebody else', () => {
    const { push, delivered, order } = receive(reorders);
    order.skip(5);
    push(65_535);
    order.skip(0);
    push(65_537);
    order.skip(77);
    push(65_538);
    expect(delivered).toEqual([65_535, 65_537, 65_538]);
    expect(order.counters).toMatchObject({ missing: 0, restarts: 0 });
    expect(order.highest).toBe(65_538);
  });

  it('tells duplicates also after its numbers have outgrown 31 bits', () => {
    const { push, order } = receive(reorders);
    // Forward by 32,000 behind a pause, until the count has turned often enough.
    let number = 0;
    let nowMs = 0;
    push(number, nowMs);
    while (number < 2 ** 31 + 100_000) {
      number += 32_000;
      nowMs += 2000;
      push(number, nowMs);
    }
    push(number, nowMs);
    push(number + 1, nowMs);
    push(number + 1, nowMs);
    expect(order.counters).toMatchObject({ duplicates: 2, restarts: 0 });
    expect(order.highest).toBe(number + 1);
  });
});

it('counts from the first packet on: no turns yet', () => {
  const { push, order } = receive(false);
  push(65_534);
  expect([order.first, order.highest]).toEqual([65_534, 65_534]);
  push(65_536);
  expect([order.first, order.highest]).toEqual([65_534, 65_536]);
});

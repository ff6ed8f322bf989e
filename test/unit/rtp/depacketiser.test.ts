import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Codec } from '../../../src/media/nal.ts';
import { createDepacketiser } from '../../../src/rtp/depacketiser.ts';
import { ANNEX_B } from '../../../src/rtp/unit-sink.ts';
import { aggregation, fragmentHead, fragments, payloadsOf, type SentUnit } from './packetiser.ts';

interface Heard {
  readonly type: number;
  readonly rtpTime: number;
  readonly bytes: Buffer;
}

/** Everything that a depacketiser says, in words; the memory of each payload is overwritten behind it. */
function listen(codec: Codec) {
  const units: Heard[] = [];
  const losses: string[] = [];
  let open: { type: number; rtpTime: number; parts: Buffer[] } | undefined;
  const depacketiser = createDepacketiser(codec, {
    begin(type, rtpTime) {
      expect(open).toBeUndefined();
      open = { type, rtpTime, parts: [] };
    },
    byte: (value) => open!.parts.push(Buffer.from([value])),
    bytes: (memory, start, end) => open!.parts.push(Buffer.from(memory.subarray(start, end))),
    end() {
      units.push({ type: open!.type, rtpTime: open!.rtpTime, bytes: Buffer.concat(open!.parts) });
      open = undefined;
    },
    lost: (packets, rtpTime, goesOn) => losses.push(`${packets} at ${rtpTime}${goesOn ? ' goes on' : ''}`),
  });
  return {
    units,
    losses,
    get bytes() {
      return units.map(({ bytes }) => bytes.toString('hex'));
    },
    finish: depacketiser.finish,
    push(payload: Buffer, rtpTime = 0, missing = 0) {
      const memory = Buffer.concat([Buffer.alloc(3, 0x5a), payload, Buffer.alloc(9, 0xa5)]);
      const known = depacketiser.payload(memory, 3, 3 + payload.length, rtpTime, missing);
      memory.fill(0xee);
      return known;
    },
  };
}

const hex = (text: string) => Buffer.from(text.replace(/\s/g, ''), 'hex');

/** Any unit of types that travel on their own; never beginning like a start code. */
const anyUnit = (codec: Codec) =>
  fc
    .tuple(
      codec === 'h264' ? fc.integer({ min: 1, max: 23 }) : fc.integer({ min: 0, max: 47 }),
      fc.integer({ min: 0, max: 3 }),
      fc.uint8Array({ minLength: codec === 'h264' ? 0 : 1, maxLength: 300 }),
      fc.integer({ min: 1, max: 7 }),
    )
    .map(([type, importance, body, temporal]) =>
      codec === 'h264'
        ? Buffer.from([(importance << 5) | type, ...body])
        : Buffer.from([type << 1, temporal, ...body]),
    );

const sentUnit = (codec: Codec): fc.Arbitrary<SentUnit> =>
  fc.record({
    bytes: anyUnit(codec),
    way: fc.oneof(
      fc.constant({ kind: 'single' as const }),
      fc.constant({ kind: 'joined' as const }),
      fc.integer({ min: 1, max: 120 }).map((every) => ({ kind: 'cut' as const, every })),
    ),
  });

const typeOf = (codec: Codec, unit: Buffer) => (codec === 'h264' ? unit[0]! & 0x1f : unit[0]! >> 1);

describe.each(['h264', 'h265'] as const)('the payloads of %s', (codec) => {
  const unit = (length: number) =>
    Buffer.concat([codec === 'h264' ? hex('65') : hex('2601'), Buffer.alloc(length, 0xab)]);
  const other = codec === 'h264' ? hex('4188aa') : hex('020188aa');

  it('give every unit byte for byte, however they were packed', () => {
    fc.assert(
      fc.property(fc.array(sentUnit(codec), { maxLength: 20 }), (units) => {
        const heard = listen(codec);
        for (const payload of payloadsOf(codec, units)) expect(heard.push(payload, 7)).toBe(true);
        heard.finish();
        expect(heard.bytes).toEqual(units.map(({ bytes }) => bytes.toString('hex')));
        expect(heard.units.map(({ type }) => type)).toEqual(units.map(({ bytes }) => typeOf(codec, bytes)));
        expect(heard.units.every(({ rtpTime }) => rtpTime === 7)).toBe(true);
        expect(heard.losses).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  it('tell of every packet that is missing, and keep of the rest what came', () => {
    fc.assert(
      fc.property(
        fc.array(sentUnit(codec), { minLength: 1, maxLength: 20 }),
        fc.array(fc.nat(4), { minLength: 1, maxLength: 50 }),
        (units, fates) => {
          const heard = listen(codec);
          const payloads = units.flatMap((one, time) =>
            payloadsOf(codec, [one]).map((payload) => ({ payload, time })),
          );
          let missing = 0;
          let told = 0;
          payloads.forEach(({ payload, time }, index) => {
            if (fates[index % fates.length] === 0) missing += 1;
            else {
              heard.push(payload, time, missing);
              told += missing;
              missing = 0;
            }
          });
          const units2 = heard.losses.map((loss) => Number.parseInt(loss, 10));
          expect(units2.reduce((sum, one) => sum + one, 0)).toBe(told);
          heard.finish();
          // Each unit heard is one that was sent, without what was lost of it.
          const sent = units.map(({ bytes }) => bytes);
          for (const { rtpTime, bytes } of heard.units) {
            expect(isSubsequence(bytes, sent[rtpTime]!)).toBe(true);
            const whole = bytes.equals(sent[rtpTime]!);
            const marked = heard.losses.some(
              (loss) => / goes on$/.test(loss) && loss.includes(`at ${rtpTime} `),
            );
            // What lacks its end is known by the loss before what follows, or by nothing following.
            const last = rtpTime === Math.max(...heard.units.map((one) => one.rtpTime));
            const next = heard.losses.some((loss) => Number(/at (\d+)/.exec(loss)![1]) > rtpTime);
            expect(whole || marked || next || last).toBe(true);
          }
        },
      ),
      { numRuns: 300 },
    );
  });

  it('never throw, never leave a unit open, and never invent a byte', () => {
    const heads = codec === 'h264' ? [0x78, 0x7c, 0x1c, 0x18, 0, 0x67] : [0x60, 0x62, 0, 0x26, 0x42];
    const payload = fc
      .tuple(fc.constantFrom(...heads), fc.uint8Array({ maxLength: 30 }))
      .map(([head, rest]) => Buffer.from([head, ...rest]));
    fc.assert(
      fc.property(
        fc.array(
          fc.tuple(fc.oneof(payload, fc.uint8Array({ maxLength: 3 }).map(Buffer.from)), fc.nat(2), fc.nat(3)),
        ),
        (payloads) => {
          const heard = listen(codec);
          let [sent, missing] = [0, 0];
          for (const [bytes, rtpTime, lost] of payloads) {
            heard.push(bytes, rtpTime, lost);
            sent += bytes.length;
            missing += lost;
          }
          heard.finish();
          expect(heard.units.reduce((sum, one) => sum + one.bytes.length, 0)).toBeLessThanOrEqual(sent);
          expect(heard.losses.reduce((sum, loss) => sum + Number.parseInt(loss, 10), 0)).toBe(missing);
        },
      ),
      { numRuns: 2000 },
    );
  });

  it('may change the type of a fragmented unit on its way: the first piece says what it is', () => {
    const whole = unit(30);
    const pieces = fragments(codec, whole, 10);
    const at = codec === 'h264' ? 1 : 2;
    pieces[1]![at] = (pieces[1]![at]! & 0xc0) | 1;
    const heard = listen(codec);
    for (const piece of pieces) heard.push(piece);
    expect(heard.bytes).toEqual([whole.toString('hex')]);
    expect(heard.losses).toEqual([]);
  });

  it('may have empty pieces', () => {
    const whole = unit(4);
    const heard = listen(codec);
    heard.push(fragmentHead(codec, whole, 0x80));
    heard.push(fragmentHead(codec, whole, 0));
    heard.push(Buffer.concat([fragmentHead(codec, whole, 0), Buffer.alloc(4, 0xab)]));
    heard.push(fragmentHead(codec, whole, 0x40));
    expect(heard.bytes).toEqual([whole.toString('hex')]);
  });

  it('may be whole in one piece that both begins and ends', () => {
    const whole = unit(4);
    const heard = listen(codec);
    heard.push(Buffer.concat([fragmentHead(codec, whole, 0xc0), Buffer.alloc(4, 0xab)]));
    expect(heard.bytes).toEqual([whole.toString('hex')]);
  });

  it('keep the bits of the header that are not its type', () => {
    const whole = codec === 'h264' ? hex('a5 0102030405') : hex('a7 4f 0102030405');
    const heard = listen(codec);
    for (const piece of fragments(codec, whole, 2)) heard.push(piece);
    expect(heard.bytes).toEqual([whole.toString('hex')]);
    if (codec !== 'h264') return;
    const reserved = fragments(codec, whole, 2);
    for (const piece of reserved) piece[1]! |= 0x20;
    for (const piece of reserved) heard.push(piece);
    expect(heard.bytes[1]).toBe(whole.toString('hex'));
  });

  it('end a unit whose end was never sent where the next begins, or with its picture', () => {
    const heard = listen(codec);
    const pieces = fragments(codec, unit(30), 10).slice(0, 2);
    for (const piece of pieces) heard.push(piece, 1);
    for (const piece of pieces) heard.push(piece, 1);
    heard.push(other, 1);
    for (const piece of pieces) heard.push(piece, 2);
    for (const piece of pieces) heard.push(piece, 3);
    const cut = unit(20).toString('hex');
    expect(heard.bytes).toEqual([cut, cut, other.toString('hex'), cut]);
    expect(heard.losses).toEqual([]);
    heard.finish();
    expect(heard.bytes.at(-1)).toBe(cut);
    expect(heard.losses).toEqual(['0 at 3 goes on']);
  });

  it('keep and mark a unit whose beginning never came', () => {
    const heard = listen(codec);
    const pieces = fragments(codec, unit(30), 10);
    heard.push(pieces[1]!, 1);
    heard.push(pieces[2]!, 1);
    heard.push(pieces[2]!, 2, 5);
    expect(heard.bytes).toEqual([unit(20).toString('hex'), unit(10).toString('hex')]);
    expect(heard.losses).toEqual(['0 at 1 goes on', '5 at 2 goes on']);
  });

  it('tell a loss also before what nobody can read', () => {
    const heard = listen(codec);
    expect(heard.push(Buffer.alloc(0), 0, 2)).toBe(true);
    expect(heard.push(codec === 'h264' ? hex('7c') : hex('6201'), 0, 3)).toBe(false);
    expect(heard.push(codec === 'h264' ? hex('7e00') : hex('6401ff'), 0, 4)).toBe(false);
    expect(heard.push(codec === 'h264' ? hex('78 0009 01') : hex('6001 0009 01'), 0, 5)).toBe(false);
    expect(heard.losses.map((loss) => Number.parseInt(loss, 10))).toEqual([2, 3, 4, 5]);
    expect(heard.units).toEqual([]);
  });

  it('give of units that were joined those that are whole', () => {
    const heard = listen(codec);
    const joined = aggregation(codec, [other, unit(5)]);
    expect(heard.push(joined.subarray(0, joined.length - 1))).toBe(false);
    expect(heard.push(Buffer.concat([joined, hex('00')]))).toBe(false);
    expect(heard.push(aggregation(codec, [other, Buffer.alloc(0), other]))).toBe(true);
    const [one, two] = [other.toString('hex'), unit(5).toString('hex')];
    expect(heard.bytes).toEqual([one, one, two, one, one]);
  });

  it('name a start code for what it is', () => {
    const heard = listen(codec);
    const text = hex('00000001 2601aabb');
    heard.push(text);
    heard.push(aggregation(codec, [text]));
    for (const piece of fragments(codec, text, 3)) heard.push(piece);
    expect(heard.units.map(({ type }) => type)).toEqual([ANNEX_B, ANNEX_B, ANNEX_B]);
    expect(new Set(heard.bytes)).toEqual(new Set([text.toString('hex')]));
  });
});

it('a first picture of H.265 of type 0 is no start code', () => {
  const heard = listen('h265');
  heard.push(hex('000180aa'));
  heard.push(aggregation('h265', [hex('000180aa'), hex('00')]));
  expect(heard.units.map(({ type }) => type)).toEqual([0, 0, ANNEX_B]);
});

function isSubsequence(part: Buffer, whole: Buffer): boolean {
  let at = 0;
  for (const byte of part) {
    at = whole.indexOf(byte, at);
    if (at < 0) return false;
    at += 1;
  }
  return true;
}

import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Principal } from '../../../src/access/policy.ts';
import { createLedger } from '../../../src/ledger/ledger.ts';
import { SECOND_US } from '../../../src/lib/clock.ts';
import { started } from '../../support/ledger/entries.ts';
import { openDesk, refusalBy, SEAT } from '../../support/viewing/viewing-desk.ts';

/** A viewing of cam01 and cam02 by a guard whose principal a test can change. */
function watching(desk = openDesk()) {
  let now: Principal | undefined = desk.person('guard', 'security');
  const asking = desk.asking({ cameras: ['cam01', 'cam02'] });
  const { viewing, grant } = desk.grants.open(now, asking, SEAT);
  const asked = (more: { camera?: string; viewing?: string } = {}) => ({
    principal: () => now,
    viewing,
    camera: 'cam01',
    stream: 'main' as const,
    ...more,
  });
  const range = asking.range!;
  return {
    desk,
    viewing,
    grant,
    asked,
    range,
    become: (principal: Principal | undefined) => {
      now = principal;
    },
    principal: () => now!,
    part: (second: number, bytes = 1000) => ({
      fromUs: range.fromUs + second * SECOND_US,
      toUs: range.fromUs + (second + 1) * SECOND_US,
      bytes,
    }),
    delivered: () => desk.entries('viewing.delivered').map(({ facts }) => facts as Record<string, unknown>),
    closed: () => desk.entries('viewing.closed').map(({ facts }) => facts as Record<string, unknown>),
  };
}

it('enters what was handed out within half a minute, by stretches, and the rest at the close', async () => {
  const { desk, viewing, asked, part, delivered, closed, principal } = watching();
  const passage = desk.gate.open(asked());
  for (const second of [0, 1, 2]) passage.handOut(part(second));
  passage.handOut(part(600));
  await desk.clock.run(30_000);
  expect(delivered()).toMatchObject([
    { viewing, camera: 'cam01', stream: 'main', bytes: 3000 },
    { viewing, camera: 'cam01', stream: 'main', bytes: 1000 },
  ]);
  passage.handOut(part(601));
  desk.gate.close(principal(), viewing, 'incident', 'INC-1');
  expect(delivered()).toHaveLength(3);
  expect(closed()).toEqual([{ viewing, outcome: 'incident', incident: 'INC-1' }]);
  expect(passage.signal.aborted).toBe(true);
  expect(refusalBy(() => passage.handOut(part(602))).code).toBe('viewing_over');
  expect(delivered()).toHaveLength(3);
  expect(refusalBy(() => desk.gate.open(asked()))).toMatchObject({
    code: 'viewing_over',
    facts: { state: 'incident' },
  });
  expect(refusalBy(() => desk.gate.close(principal(), viewing, 'no_finding')).code).toBe('viewing_over');
});

it.each([
  ['a session that is gone', () => undefined, 'signed_out'],
  ['a session that is over', (p: Principal) => ({ ...p, session: { ...p.session, endsUs: 1 } }), 'expired'],
  ['a suspended account', (p: Principal) => ({ ...p, state: 'suspended' as const }), 'revoked'],
  ['a right that was taken away', (p: Principal) => ({ ...p, rights: [] }), 'revoked'],
  [
    'a right for one camera less',
    (p: Principal) => ({ ...p, rights: p.rights.map((right) => ({ ...right, cameras: ['cam01'] })) }),
    'revoked',
  ],
  [
    'a shorter look-back',
    (p: Principal) => ({ ...p, rights: p.rights.map((right) => ({ ...right, lookBackUs: 1 })) }),
    'revoked',
  ],
] as const)('cuts a running stream within 5 s of %s', async (_name, change, outcome) => {
  const { desk, viewing, asked, part, become, principal, closed, delivered } = watching();
  const [one, other] = [desk.gate.open(asked()), desk.gate.open(asked({ camera: 'cam02' }))];
  one.handOut(part(0));
  await desk.clock.run(60_000);
  expect(one.signal.aborted || other.signal.aborted).toBe(false);
  become(change(principal()));
  other.handOut(part(5, 77));
  await desk.clock.run(5_000);
  expect(one.signal.aborted && other.signal.aborted).toBe(true);
  expect(closed()).toEqual([{ viewing, outcome }]);
  expect(delivered().map(({ bytes }) => bytes)).toEqual([1000, 77]);
});

it('cuts when the grant is revoked, and when its time is over', async () => {
  for (const way of ['revoked', 'expired'] as const) {
    const { desk, grant, asked, closed, become, principal } = watching();
    become({ ...principal(), session: { ...principal().session, endsUs: Infinity } });
    const passage = desk.gate.open(asked());
    if (way === 'revoked') desk.grants.revoke(desk.person('officer', 'officer'), grant);
    else desk.clock.standStill(8 * 3_600_000);
    await desk.clock.run(5_000);
    expect(passage.signal.aborted).toBe(true);
    expect(closed()).toMatchObject([{ outcome: way }]);
  }
});

it('does not take away what was young enough when it was opened', async () => {
  const desk = openDesk();
  const guard = desk.person('guard', 'security', { lookBackUs: 3_600 * SECOND_US });
  const { viewing } = desk.grants.open(guard, desk.asking(), SEAT);
  const asked = { principal: () => guard, viewing, camera: 'cam01', stream: 'main' as const };
  const passage = desk.gate.open(asked);
  await desk.clock.run(120_000, 1000);
  expect(passage.signal.aborted).toBe(false);
});

it('ends what nobody watches, and what somebody left by signing out', async () => {
  const { desk, viewing, asked, closed, part } = watching();
  const passage = desk.gate.open(asked());
  for (let minute = 0; minute < 20; minute++) {
    passage.handOut(part(minute));
    await desk.clock.run(60_000, 2000);
  }
  expect(closed()).toEqual([]);
  // A connection that is held open keeps nothing open.
  await desk.clock.run(10 * 60_000, 2000);
  expect(closed()).toEqual([{ viewing, outcome: 'idle' }]);
  expect(passage.signal.aborted).toBe(true);
  const second = watching(desk);
  const open = desk.gate.open(second.asked());
  desk.gate.signedOut('guard');
  expect(open.signal.aborted).toBe(true);
  expect(closed().at(-1)).toEqual({ viewing: second.viewing, outcome: 'signed_out' });
});

it('shows nobody else anything, and nothing but what was granted; says so once', () => {
  const { desk, asked, range, viewing } = watching();
  const stranger = desk.person('stranger', 'officer');
  const refusals = () => desk.entries('viewing.refused').length;
  for (let i = 0; i < 5; i++) {
    expect(refusalBy(() => desk.gate.open({ ...asked(), principal: () => stranger })).facts).toEqual({
      why: 'no_right',
    });
    expect(refusalBy(() => desk.gate.open(asked({ camera: 'cam03' }))).facts).toEqual({ why: 'no_right' });
    expect(refusalBy(() => desk.gate.live(asked())).facts).toEqual({ why: 'no_right' });
  }
  // cam01 as live pictures and cam03 are two.
  expect(refusals()).toBe(3);
  expect(refusalBy(() => desk.gate.open(asked({ viewing: 'nothing' }))).code).toBe('viewing_unknown');
  expect(refusalBy(() => desk.gate.close(stranger, viewing, 'no_finding')).code).toBe('viewing_unknown');
  const passage = desk.gate.open(asked());
  expect(passage.within({ fromUs: 0, toUs: range.fromUs + 5 })).toEqual({
    fromUs: range.fromUs,
    toUs: range.fromUs + 5,
  });
  for (const outside of [
    { fromUs: 0, toUs: range.fromUs },
    { fromUs: range.toUs, toUs: range.toUs + 9 },
  ])
    expect(refusalBy(() => passage.within(outside)).facts).toEqual({ why: 'not_approved' });
});

it('gives live pictures by a right to them, shifts too', () => {
  const desk = openDesk();
  const guard = desk.person('guard', 'security', { actions: ['live'] });
  for (const kind of ['live', 'shift'] as const) {
    const { viewing } = desk.grants.open(guard, desk.asking({ kind, range: undefined }), SEAT);
    const asked = { principal: () => guard, viewing, camera: 'cam01', stream: 'sub' as const };
    desk.gate.live(asked).handOut({ fromUs: desk.nowUs(), toUs: desk.nowUs(), bytes: 10 });
    expect(refusalBy(() => desk.gate.open(asked)).facts).toEqual({ why: 'no_right' });
    desk.gate.close(guard, viewing, 'no_finding');
  }
  expect(desk.entries('viewing.opened').map(({ facts }) => (facts as { kind: string }).kind)).toEqual([
    'live',
    'shift',
  ]);
  expect(refusalBy(() => desk.grants.open(guard, desk.asking(), SEAT)).facts).toMatchObject({
    why: 'no_right',
  });
});

it('ends all viewing when what was seen cannot be entered, and loses none of it', async () => {
  const { desk, asked, part, delivered } = watching();
  const passage = desk.gate.open(asked());
  passage.handOut(part(0, 4242));
  desk.refuse(Object.assign(new Error('full'), { code: 'SQLITE_FULL' }));
  await desk.clock.run(5_000);
  expect(passage.signal.aborted).toBe(true);
  expect(refusalBy(() => desk.gate.open(asked())).code).toBe('viewing_unrecorded');
  expect(desk.alarms.standing()).toMatchObject([{ code: 'viewing_unrecorded' }]);
  await desk.clock.run(60_000);
  expect(delivered()).toEqual([]);
  desk.refuse(undefined);
  await desk.clock.run(5_000);
  expect(delivered()).toMatchObject([{ bytes: 4242 }]);
  expect(desk.alarms.standing()).toEqual([]);
  expect(desk.gate.open(asked()).signal.aborted).toBe(false);
});

it.each([
  ['SQLITE_FULL', []],
  // It may be this process alone that cannot write.
  ['SQLITE_READONLY', ['viewing_unrecorded']],
])(
  'whose ledger refused with %s takes an entry of somebody else for its end, or does not',
  async (code, after) => {
    const { desk, principal } = watching();
    const standing = () => desk.alarms.standing().map((alarm) => alarm.code);
    desk.refuse(Object.assign(new Error('no'), { code }));
    expect(refusalBy(() => desk.grants.open(principal(), desk.asking(), SEAT)).code).toBe(
      'viewing_unrecorded',
    );
    await desk.clock.run(10_000);
    expect(standing()).toEqual(['viewing_unrecorded']);
    createLedger(desk).write((tx) => tx.append(started(1)));
    await desk.clock.run(3000);
    expect(standing()).toEqual(after);
    desk.refuse(undefined);
    desk.grants.open(principal(), desk.asking(), SEAT);
    expect(standing()).toEqual([]);
  },
);

it('takes nobody else’s entry for its end while it cannot enter itself what was seen', async () => {
  const { desk, asked, part, delivered } = watching();
  desk.gate.open(asked()).handOut(part(0, 4242));
  desk.refuse(Object.assign(new Error('full'), { code: 'SQLITE_FULL' }));
  await desk.clock.run(60_000);
  const [before] = desk.alarms.standing();
  expect(before).toMatchObject({ code: 'viewing_unrecorded' });
  createLedger(desk).write((tx) => tx.append(started(1)));
  await desk.clock.run(10_000);
  // Ended and raised anew, it would be entered each time, and never come to an end.
  expect(desk.alarms.standing()).toMatchObject([{ code: 'viewing_unrecorded', sinceUs: before?.sinceUs }]);
  desk.refuse(undefined);
  await desk.clock.run(5000);
  expect(desk.alarms.standing()).toEqual([]);
  expect(delivered()).toMatchObject([{ bytes: 4242 }]);
});

it('closes what a process that died left open as lost, with what it had handed out', async () => {
  const { desk, viewing, asked, part, delivered, closed } = watching();
  const passage = desk.gate.open(asked());
  passage.handOut(part(0, 111));
  passage.handOut(part(1, 222));
  // Kept every two seconds; then the process is gone, and another looks.
  await desk.clock.run(5_000);
  expect(delivered()).toEqual([]);
  const after = desk.openGate();
  expect(after.recover()).toBe(1);
  expect(delivered()).toMatchObject([{ viewing, bytes: 333 }]);
  expect(closed()).toEqual([{ viewing, outcome: 'lost' }]);
  expect(after.recover()).toBe(0);
  after.stop();
});

type Step =
  | { readonly do: 'open'; readonly camera: string }
  | { readonly do: 'hand'; readonly second: number; readonly bytes: number }
  | { readonly do: 'end' }
  | { readonly do: 'wait'; readonly ms: number }
  | { readonly do: 'refuse'; readonly still: boolean }
  | { readonly do: 'revoke' };

/** Whatever a passage let out is in the ledger at the end, and one that was ended or cut lets nothing out. */
async function isAccountedFor(steps: readonly Step[]): Promise<void> {
  const { desk, asked, part, delivered, become, viewing } = watching();
  let passage: ReturnType<typeof desk.gate.open> | undefined;
  let isEnded = false;
  let handed = 0;
  for (const one of steps) {
    if (one.do === 'open')
      try {
        passage = desk.gate.open(asked({ camera: one.camera }));
        isEnded = false;
      } catch {
        passage = undefined;
      }
    else if (one.do === 'hand' && passage) {
      const { handOut, signal } = passage;
      const hand = () => handOut(part(one.second, one.bytes));
      if (isEnded || signal.aborted) expect(refusalBy(hand).code).toMatch(/^viewing_(over|unrecorded)$/);
      else {
        hand();
        handed += one.bytes;
      }
    } else if (one.do === 'end' && passage) {
      passage.end();
      isEnded = true;
    } else if (one.do === 'wait') await desk.clock.run(one.ms, 1000);
    else if (one.do === 'refuse') desk.refuse(one.still ? new Error('full') : undefined);
    else if (one.do === 'revoke') become(undefined);
  }
  desk.refuse(undefined);
  desk.gate.stop();
  expect(delivered().reduce((sum, { bytes }) => sum + Number(bytes), 0)).toBe(handed);
  expect(desk.rows.viewing(viewing)?.outcome).not.toBeNull();
  desk.db.close();
}

it('lets nothing out by a way that was ended, also where its viewing was closed after that', async () => {
  // Found by the property below: it was no more among those that a cut reaches, and went on to count for nobody.
  await isAccountedFor([
    { do: 'open', camera: 'cam01' },
    { do: 'end' },
    { do: 'revoke' },
    { do: 'wait', ms: 2000 },
    { do: 'hand', second: 0, bytes: 1 },
  ]);
});

it('accounts for every byte, whatever is opened, jumped to, broken off or cut', async () => {
  const step: fc.Arbitrary<Step> = fc.oneof(
    fc.record({ do: fc.constant('open' as const), camera: fc.constantFrom('cam01', 'cam02') }),
    fc.record({
      do: fc.constant('hand' as const),
      second: fc.nat(1700),
      bytes: fc.integer({ min: 1, max: 1e6 }),
    }),
    fc.record({ do: fc.constant('end' as const) }),
    fc.record({ do: fc.constant('wait' as const), ms: fc.integer({ min: 100, max: 40_000 }) }),
    fc.record({ do: fc.constant('refuse' as const), still: fc.boolean() }),
    fc.record({ do: fc.constant('revoke' as const) }),
  );
  await fc.assert(fc.asyncProperty(fc.array(step, { maxLength: 40 }), isAccountedFor), { numRuns: 40 });
});

import { expect, it } from 'vitest';
import { createKiosks, type MaskedClip } from '../../../src/access/kiosk.ts';
import { decide, type Principal } from '../../../src/access/policy.ts';
import { readBody } from '../../../src/ledger/entry.ts';
import { createLedger } from '../../../src/ledger/ledger.ts';
import { beginLedger } from '../../support/ledger/scratch.ts';
import { createManualClock } from '../../support/manual-clock.ts';
import { refusalBy } from '../../support/viewing/viewing-desk.ts';

const MINUTE_MS = 60_000;

/** Kiosks over a real ledger, with one masked copy and one item of the locker that is none. */
function desk() {
  const clock = createManualClock();
  const { db } = beginLedger({ clock });
  const inner = createLedger({ db, clock });
  let refuses: Error | undefined;
  const ledger: typeof inner = {
    ...inner,
    write: (work) =>
      inner.write((tx) => {
        const result = work(tx);
        if (refuses) throw refuses;
        return result;
      }),
  };
  const masked: MaskedClip = {
    id: '0123456789abcdef',
    request: '2026-0007',
    applicant: '박민원',
    cameras: ['cam01'],
    fromUs: clock.utcUs() - 3_600_000_000,
    toUs: clock.utcUs() - 3_000_000_000,
  };
  const clips = new Map([[masked.id, masked]]);
  const failures: unknown[] = [];
  const kiosks = createKiosks({
    clock,
    ledger,
    clips: { find: (id) => clips.get(id) },
    failed: (error) => failures.push(error),
  });
  const officer = (provenUs = clock.utcUs()): Principal => ({
    account: 'officer',
    role: 'officer',
    state: 'active',
    rights: [{ id: 'r', actions: ['approve'], cameras: [], fromUs: 0 }],
    session: {
      endsUs: clock.utcUs() + 3_600_000_000,
      factor: true,
      outside: false,
      mustChangePassword: false,
      provenUs,
    },
  });
  const entries = () =>
    [...ledger.rows.entriesOf(['kiosk.opened', 'kiosk.begun', 'kiosk.ended'], 0)].map(({ body }) => {
      const { event, facts, actor } = readBody(body);
      return { event, facts, actor };
    });
  const refuse = (error?: Error) => {
    refuses = error;
  };
  return { clock, kiosks, masked, clips, officer, entries, refuse, failures };
}

it('shows one clip to whoever types the code, once, for an hour at most', () => {
  const { clock, kiosks, masked, officer, entries } = desk();
  const opened = kiosks.open(officer(), masked.id);
  expect(opened.code).toMatch(/^[2-9A-Z]{4}-[2-9A-Z]{4}$/);
  const { token } = kiosks.enter(opened.code.toLowerCase().replace('-', ' '));
  expect(refusalBy(() => kiosks.enter(opened.code)).code).toBe('kiosk_code_refused');
  const session = kiosks.session(token);
  expect(session?.clip).toEqual(masked);
  expect(kiosks.session('')).toBeUndefined();
  expect(kiosks.session(opened.code)).toBeUndefined();
  // It is nobody's account, and the policy gives it nothing at all.
  for (const question of [
    { function: 'own_account' },
    { function: 'cameras' },
    { action: 'approve' },
    { action: 'playback', camera: { id: 'cam01', zone: 'public' } },
  ] as const)
    expect(decide(session!.principal, question, clock.utcUs()).allowed).toBe(false);
  clock.advance(59 * MINUTE_MS);
  expect(kiosks.session(token)).toBeDefined();
  clock.advance(MINUTE_MS);
  expect(kiosks.session(token)).toBeUndefined();
  expect(entries()).toMatchObject([
    {
      event: 'kiosk.opened',
      facts: { kiosk: opened.kiosk, clip: masked.id, request: '2026-0007' },
      actor: 'person:officer',
    },
    { event: 'kiosk.begun', facts: { kiosk: opened.kiosk }, actor: 'process:web' },
    { event: 'kiosk.ended', facts: { kiosk: opened.kiosk, why: 'ended' }, actor: 'process:web' },
  ]);
});

it('opens for an officer with a fresh proof, and for nothing that is not a masked copy', () => {
  const { clock, kiosks, masked, officer, entries } = desk();
  expect(refusalBy(() => kiosks.open(officer(), 'fedcba9876543210'))).toMatchObject({
    code: 'kiosk_not_masked',
  });
  expect(refusalBy(() => kiosks.open(officer(clock.utcUs() - 301_000_000), masked.id))).toMatchObject({
    code: 'not_allowed',
    facts: { why: 'proof_needed' },
  });
  for (const role of ['security', 'reviewer', 'auditor', 'technician', 'administrator', 'kiosk'] as const)
    expect(refusalBy(() => kiosks.open({ ...officer(), role }, masked.id)).code).toBe('not_allowed');
  expect(entries()).toEqual([]);
});

it('ends at once when its officer ends it, when the copy is destroyed, and when the process ends', () => {
  const { kiosks, masked, clips, officer, entries } = desk();
  const begin = () => {
    const opened = kiosks.open(officer(), masked.id);
    return { ...opened, ...kiosks.enter(opened.code) };
  };
  const [first, second, third] = [begin(), begin(), begin()];
  expect(refusalBy(() => kiosks.end({ ...officer(), account: 'other' }, first.kiosk)).code).toBe(
    'kiosk_unknown',
  );
  kiosks.end(officer(), first.kiosk);
  expect(kiosks.session(first.token)).toBeUndefined();
  expect(kiosks.session(second.token)).toBeDefined();
  kiosks.stop();
  expect(kiosks.session(second.token)).toBeUndefined();
  const fourth = begin();
  clips.clear();
  expect(kiosks.session(fourth.token)).toBeUndefined();
  const ends = entries().filter(({ event }) => event === 'kiosk.ended');
  expect(ends.map(({ facts }) => facts)).toEqual([
    { kiosk: first.kiosk, why: 'asked' },
    { kiosk: second.kiosk, why: 'lost' },
    { kiosk: third.kiosk, why: 'lost' },
    { kiosk: fourth.kiosk, why: 'ended' },
  ]);
  expect(ends[0]?.actor).toBe('person:officer');
});

it('has a code for five minutes and a thousand guesses, and four at once', () => {
  const { clock, kiosks, masked, officer, entries } = desk();
  const opened = Array.from({ length: 4 }, () => kiosks.open(officer(), masked.id));
  expect(refusalBy(() => kiosks.open(officer(), masked.id)).code).toBe('kiosk_busy');
  clock.advance(5 * MINUTE_MS);
  for (const { code } of opened) expect(refusalBy(() => kiosks.enter(code)).code).toBe('kiosk_code_refused');
  const { code } = kiosks.open(officer(), masked.id);
  for (let i = 0; i < 1000; i++) expect(() => kiosks.enter(`${i}`)).toThrow('kiosk_code_refused');
  expect(() => kiosks.enter(code)).toThrow('kiosk_code_refused');
  const whys = entries().flatMap(({ event, facts }) =>
    event === 'kiosk.ended' ? [(facts as { why: string }).why] : [],
  );
  expect(whys).toEqual(['unused', 'unused', 'unused', 'unused', 'guessed']);
});

it('neither opens nor begins where that cannot be entered, and ends all the same', () => {
  const { kiosks, masked, officer, refuse, failures } = desk();
  refuse(new Error('full'));
  expect(() => kiosks.open(officer(), masked.id)).toThrow('full');
  refuse();
  const opened = kiosks.open(officer(), masked.id);
  refuse(new Error('full'));
  expect(() => kiosks.enter(opened.code)).toThrow('full');
  refuse();
  const { token } = kiosks.enter(opened.code);
  refuse(new Error('full'));
  kiosks.end(officer(), opened.kiosk);
  expect(kiosks.session(token)).toBeUndefined();
  expect(failures).toHaveLength(1);
});

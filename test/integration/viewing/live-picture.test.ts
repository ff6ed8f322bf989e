import { expect, it } from 'vitest';
import type { Principal } from '../../../src/access/policy.ts';
import { GirokError } from '../../../src/lib/errors.ts';
import { openLivePicture } from '../../../src/viewing/live-picture.ts';
import { fakeSocket, fakeViewing } from '../../support/live/fake-live.ts';
import { openDesk, refusalBy, SEAT } from '../../support/viewing/viewing-desk.ts';

/** A guard in front of a live picture, whose pictures and rights a test makes. */
function watching() {
  const desk = openDesk();
  let now: Principal | undefined = desk.person('guard', 'security');
  const { viewing } = desk.grants.open(now, desk.asking({ kind: 'live', range: undefined }), SEAT);
  const shown = fakeViewing(desk.clock);
  const signals: AbortSignal[] = [];
  const asked = { principal: () => now, viewing, camera: 'cam01', stream: 'main' as const };
  const deps = {
    gate: desk.gate,
    clock: desk.clock,
    feeds: {
      open(_camera: unknown, _stream: unknown, signal?: AbortSignal) {
        if (signal) signals.push(signal);
        signal?.addEventListener('abort', () => shown.viewing.cut(), { once: true });
        return shown.viewing;
      },
    },
  };
  return {
    ...{ desk, deps, asked, shown, signals },
    become: (principal: Principal | undefined) => {
      now = principal;
    },
    deliveredBytes: () =>
      desk
        .entries('viewing.delivered')
        .reduce((sum, { facts }) => sum + Number((facts as { bytes: number }).bytes), 0),
  };
}

it('is entered to the byte, as it is watched and at its end', async () => {
  const { desk, deps, asked, shown, deliveredBytes } = watching();
  const { socket, facts, tell } = fakeSocket();
  const ended = openLivePicture(deps, asked).show(socket);
  for (let i = 1; i <= 60; i++) {
    shown.show(i * 100);
    await desk.clock.run(1000, 500);
  }
  expect(facts.sent).toBe(183_000);
  // The rest within half a minute.
  expect(deliveredBytes()).toBeGreaterThan(40_000);
  tell('close');
  expect(await ended).toBe('left');
  const officer = desk.person('guard', 'security');
  desk.gate.close(officer, asked.viewing, 'no_finding');
  expect(deliveredBytes()).toBe(facts.sent);
  // One stretch after the other, without a hole.
  const stretches = desk.entries('viewing.delivered').map(({ facts }) => facts as { bytes: number });
  expect(stretches.length).toBeLessThanOrEqual(4);
});

it.each<[string, (seen: ReturnType<typeof watching>) => void]>([
  ['the session is gone', ({ become }) => become(undefined)],
  ['the account is suspended', ({ become, asked }) => become({ ...asked.principal()!, state: 'suspended' })],
  ['the right is taken away', ({ become, asked }) => become({ ...asked.principal()!, rights: [] })],
  ['the ledger cannot be written', ({ desk }) => desk.refuse(new Error('full'))],
])('ends within five seconds when %s', async (_what, take) => {
  const seen = watching();
  const { desk, deps, asked, shown } = seen;
  const { socket, facts } = fakeSocket();
  const ended = openLivePicture(deps, asked).show(socket);
  // What has been sent has to be entered when it is due.
  for (let second = 0; second < 19; second++) {
    shown.show(1000);
    await desk.clock.run(1000, 500);
  }
  expect(facts).toMatchObject({ sent: 19_000, closed: undefined });
  take(seen);
  for (let ms = 0; ms < 5000 && !facts.closed; ms += 500) {
    shown.show(1000);
    await desk.clock.run(500);
  }
  expect(facts.closed?.[0]).toBe(1008);
  expect(await ended).toMatch(/^(cut|revoked)$/);
  const { sent } = facts;
  shown.show(1000);
  await desk.clock.run(5000);
  expect(facts.sent).toBe(sent);
});

it('is opened by nobody whom the gate refuses, and holds nothing where there is no room', () => {
  const { desk, deps, asked, signals } = watching();
  const stranger = desk.person('stranger', 'officer');
  expect(refusalBy(() => openLivePicture(deps, { ...asked, principal: () => stranger })).code).toBe(
    'viewing_refused',
  );
  expect(refusalBy(() => openLivePicture(deps, { ...asked, camera: 'cam02' })).code).toBe('viewing_refused');
  expect(signals).toEqual([]);
  const full = {
    ...deps,
    feeds: {
      open() {
        throw new GirokError('live_busy');
      },
    },
  };
  expect(refusalBy(() => openLivePicture(full, asked)).code).toBe('live_busy');
});

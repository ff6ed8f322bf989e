import { describe, expect, it } from 'vitest';
import type { Role } from '../../../src/access/actions.ts';
import type { GrantRow } from '../../../src/db/site/viewing-rows.ts';
import { DAY_US, HOUR_US, systemClock } from '../../../src/lib/clock.ts';
import { createSiteTime } from '../../../src/lib/site-time.ts';
import { type WaitingInput, waitingFor } from '../../../src/oversight/waiting.ts';
import { hold } from '../../support/http/noted-oversight.ts';
import { sessionOf } from '../../support/http/served.ts';

const nowUs = systemClock.utcUs();
const siteTime = createSiteTime('Asia/Seoul');
const grant = (more: Partial<GrantRow>): GrantRow => ({
  id: 'g1',
  account: 'security-1',
  kind: 'recorded',
  state: 'requested',
  basis: null,
  purpose: 'A',
  cameras: '["cam01"]',
  fromUs: 0,
  toUs: 1,
  askedUs: nowUs - HOUR_US,
  madeUs: null,
  untilUs: null,
  approvedBy: null,
  reviewedUs: null,
  seq: 1,
  ...more,
});
const nothing: WaitingInput = {
  requested: [],
  unreviewed: [],
  rights: [],
  accounts: [],
  tasks: [],
  holds: [],
  incidents: [],
  items: [],
};
const everything: WaitingInput = {
  requested: [grant({})],
  unreviewed: [grant({ id: 'g2', state: 'made', basis: 'breakglass' })],
  rights: [
    {
      id: 'r2',
      account: 'security-1',
      state: 'requested',
      terms: '{}',
      proposal: null,
      requestedBy: 'administrator-2',
      approvedBy: null,
      requestedUs: nowUs,
      decidedUs: null,
    },
  ],
  accounts: [{ id: 'x', state: 'suspended' }],
  tasks: [
    {
      id: 'erasing-2026-10',
      kind: 'erasing_confirmation',
      month: '2026-10',
      openedUs: nowUs - DAY_US,
      dueUs: nowUs + DAY_US,
      doneUs: null,
      doneSeq: null,
      faultedUs: null,
    },
  ],
  holds: [{ ...hold, reviewUs: nowUs - HOUR_US, endUs: nowUs + HOUR_US }],
  incidents: [{ subject: hold.id, sinceUs: nowUs }],
  items: [
    {
      number: '2026-0001',
      year: 2026,
      ordinal: 1,
      kind: 'usb',
      hold: null,
      dueDay: '2026-01-01',
      handedDay: '2025-12-01',
      seq: 1,
      returnedDay: null,
      destroyedDay: null,
      method: null,
      lastSeq: 1,
    },
  ],
};
const kindsFor = (role: Role, input = everything, over = {}) =>
  waitingFor(sessionOf(role, over).principal, input, nowUs, siteTime).map(({ kind }) => kind);

describe('what waits', () => {
  it.each<[Role, string[]]>([
    [
      'officer',
      ['incident', 'break_glass', 'grant', 'right', 'confirmation', 'hold_review', 'hold_ending', 'item'],
    ],
    ['auditor', ['break_glass']],
    ['administrator', ['right', 'account']],
    ['security', []],
    ['reviewer', []],
    ['technician', []],
    ['kiosk', []],
  ])('for the role %s is what it may decide', (role, kinds) => {
    expect(kindsFor(role)).toEqual(kinds);
  });

  it('is nothing where there is nothing, or no right', () => {
    expect(kindsFor('officer', nothing)).toEqual([]);
    expect(kindsFor('officer', everything, { rights: [] })).toEqual([]);
  });

  it('is not what is one’s own', () => {
    const own = {
      ...nothing,
      requested: [grant({ account: 'officer-1' })],
      unreviewed: [grant({ account: 'officer-1' })],
      rights: everything.rights.map((right) => ({ ...right, requestedBy: 'officer-1' })),
    };
    expect(kindsFor('officer', own)).toEqual([]);
  });

  it('is not a request whose time to be answered is over', () => {
    expect(kindsFor('officer', { ...nothing, requested: [grant({ askedUs: nowUs - 4 * DAY_US })] })).toEqual(
      [],
    );
  });

  it('hides nothing for want of a fresh proof', () => {
    expect(kindsFor('officer', everything, { session: { provenUs: nowUs - HOUR_US } })).toContain(
      'confirmation',
    );
  });

  it('names the one there is, and of several when the first is due', () => {
    const { principal } = sessionOf('officer');
    const one = waitingFor(principal, { ...nothing, requested: [grant({})] }, nowUs, siteTime);
    expect(one).toMatchObject([{ kind: 'grant', count: 1, subject: 'g1', sinceUs: nowUs - HOUR_US }]);
    const requested = [grant({}), grant({ id: 'g3', askedUs: nowUs - 2 * HOUR_US })];
    const [two] = waitingFor(principal, { ...nothing, requested }, nowUs, siteTime);
    expect(two).toMatchObject({
      count: 2,
      sinceUs: nowUs - 2 * HOUR_US,
      dueUs: nowUs - 2 * HOUR_US + 3 * DAY_US,
    });
    expect(two).not.toHaveProperty('subject');
  });
});

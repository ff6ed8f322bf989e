import { expect, it } from 'vitest';
import { ko } from '../../../src/i18n/ko.ts';
import { createMeaning } from '../../../src/ledger/meaning/meaning.ts';
import { openPersonal } from '../../../src/ledger/personal.ts';
import { VIEWS } from '../../../src/ledger/views.ts';
import { DAY_US, HOUR_US, isoFromUs, MINUTE_US } from '../../../src/lib/clock.ts';
import { openDesk, refusalBy, SEAT } from '../../support/viewing/viewing-desk.ts';

it('opens a viewing at once within rights, with the grant and the opening in one step', () => {
  const desk = openDesk();
  const guard = desk.person('guard', 'security');
  const { viewing, grant, untilUs } = desk.grants.open(guard, desk.asking({ requester: '박환자' }), SEAT);
  expect(untilUs).toBe(desk.nowUs() + 8 * HOUR_US);
  const [made, opened] = desk.entries('grant.made', 'viewing.opened');
  expect(made?.facts).toMatchObject({ grant, account: 'guard', basis: 'right', cameras: ['cam01'] });
  expect(opened).toMatchObject({
    actor: 'person:guard',
    facts: { viewing, grant, kind: 'recorded', purpose: 'CRIME_PREVENTION', masked: false },
  });
  const texts = openPersonal(opened!, desk.ledger.rows, desk.opening());
  expect(texts).toEqual({
    reason: { text: '1층 대기실 분실 신고 확인' },
    requester: { text: '박환자' },
    viewer: { text: SEAT.viewer },
    terminal: { text: SEAT.terminal },
  });
  expect(JSON.stringify(desk.entries('viewing.opened'))).not.toContain('박환자');
  expect(desk.rows.viewing(viewing)).toMatchObject({ grantId: grant, account: 'guard', closedUs: null });
});

it.each([
  ['an operating room, whoever asks', { cameras: ['cam09'] }, {}, 'operating_room', false],
  ['one operating room among others', { cameras: ['cam01', 'cam09'] }, {}, 'operating_room', false],
  ['a camera that is not installed for it', { cameras: ['cam01', 'cam03'] }, {}, 'out_of_purpose', false],
  ['a purpose that nobody configured', { purpose: 'CURIOSITY' }, {}, 'out_of_purpose', false],
  ['a camera that is not configured any more', { cameras: ['cam99'] }, {}, 'out_of_purpose', false],
  ['a camera without a right', { cameras: ['cam05'] }, {}, 'no_right', true],
  ['one camera without a right among others', { cameras: ['cam01', 'cam05'] }, {}, 'no_right', true],
  ['what is older than the look-back', {}, { lookBackUs: HOUR_US / 2 }, 'beyond_look_back', true],
  ['a right that is over', {}, { untilUs: 1 }, 'expired', false],
] as const)('refuses %s, on the record', (_name, more, right, why, mayAsk) => {
  const desk = openDesk();
  for (const role of ['security', 'officer'] as const) {
    const person = desk.person('someone', role, right);
    const refused = refusalBy(() => desk.grants.open(person, desk.asking(more), SEAT));
    expect(refused).toMatchObject({ code: 'viewing_refused', facts: { why, mayAsk } });
    expect(desk.entries('viewing.refused').at(-1)?.facts).toMatchObject({ why });
  }
  expect(desk.entries('viewing.refused')).toHaveLength(2);
  expect(desk.entries('grant.made', 'viewing.opened', 'grant.requested')).toEqual([]);
  expect(desk.rows.viewings({}, 10)).toEqual([]);
});

it.each([
  ['reason', { reason: '   확인      ' }],
  ['reason', { reason: 'x'.repeat(501) }],
  ['purpose', { purpose: 'x; drop table' }],
  ['cameras', { cameras: [] }],
  ['cameras', { cameras: ['cam01', 'cam01'] }],
  ['cameras', { cameras: ['../etc'] }],
  ['range', { range: undefined }],
  ['range', { range: { fromUs: 5, toUs: 5 } }],
  ['range', { range: { fromUs: Number.NaN, toUs: 5 } }],
  ['range', { range: { fromUs: 0, toUs: 8 * DAY_US } }],
  ['range', { kind: 'live' as const }],
  ['requester', { requester: ' ' }],
])('refuses a %s that is none', (field, more) => {
  const desk = openDesk();
  const guard = desk.person('guard', 'security');
  for (const way of ['open', 'request'] as const) {
    const refused = refusalBy(() => desk.grants[way](guard, desk.asking(more), SEAT));
    expect(refused).toMatchObject({ code: 'viewing_input', facts: { field } });
  }
  expect(desk.entries('viewing.refused', 'grant.made', 'viewing.opened')).toEqual([]);
});

it('lets an officer approve what is beyond rights, and nobody their own', () => {
  const desk = openDesk();
  const guard = desk.person('guard', 'security', { lookBackUs: HOUR_US / 2 });
  const officer = desk.person('officer', 'officer');
  const grant = desk.grants.request(guard, desk.asking());
  const openIt = () => desk.grants.openGranted(guard, grant, SEAT);
  expect(refusalBy(openIt).facts).toMatchObject({ why: 'not_approved' });
  expect(desk.grants.textsOf(officer, grant, desk.opening())).toMatchObject({
    reason: { text: '1층 대기실 분실 신고 확인' },
  });
  expect(refusalBy(() => desk.grants.approve(guard, grant)).facts).toMatchObject({ why: 'no_right' });
  for (const who of [
    desk.person('guard', 'officer'),
    desk.person('other', 'officer', { cameras: ['cam02'] }),
    desk.person('auditor', 'auditor'),
    { ...officer, session: { ...officer.session, provenUs: desk.nowUs() - HOUR_US } },
    { ...officer, state: 'suspended' as const },
  ])
    expect(refusalBy(() => desk.grants.approve(who, grant)).facts).toMatchObject({ why: 'no_right' });
  expect(desk.entries('grant.made')).toEqual([]);

  desk.grants.approve(officer, grant);
  expect(desk.entries('grant.made')[0]).toMatchObject({
    actor: 'person:officer',
    facts: { grant, account: 'guard', basis: 'approval', approvedBy: 'officer' },
  });
  expect(refusalBy(() => desk.grants.approve(officer, grant)).code).toBe('viewing_over');
  expect(refusalBy(() => desk.grants.refuse(officer, grant)).code).toBe('viewing_over');
  const { viewing } = openIt();
  expect(desk.rows.viewing(viewing)).toMatchObject({ grantId: grant });
  // The log shows the reason that was given when it was asked for.
  const opening = desk.opening();
  const { rows } = VIEWS.viewing({
    rows: desk.ledger.rows,
    siteTime: desk.siteTime,
    words: ko.ledger.views,
    opening,
  });
  expect(rows).toHaveLength(1);
  expect(rows[0]).toContain('1층 대기실 분실 신고 확인');
  expect(rows[0]).toContain(SEAT.viewer);
  // Somebody else's grant is nobody else's.
  const other = desk.person('other', 'security');
  expect(refusalBy(() => desk.grants.openGranted(other, grant, SEAT)).facts).toMatchObject({
    why: 'no_right',
  });

  desk.grants.revoke(officer, grant);
  expect(refusalBy(openIt).facts).toMatchObject({ why: 'revoked' });
  expect(refusalBy(() => desk.grants.revoke(officer, grant)).code).toBe('viewing_over');
  expect(desk.entries('grant.revoked')).toHaveLength(1);
});

it('forgets a request that nobody answered, and ends a grant by itself', () => {
  const desk = openDesk();
  const guard = desk.person('guard', 'security', undefined);
  const officer = () => desk.person('officer', 'officer');
  const asked = desk.grants.request(guard, desk.asking());
  const refused = desk.grants.request(guard, desk.asking());
  const made = desk.grants.request(guard, desk.asking());
  desk.grants.refuse(officer(), refused);
  desk.grants.approve(officer(), made, desk.nowUs() + HOUR_US);
  expect(refusalBy(() => desk.grants.approve(officer(), asked, desk.nowUs() + 8 * DAY_US)).facts).toEqual({
    field: 'until',
  });
  desk.clock.advance(3_600_000);
  const later = { ...guard, session: { ...guard.session, endsUs: Infinity } };
  expect(refusalBy(() => desk.grants.openGranted(later, made, SEAT)).facts).toMatchObject({ why: 'expired' });
  expect(refusalBy(() => desk.grants.openGranted(later, refused, SEAT)).facts).toMatchObject({
    why: 'revoked',
  });
  desk.clock.advance(3 * 86_400_000);
  expect(refusalBy(() => desk.grants.approve(officer(), asked)).facts).toEqual({ state: 'expired' });
  expect(desk.grants.list({ account: 'guard' }, 10).map(({ id }) => id)).toEqual([made, refused, asked]);
});

it('opens for half an hour without an officer, tells at once, and wants somebody else to review it', () => {
  const desk = openDesk();
  const guard = desk.person('guard', 'security', undefined);
  const open = (more = {}) => desk.grants.breakGlass(guard, desk.asking(more), SEAT);
  expect(refusalBy(() => open({ cameras: ['cam09'] })).facts).toMatchObject({ why: 'operating_room' });
  expect(refusalBy(() => open({ kind: 'live', range: undefined })).facts).toMatchObject({ field: 'kind' });
  const auditor = desk.person('auditor', 'auditor', { cameras: [] });
  const technician = desk.person('technician', 'technician');
  for (const who of [auditor, technician])
    expect(refusalBy(() => desk.grants.breakGlass(who, desk.asking(), SEAT)).facts).toMatchObject({
      why: 'no_right',
    });

  const { grant, untilUs, viewing } = open();
  expect(untilUs).toBe(desk.nowUs() + 30 * MINUTE_US);
  expect(desk.entries('breakglass.opened')[0]?.facts).toMatchObject({
    breakglass: grant,
    cameras: ['cam01'],
  });
  expect(desk.entries('viewing.opened')[0]?.facts).toMatchObject({ viewing, breakglass: grant });
  expect(desk.alarmRows.last('web', 'breakglass_opened', grant)).toMatchObject({ endedUs: null });
  expect(desk.rows.unreviewed().map(({ id }) => id)).toEqual([grant]);

  expect(
    refusalBy(() => desk.grants.review(desk.person('guard', 'officer'), grant, true)).facts,
  ).toMatchObject({ why: 'no_right' });
  desk.grants.review(auditor, grant, false);
  expect(desk.entries('breakglass.reviewed')[0]).toMatchObject({
    actor: 'person:auditor',
    facts: { breakglass: grant, justified: false },
  });
  expect(desk.alarmRows.last('web', 'breakglass_opened', grant)?.endedUs).not.toBeNull();
  expect(desk.rows.unreviewed()).toEqual([]);
  expect(refusalBy(() => desk.grants.review(auditor, grant, true)).code).toBe('viewing_over');
});

it('opens nothing while the ledger takes no entry, says so once, and goes on when it does', () => {
  const desk = openDesk();
  const guard = desk.person('guard', 'security');
  const open = () => desk.grants.open(guard, desk.asking(), SEAT);
  desk.refuse(Object.assign(new Error('full'), { code: 'SQLITE_FULL' }));
  expect(refusalBy(open)).toMatchObject({ code: 'viewing_unrecorded', facts: { system: 'SQLITE_FULL' } });
  // A refusal that cannot be entered is an alarm too.
  expect(refusalBy(() => desk.grants.open(guard, desk.asking({ cameras: ['cam09'] }), SEAT)).code).toBe(
    'viewing_unrecorded',
  );
  expect(desk.alarms.standing()).toMatchObject([{ code: 'viewing_unrecorded' }]);
  expect(desk.entries('grant.made', 'viewing.opened', 'viewing.refused')).toEqual([]);
  expect(desk.rows.viewings({}, 10)).toEqual([]);
  desk.refuse(undefined);
  open();
  expect(desk.alarms.standing()).toEqual([]);
});

it('leaves a ledger in which its verifier finds every look to be by right', () => {
  const desk = openDesk();
  const guard = desk.person('guard', 'security');
  const officer = (camera: string) => desk.person('officer', 'officer', { cameras: [camera] });
  const { cameras, fromUs } = guard.rights[0]!;
  const granted = { right: 'r1', account: 'guard', role: 'security' as const, cameras: [...cameras] };
  desk.ledger.write((tx) =>
    tx.append({
      event: 'right.granted',
      facts: { ...granted, actions: ['live', 'playback'], from: isoFromUs(fromUs), approvedBy: 'officer' },
      actor: 'person:officer',
    }),
  );
  const live = desk.asking({ kind: 'live', range: undefined });
  const look = (viewing: string, camera: string, kind: 'open' | 'live') => {
    const asked = { principal: () => guard, viewing, camera, stream: 'main' as const };
    desk.gate[kind](asked).handOut({ fromUs: desk.nowUs() - HOUR_US, toUs: desk.nowUs() - 1, bytes: 9 });
    desk.gate.close(guard, viewing, 'no_finding');
  };
  look(desk.grants.open(guard, desk.asking(), SEAT).viewing, 'cam01', 'open');
  look(desk.grants.open(guard, live, SEAT).viewing, 'cam01', 'live');
  const beyond = desk.asking({ cameras: ['cam05'] });
  const asked = desk.grants.request(guard, beyond);
  desk.grants.approve(officer('cam05'), asked);
  look(desk.grants.openGranted(guard, asked, SEAT).viewing, 'cam05', 'open');
  const night = desk.grants.breakGlass(guard, beyond, SEAT);
  look(night.viewing, 'cam05', 'open');
  desk.grants.review(officer('cam05'), night.grant, true);

  const meaning = createMeaning();
  for (let seq = 0; seq < desk.ledger.rows.size(); seq++) meaning.see(desk.ledger.rows.entry(seq)!.body);
  const found = meaning.end().list.filter(({ code }) => /^(view|grant|approved|emergency)/.test(code));
  expect(found).toEqual([]);
  expect(desk.entries('viewing.delivered')).toHaveLength(4);
});

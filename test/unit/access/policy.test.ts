import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  ACTIONS,
  type Action,
  FUNCTIONS,
  ROLES,
  type Role,
  type RoleFunction,
} from '../../../src/access/actions.ts';
import {
  decide,
  type Principal,
  type Question,
  REFUSALS,
  type Right,
  type ZoneClass,
} from '../../../src/access/policy.ts';
import { HOUR_US, MINUTE_US } from '../../../src/lib/clock.ts';

const NOW = Date.parse('2026-11-22T03:00:00Z') * 1000;

/**
 * The domain rules' matrix of roles (§5.5, with §5.1 and the roles' own duties), written down once more by hand. A
 * letter: the role can be given it. Columns in the order of ACTIONS:
 * live, playback, still, export, mask, approve, hold, confirm_erasure, read_logs, manage_people.
 */
const MATRIX: Record<Role, string> = {
  security: 'LP....H...',
  officer: 'LPSEMAHCR.',
  reviewer: '....M.....',
  auditor: '........R.',
  technician: '..........',
  administrator: '.........A',
  kiosk: '.P........',
};

/** Columns: own_account, health, alarms, configuration, tasks, cameras, addresses of cameras, finding cameras, views of cameras, documentation (of the API). */
const FUNCTION_MATRIX: Record<Role, string> = {
  security: 'OHA.TC....',
  officer: 'OHACTCAFV.',
  reviewer: 'O...T.....',
  auditor: 'OHACTCA...',
  technician: 'OHA..CA.V.',
  administrator: 'OHACTCAF.D',
  kiosk: '..........',
};

const WITH_FACTOR: readonly Role[] = ['officer', 'reviewer', 'auditor', 'administrator'];
const PICTURES: readonly Action[] = ['live', 'playback', 'still', 'export', 'mask'];
const CAMERAS_OWN: readonly Action[] = [...PICTURES, 'hold'];
const PROVED_AGAIN: readonly Action[] = ['manage_people', 'export', 'approve', 'confirm_erasure'];
const ZONES: readonly ZoneClass[] = ['public', 'non_public', 'operating_room', 'prohibited'];

const can = (role: Role, action: Action) => MATRIX[role][ACTIONS.indexOf(action)] !== '.';

const right = (over: Partial<Right> = {}): Right => ({
  id: 'r1',
  actions: ACTIONS,
  cameras: ['cam01'],
  fromUs: NOW - HOUR_US,
  ...over,
});

const person = (
  role: Role,
  over: Partial<Principal> = {},
  session: Partial<Principal['session']> = {},
): Principal => ({
  account: 'a1',
  role,
  state: 'active',
  rights: [right()],
  ...over,
  session: {
    endsUs: NOW + HOUR_US,
    factor: true,
    outside: false,
    mustChangePassword: false,
    provenUs: NOW,
    ...session,
  },
});

const ask = (action: Action, zone: ZoneClass = 'public', id = 'cam01'): Question => {
  const camera = { id, zone };
  switch (action) {
    case 'live':
      return { action, camera };
    case 'playback':
    case 'still':
    case 'export':
    case 'mask':
    case 'hold':
      return { action, camera, range: { fromUs: NOW - MINUTE_US, toUs: NOW } };
    default:
      return { action };
  }
};

/** What is the matter with whoever asks, and what the rules say of it: `why`, where it concerns this role and action. */
const STATES: readonly {
  readonly name: string;
  readonly state?: Partial<Principal>;
  readonly session?: Partial<Principal['session']>;
  readonly refuses: (role: Role, action: Action) => boolean;
}[] = [
  { name: 'in order', refuses: () => false },
  { name: 'session over', session: { endsUs: NOW }, refuses: () => true },
  { name: 'suspended', state: { state: 'suspended' }, refuses: () => true },
  { name: 'closed', state: { state: 'closed' }, refuses: () => true },
  { name: 'password to be changed', session: { mustChangePassword: true }, refuses: () => true },
  { name: 'no factor', session: { factor: false }, refuses: (role) => WITH_FACTOR.includes(role) },
  { name: 'no factor, outside', session: { factor: false, outside: true }, refuses: () => true },
  { name: 'factor, outside', session: { outside: true }, refuses: () => false },
  {
    name: 'proof is old',
    session: { provenUs: NOW - 6 * MINUTE_US },
    refuses: (_, action) => PROVED_AGAIN.includes(action),
  },
  { name: 'no rights', state: { rights: [] }, refuses: () => true },
  { name: 'right not begun', state: { rights: [right({ fromUs: NOW + 1 })] }, refuses: () => true },
  { name: 'right over', state: { rights: [right({ untilUs: NOW })] }, refuses: () => true },
  {
    name: 'right to others only',
    state: { rights: [right({ cameras: ['cam02'] })] },
    refuses: (_, action) => CAMERAS_OWN.includes(action),
  },
  {
    name: 'look-back of half a minute',
    state: { rights: [right({ lookBackUs: MINUTE_US / 2 })] },
    refuses: (_, action) => CAMERAS_OWN.includes(action) && action !== 'live',
  },
  { name: 'right to nothing', state: { rights: [right({ actions: [] })] }, refuses: () => true },
];

describe('who may do what', () => {
  it('agrees with the domain rules for every role, action, place, camera and state', () => {
    let cases = 0;
    let allowed = 0;
    const wrong: string[] = [];
    for (const role of ROLES)
      for (const action of ACTIONS)
        for (const zone of ZONES)
          for (const camera of ['cam01', 'cam09'])
            for (const { name, state, session, refuses } of STATES) {
              const answer = decide(person(role, state, session), ask(action, zone, camera), NOW);
              const isOwn = !CAMERAS_OWN.includes(action) || camera === 'cam01';
              const isShut =
                (zone === 'operating_room' || zone === 'prohibited') && PICTURES.includes(action);
              const expected = can(role, action) && isOwn && !isShut && !refuses(role, action);
              if (answer.allowed !== expected) wrong.push(`${role} ${action} ${zone} ${camera} ${name}`);
              cases += 1;
              allowed += Number(answer.allowed);
            }
    expect(wrong).toEqual([]);
    expect(cases).toBe(7 * 10 * 4 * 2 * 15);
    // The table is not the empty one that allows nothing and is always right.
    expect(allowed).toBeGreaterThan(250);
  });

  it('agrees with it about what every account of a role may do', () => {
    for (const role of ROLES)
      for (const [at, name] of FUNCTIONS.entries()) {
        const of = (session: Partial<Principal['session']>) =>
          decide(person(role, { rights: [] }, session), { function: name }, NOW).allowed;
        const has = FUNCTION_MATRIX[role][at] !== '.';
        expect(of({}), `${role} ${name}`).toBe(has);
        // Without a password of one's own, or a factor where one is needed, only one's own account is open.
        expect(of({ mustChangePassword: true }), `${role} ${name}`).toBe(has && name === 'own_account');
        const needs = WITH_FACTOR.includes(role);
        expect(of({ factor: false }), `${role} ${name}`).toBe(has && (!needs || name === 'own_account'));
        expect(of({ endsUs: NOW }), `${role} ${name}`).toBe(false);
      }
  });

  it('says why not, in the order in which it looks', () => {
    const whyOf = (...[who, question]: [Principal, Question]) => {
      const answer = decide(who, question, NOW);
      return answer.allowed ? 'allowed' : answer.why;
    };
    const guard = (over: Partial<Principal>, session: Partial<Principal['session']> = {}) =>
      person('security', over, session);
    const play = ask('playback');
    expect([
      whyOf(guard({ state: 'closed' }, { endsUs: 0 }), play),
      whyOf(guard({ state: 'suspended' }, { mustChangePassword: true }), play),
      whyOf(guard({ state: 'closed' }), play),
      whyOf(guard({}, { mustChangePassword: true, factor: false, outside: true }), play),
      whyOf(guard({}, { factor: false, outside: true }), ask('export')),
      whyOf(guard({}), ask('export', 'operating_room')),
      whyOf(guard({ rights: [] }), ask('playback', 'operating_room')),
      whyOf(guard({ rights: [] }), ask('playback', 'prohibited')),
      whyOf(guard({ rights: [] }), play),
      whyOf(guard({ rights: [right({ fromUs: NOW + 1, untilUs: NOW })] }), play),
      whyOf(guard({ rights: [right({ untilUs: NOW, lookBackUs: 0 })] }), play),
      whyOf(guard({ rights: [right({ lookBackUs: 0 })] }), play),
      whyOf(person('officer', {}, { provenUs: 0 }), ask('export')),
    ]).toEqual(REFUSALS);
  });

  it('names the rights that would have been about it', () => {
    const rights = [right({ id: 'over', untilUs: NOW }), right({ id: 'other', cameras: ['cam02'] })];
    expect(decide(person('security', { rights }), ask('live'), NOW)).toEqual({
      allowed: false,
      why: 'right_over',
      rights: ['over'],
    });
  });

  it('takes footage of no named time for all that there is', () => {
    const camera = { id: 'cam01', zone: 'public' } as const;
    const bounded = person('security', { rights: [right({ lookBackUs: 24 * HOUR_US })] });
    expect(decide(bounded, { action: 'playback', camera }, NOW)).toMatchObject({ why: 'beyond_look_back' });
    expect(decide(person('security'), { action: 'playback', camera }, NOW).allowed).toBe(true);
  });
});

it('speaks of roles and actions in the words that stand in ledgers already', () => {
  expect(ROLES.join()).toBe('security,officer,reviewer,auditor,technician,administrator,kiosk');
  expect(ACTIONS.join()).toBe(
    'live,playback,still,export,mask,approve,hold,confirm_erasure,read_logs,manage_people',
  );
});

describe('of whatever may be asked', () => {
  const rights = fc.array(
    fc.record(
      {
        id: fc.string({ minLength: 1, maxLength: 4 }),
        actions: fc.subarray([...ACTIONS]),
        cameras: fc.subarray(['cam01', 'cam02', 'cam03']),
        lookBackUs: fc.option(fc.integer({ min: 0, max: 2 * HOUR_US }), { nil: undefined }),
        fromUs: fc.integer({ min: NOW - HOUR_US, max: NOW + HOUR_US }),
        untilUs: fc.option(fc.integer({ min: NOW - HOUR_US, max: NOW + HOUR_US }), { nil: undefined }),
      },
      { requiredKeys: ['id', 'actions', 'cameras', 'fromUs'] },
    ),
    { maxLength: 5 },
  );
  const anybody = fc.record({
    account: fc.constant('a1'),
    role: fc.constantFrom(...ROLES),
    state: fc.constantFrom('active' as const, 'active' as const, 'suspended' as const, 'closed' as const),
    rights,
    session: fc.record({
      endsUs: fc.constantFrom(NOW + 1, NOW + 1, NOW + HOUR_US, NOW),
      factor: fc.boolean(),
      outside: fc.boolean(),
      mustChangePassword: fc.constantFrom(false, false, false, true),
      provenUs: fc.constantFrom(NOW, NOW - 10 * MINUTE_US, NOW + 10 * MINUTE_US),
    }),
  });
  const anything = fc
    .record({
      action: fc.constantFrom(...ACTIONS),
      zone: fc.constantFrom(...ZONES),
      camera: fc.constantFrom('cam01', 'cam02', 'cam04'),
    })
    .map(({ action, zone, camera }) => ask(action, zone, camera));

  it('one more right never takes anything away', () => {
    fc.assert(
      fc.property(anybody, rights, anything, (who, more, question) => {
        const richer = { ...who, rights: [...who.rights, ...more] };
        if (decide(who, question, NOW).allowed) expect(decide(richer, question, NOW).allowed).toBe(true);
      }),
      { numRuns: 5000 },
    );
  });

  it('what is forbidden stays so whatever rights there are', () => {
    const all = [right({ cameras: ['cam01', 'cam02', 'cam03', 'cam04'] })];
    fc.assert(
      fc.property(anybody, anything, (who, question) => {
        const answer = decide({ ...who, rights: [...who.rights, ...all] }, question, NOW);
        const { session, state, role } = who;
        const isBarred =
          session.endsUs <= NOW ||
          state !== 'active' ||
          session.mustChangePassword ||
          (!session.factor && (session.outside || WITH_FACTOR.includes(role)));
        const isShut =
          'camera' in question &&
          ['operating_room', 'prohibited'].includes(question.camera.zone) &&
          PICTURES.includes(question.action);
        if (isBarred || isShut || ('action' in question && !can(role, question.action)))
          expect(answer.allowed).toBe(false);
      }),
      { numRuns: 5000 },
    );
  });

  it('nobody does anything by a right that does not say it', () => {
    fc.assert(
      fc.property(anybody, anything, (who, question) => {
        const answer = decide(who, question, NOW);
        if (!answer.allowed || !('action' in question)) return;
        const used = who.rights.filter(({ id }) => id === answer.right);
        expect(
          used.some(
            (one) =>
              one.actions.includes(question.action) &&
              (!('camera' in question) || one.cameras.includes(question.camera.id)),
          ),
        ).toBe(true);
      }),
      { numRuns: 5000 },
    );
  });

  it('what the types forbid is refused all the same', () => {
    const nobody = [
      { ...person('officer'), state: 'unknown' },
      person('officer', {}, { endsUs: Number.NaN }),
      person('officer', {}, { endsUs: undefined as never }),
      person('officer', { rights: [right({ fromUs: Number.NaN })] }),
      person('officer', { rights: [right({ untilUs: Number.NaN })] }),
      person('officer', { rights: [right({ lookBackUs: Number.NaN })] }),
    ] as Principal[];
    for (const who of nobody) expect(decide(who, ask('playback'), NOW).allowed).toBe(false);
    const shapes = [
      { action: 'playback' },
      { action: 'erase' },
      { function: 'everything' },
      { function: '__proto__' as RoleFunction },
      {
        action: 'playback',
        camera: { id: 'cam01', zone: 'public' },
        range: { fromUs: Number.NaN, toUs: NOW },
      },
    ] as unknown as Question[];
    const who = person('officer', { rights: [right({ lookBackUs: HOUR_US })] });
    for (const question of shapes) expect(decide(who, question, NOW).allowed).toBe(false);
    expect(decide(person('officer', {}, { provenUs: Number.NaN }), ask('export'), NOW).allowed).toBe(false);
  });
});

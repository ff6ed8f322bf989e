import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { en } from '../../../src/i18n/en.ts';
import { ko } from '../../../src/i18n/ko.ts';
import type { NewEntry } from '../../../src/ledger/entry.ts';
import { createErasedDays } from '../../../src/ledger/meaning/erased-days.ts';
import { createMeaning } from '../../../src/ledger/meaning/meaning.ts';
import { createOutages } from '../../../src/ledger/meaning/outages.ts';
import {
  begun,
  erased,
  evidence,
  inShort,
  meaningOf,
  type Step,
  stewardStarted,
  stewardStopped,
} from '../../support/ledger/story.ts';

/** 2026-10-01 in Seoul, kept for thirty days, is due when 1 November begins there. */
const DAY = { camera: 'cam01', day: '2026-10-01', dueAt: '2026-10-31T15:00:00Z' };
const DUE = '2026-10-31T15:00:00Z';

/** A house in which all is well, with a certificate each day up to then. */
function quiet(from: string, until: string): Step[] {
  const steps: Step[] = [[from, begun]];
  for (let ms = Date.parse(from) + 86_400_000; ms <= Date.parse(until); ms += 86_400_000)
    steps.push([new Date(ms).toISOString(), erased(new Date(ms).toISOString(), [])]);
  return steps;
}
const hold = (event: string, at: string, facts: object): Step => [
  at,
  { event, facts: { hold: 'h1', ...facts }, actor: 'process:hold' } as NewEntry,
];

describe('erasing', () => {
  it('on time gives no finding', () => {
    expect(inShort(meaningOf(...quiet('2026-10-25T15:00:00Z', DUE), [DUE, erased(DUE, [DAY])]))).toEqual([]);
  });

  it('before its time is serious, whatever due date the certificate states for itself', () => {
    const early = '2026-10-31T14:59:59Z';
    const begin = quiet('2026-10-30T15:00:00Z', '2026-10-31T00:00:00Z');
    const at = begin.length;
    expect(inShort(meaningOf(...begin, [early, erased(early, [DAY])]))).toEqual([
      `serious erased_early ${at}`,
    ]);
    expect(inShort(meaningOf(...begin, [early, erased(early, [{ ...DAY, dueAt: early }])]))).toEqual([
      `serious erased_early ${at}`,
    ]);
    // By a clock that was ahead and has been put right before the entry was made.
    expect(inShort(meaningOf(...begin, [early, erased(DUE, [DAY])]))).toEqual([`serious erased_early ${at}`]);
  });

  it('late is told with what explains it, or with its severity', () => {
    const late = '2026-11-01T15:00:00Z';
    const gone: Step = [late, erased(late, [DAY])];
    const well = quiet('2026-10-25T15:00:00Z', DUE);
    const n = well.length;
    expect(inShort(meaningOf(...well, gone))).toEqual([`warning erased_late ${n}`]);
    const stopped: Step[] = [
      ['2026-10-31T14:00:00Z', stewardStopped],
      ['2026-11-01T14:30:00Z', stewardStarted],
    ];
    expect(inShort(meaningOf(...well, ...stopped, gone))).toEqual([
      `warning process_away ${n + 1}`,
      `note erased_late_explained ${n + 2}`,
    ]);
    const waits: Step = [
      DUE,
      { event: 'erase.waits', facts: { why: 'clock' } as object, actor: 'process:purge' } as NewEntry,
    ];
    expect(inShort(meaningOf(...well, waits, gone))).toEqual([`note erased_late_explained ${n + 1}`]);
    // An outage of an hour does not explain a day.
    const short: Step[] = [
      ['2026-10-31T14:00:00Z', stewardStopped],
      ['2026-10-31T14:10:00Z', stewardStarted],
    ];
    expect(inShort(meaningOf(...well, ...short, gone))).toEqual([`warning erased_late ${n + 2}`]);
    const weekLater = '2026-11-07T15:00:00Z';
    expect(
      inShort(meaningOf(...quiet('2026-10-25T15:00:00Z', weekLater), [weekLater, erased(weekLater, [DAY])])),
    ).toEqual(['serious erased_late 14']);
  });

  it('what is older than the ledger explains itself, and so do files that were left of erased keys', () => {
    const late = '2026-11-05T15:00:00Z';
    expect(inShort(meaningOf(['2026-11-05T14:00:00Z', begun], [late, erased(late, [DAY])]))).toEqual([
      'note erased_late_explained 1',
    ]);
    const well = quiet('2026-10-25T15:00:00Z', '2026-11-04T15:00:00Z');
    expect(inShort(meaningOf(...well, [late, erased(late, [{ ...DAY, reason: 'left_over' }])]))).toEqual([]);
  });

  it('of many days at once, told as ranges, is looked at day by day', () => {
    const at = '2026-11-04T15:00:00Z';
    const range = { camera: 'cam01', day: '2026-10-02', to: '2026-10-05', days: 4, keys: 96 };
    const well = quiet('2026-11-04T14:00:00Z', at);
    const folded = (more: object) => erased(at, [{ ...range, ...more }]);
    expect(inShort(meaningOf(...well, [at, folded({})]))).toEqual(['note erased_late_explained 1']);
    const found = meaningOf(...well, [at, folded({ to: '2026-10-06', days: 5 })]);
    expect(inShort(found)).toEqual(['serious erased_early 1', 'note erased_late_explained 1']);
    expect(found.list[0]?.facts).toMatchObject({ day: '2026-10-06' });
  });

  it('that was incomplete is finished by the run that says so', () => {
    const at = '2026-11-01T15:00:00Z';
    const incomplete: NewEntry = {
      ...erased(DUE, [DAY], { run: 'r1', state: 'incomplete' }),
      event: 'erase.incomplete',
    } as NewEntry;
    const later = (more: object): Step[] => [
      [at, erased(at, [], { run: 'r3', ...more })],
      ...quiet(at, '2026-11-08T15:00:00Z').slice(1),
    ];
    const well = quiet('2026-10-30T15:00:00Z', '2026-10-30T15:00:00Z');
    expect(inShort(meaningOf(...well, [DUE, incomplete], ...later({})))).toEqual([
      'serious erase_unfinished 1',
    ]);
    const finishes = { finishes: { since: 'r1', runs: 1 } };
    expect(inShort(meaningOf(...well, [DUE, incomplete], ...later(finishes)))).toEqual([]);
  });

  it('that is not said to be finished, or not accounted for each day, is told', () => {
    const intent: NewEntry = { event: 'erase.intent', facts: { run: 'r9' }, actor: 'process:purge' };
    expect(
      inShort(
        meaningOf(
          ...quiet('2026-10-30T15:00:00Z', DUE),
          [DUE, intent],
          ['2026-11-03T15:00:00Z', evidence('cam01', '2026-11-03', 1)],
        ),
      ),
    ).toEqual(['warning erase_unfinished 2', 'warning erase_silent 1']);
  });

  it('never early and never late, for any moment of the run (property)', () => {
    fc.assert(
      fc.property(fc.integer({ min: -200, max: 200 }), (minutes) => {
        const at = new Date(Date.parse(DUE) + minutes * 60_000).toISOString();
        const found = inShort(meaningOf(...quiet('2026-10-31T11:00:00Z', DUE), [at, erased(at, [DAY])]));
        expect(found).toEqual(
          minutes < 0 ? ['serious erased_early 1'] : minutes > 120 ? ['warning erased_late 1'] : [],
        );
      }),
    );
  });
});

describe('evidence', () => {
  it('of each hour that had a key is there when it goes, and none comes afterwards', () => {
    const well = quiet('2026-10-25T15:00:00Z', DUE);
    const n = well.length;
    const hours = { ...DAY, hours: [0, 1, 2] };
    const entered = (hour: number): Step => [DUE, evidence('cam01', '2026-10-01', hour)];
    const gone: Step = [DUE, erased(DUE, [hours])];
    expect(inShort(meaningOf(...well, entered(0), entered(1), entered(2), gone))).toEqual([]);
    const found = meaningOf(...well, entered(0), entered(2), gone, entered(1));
    expect(inShort(found)).toEqual([
      `warning hour_without_evidence ${n + 2}`,
      `serious evidence_after_erasure ${n + 3}`,
    ]);
    expect(found.list[0]?.facts).toEqual({ camera: 'cam01', day: '2026-10-01', hours: '1' });
  });
});

describe('a hold', () => {
  const made = hold('hold.made', '2026-10-26T01:00:00Z', { end: '2026-10-29T00:00:00.000Z' });
  const copied = hold('hold.copied', '2026-10-26T01:05:00Z', { files: 3 });
  const ended = hold('hold.ended', '2026-10-27T01:00:00Z', {});
  const goneAt = (at: string): Step => [at, erased(at, [], { lockers: [{ hold: 'h1', reason: 'ended' }] })];
  const begin: Step = ['2026-10-26T00:00:00Z', begun];

  it.each<[string, Step[], string[]]>([
    ['lapsed and was erased', [made, copied, goneAt('2026-10-29T01:00:00Z')], []],
    ['was ended by somebody and erased', [made, copied, ended, goneAt('2026-10-27T02:00:00Z')], []],
    [
      'was erased before its end, and nobody ended it',
      [made, copied, goneAt('2026-10-27T02:00:00Z')],
      ['serious hold_erased_early 3'],
    ],
    [
      'has no end',
      [hold('hold.made', '2026-10-26T01:00:00Z', {}), copied, goneAt('2026-10-26T04:00:00Z')],
      ['serious hold_endless 1', 'serious hold_erased_early 3'],
    ],
    [
      'was renewed, and erased when that end had come',
      [
        made,
        copied,
        hold('hold.renewed', '2026-10-27T00:00:00Z', { end: '2026-10-30T00:00:00.000Z' }),
        goneAt('2026-10-30T00:00:00Z'),
      ],
      [],
    ],
    [
      'was renewed, and erased as if it had not been',
      [
        made,
        copied,
        hold('hold.renewed', '2026-10-27T00:00:00Z', { end: '2026-10-30T00:00:00.000Z' }),
        goneAt('2026-10-29T00:00:00Z'),
      ],
      ['serious hold_erased_early 4'],
    ],
    ['was never heard of', [goneAt('2026-10-26T04:00:00Z')], ['warning hold_unknown 1']],
  ])('that %s', (_what, steps, expected) => {
    const found = inShort(meaningOf(begin, ...steps)).filter((line) => !line.includes('erase_silent'));
    expect(found).toEqual(expected);
  });

  it('that is over and stays, or is not copied for a day, is told', () => {
    const stays = (until: string) => [...quiet('2026-10-25T15:00:00Z', until)];
    const short = (...steps: Step[]) =>
      inShort(meaningOf(...steps.toSorted(([a], [b]) => Date.parse(a) - Date.parse(b)))).map((line) =>
        line.slice(0, line.lastIndexOf(' ')),
      );
    expect(short(...stays('2026-10-29T15:00:00Z'), made, copied)).toEqual([]);
    expect(short(...stays('2026-10-31T15:00:00Z'), made, copied)).toEqual(['warning hold_not_erased']);
    expect(short(...stays('2026-11-04T15:00:00Z'), made, copied)).toEqual(['serious hold_not_erased']);
    expect(short(...stays('2026-10-27T15:00:00Z'), made)).toEqual(['warning hold_not_copied']);
  });
});

describe('viewing', () => {
  const person = (account: string, event: string, at: string, facts: object): Step => [
    at,
    { event, facts, actor: `person:${account}` } as NewEntry,
  ];
  const BEGIN: Step = ['2026-10-31T00:00:00Z', begun];
  const granted = (more: object = {}) =>
    person('officer', 'right.granted', '2026-10-31T01:00:00Z', {
      right: 'r1',
      account: 'kim',
      role: 'security',
      cameras: ['cam01', 'cam02'],
      actions: ['live', 'playback'],
      from: '2026-10-31T00:00:00Z',
      approvedBy: 'officer',
      ...more,
    });
  const opens = (at: string, more: object = {}) =>
    person('kim', 'viewing.opened', at, {
      viewing: 'v1',
      kind: 'recorded',
      purpose: 'SAFETY',
      cameras: ['cam01'],
      masked: false,
      ...more,
    });
  const revoked = person('officer', 'right.revoked', '2026-10-31T02:00:00Z', { right: 'r1', account: 'kim' });
  const grant = (more: object = {}) =>
    person('officer', 'grant.made', '2026-10-31T01:30:00Z', {
      grant: 'g1',
      account: 'kim',
      basis: 'approval',
      purpose: 'SAFETY',
      cameras: ['cam01'],
      masked: false,
      until: '2026-10-31T03:00:00Z',
      approvedBy: 'officer',
      ...more,
    });
  const emergency = person('kim', 'breakglass.opened', '2026-10-31T01:30:00Z', {
    breakglass: 'b1',
    cameras: ['cam01'],
    from: '2026-10-31T00:00:00Z',
    to: '2026-10-31T01:00:00Z',
    until: '2026-10-31T03:00:00Z',
  });
  const LATE = '2026-10-31T02:30:00Z';
  const WITHOUT = 'serious view_without_right';

  it.each<[string, Step[], string[]]>([
    ['by a right', [granted(), opens(LATE)], []],
    ['without any', [opens(LATE)], [`${WITHOUT} 1`]],
    ['by a right that was revoked', [granted(), revoked, opens(LATE)], [`${WITHOUT} 3`]],
    ['by a right before it was revoked', [granted(), opens('2026-10-31T01:59:00Z'), revoked], []],
    ['by a right that is over', [granted({ until: '2026-10-31T02:00:00Z' }), opens(LATE)], [`${WITHOUT} 2`]],
    [
      'by a right of another camera',
      [granted(), opens(LATE, { cameras: ['cam01', 'cam03'] })],
      [`${WITHOUT} 2`],
    ],
    ['by a right to something else', [granted({ actions: ['live'] }), opens(LATE)], [`${WITHOUT} 2`]],
    ['by a right of somebody else', [granted({ account: 'lee' }), opens(LATE)], [`${WITHOUT} 2`]],
    [
      'while the account is suspended',
      [
        granted(),
        person('officer', 'right.suspended', '2026-10-31T02:00:00Z', { account: 'kim', why: 'training' }),
        opens(LATE),
        person('officer', 'right.restored', LATE, { account: 'kim' }),
        opens(LATE),
      ],
      [`${WITHOUT} 3`],
    ],
    ['by a grant', [grant(), opens(LATE, { grant: 'g1' })], []],
    ['by a grant that is over', [grant(), opens('2026-10-31T03:00:01Z', { grant: 'g1' })], [`${WITHOUT} 2`]],
    ['by a grant that nobody made', [granted(), opens(LATE, { grant: 'g9' })], [`${WITHOUT} 2`]],
    [
      'by a grant that was revoked',
      [
        grant(),
        person('officer', 'grant.revoked', '2026-10-31T02:00:00Z', { grant: 'g1' }),
        opens(LATE, { grant: 'g1' }),
      ],
      [`${WITHOUT} 3`],
    ],
    ['by a grant of one’s own', [grant({ approvedBy: 'kim' })], ['serious approved_by_self 1']],
    ['by a grant that nobody approved', [grant({ approvedBy: undefined })], ['serious grant_unfounded 1']],
    ['by a grant on a right that is not there', [grant({ basis: 'right' })], ['serious grant_unfounded 1']],
    ['by a right of one’s own making', [granted({ approvedBy: 'kim' })], ['serious approved_by_self 1']],
    ['in an emergency', [emergency, opens(LATE, { breakglass: 'b1' })], []],
    [
      'in an emergency that its author reviewed',
      [emergency, person('kim', 'breakglass.reviewed', LATE, { breakglass: 'b1', justified: true })],
      ['serious approved_by_self 2'],
    ],
    [
      'in an emergency that was reviewed too late',
      [
        emergency,
        ...quiet('2026-10-31T02:00:00Z', '2026-11-01T02:00:00Z').slice(1),
        person('officer', 'breakglass.reviewed', '2026-11-01T03:00:00Z', {
          breakglass: 'b1',
          justified: true,
        }),
      ],
      ['warning emergency_unreviewed 1'],
    ],
    [
      'in an emergency that nobody reviewed',
      [emergency, ...quiet('2026-10-31T02:00:00Z', '2026-11-05T02:00:00Z').slice(1)],
      ['warning emergency_unreviewed 1'],
    ],
  ])('%s', (_how, steps, expected) => {
    const defined = steps.map(
      ([at, entry]): Step => [at, { ...entry, facts: JSON.parse(JSON.stringify(entry.facts)) } as NewEntry],
    );
    expect(inShort(meaningOf(BEGIN, ...defined))).toEqual(expected);
  });

  it('after the erasure is serious, unless it is of a copy under hold', () => {
    const delivers = (from: string, to: string): Step =>
      person('kim', 'viewing.delivered', '2026-10-31T16:00:00Z', {
        viewing: 'v1',
        camera: 'cam01',
        stream: 'main',
        from,
        to,
        bytes: 1,
        startedAt: DUE,
        endedAt: DUE,
      });
    const well = quiet('2026-10-30T15:00:00Z', '2026-10-30T15:00:00Z');
    const gone: Step = [DUE, erased(DUE, [DAY])];
    // The day that is gone, in Seoul; the next day; and one that reaches back into it.
    const onIt = delivers('2026-10-01T01:00:00Z', '2026-10-01T02:00:00Z');
    const after = delivers('2026-10-01T15:00:00Z', '2026-10-01T16:00:00Z');
    const into = delivers('2026-10-01T14:59:00Z', '2026-10-01T15:10:00Z');
    expect(inShort(meaningOf(...well, onIt, gone, onIt, after, into))).toEqual([
      'serious view_after_erasure 3',
      'serious view_after_erasure 5',
    ]);
    const held: Step = hold('hold.made', '2026-10-31T10:00:00Z', {
      cameras: ['cam01'],
      from: '2026-10-01T01:00:00Z',
      to: '2026-10-01T02:00:00Z',
      end: '2026-11-20T00:00:00Z',
    });
    expect(inShort(meaningOf(...well, held, gone, onIt, into))).toEqual(['serious view_after_erasure 4']);
  });
});

describe('processes and clocks', () => {
  it('a stop that was said is none of them, a crash and a long absence are', () => {
    const crash: Step[] = [
      ['2026-11-01T00:00:00Z', begun],
      ['2026-11-01T00:00:01Z', stewardStarted],
      ['2026-11-01T00:10:00Z', stewardStarted],
      ['2026-11-01T00:20:00Z', stewardStopped],
      ['2026-11-01T00:30:00Z', stewardStarted],
      ['2026-11-01T00:40:00Z', stewardStopped],
      ['2026-11-01T01:00:00Z', stewardStarted],
    ];
    const found = meaningOf(...crash);
    expect(inShort(found)).toEqual(['warning process_crashed 2', 'warning process_away 6']);
    expect(found.list.at(-1)?.facts).toMatchObject({ process: 'steward', minutes: 20 });
  });

  it('a clock that was set back is told once for each time, and one that only drifts is not', () => {
    const says = (at: string, committedAt = at): Step => [
      at,
      evidence('cam02', '2026-11-01', 1),
      committedAt,
    ];
    const begin: Step = ['2026-11-01T00:00:00Z', begun];
    expect(
      inShort(
        meaningOf(
          begin,
          says('2026-11-01T03:00:00Z'),
          says('2026-11-01T02:59:30Z'),
          says('2026-11-01T01:00:00Z', '2026-11-01T03:00:00Z'),
          says('2026-11-01T01:10:00Z', '2026-11-01T03:00:00Z'),
          says('2026-11-01T03:00:01Z'),
          says('2026-11-01T02:00:00Z', '2026-11-01T03:00:01Z'),
        ),
      ),
    ).toEqual(['warning clock_back 3', 'warning clock_back 6']);
  });
});

describe('what cannot be understood', () => {
  it('is noted once for each kind, and nothing an entry says ends the walk', () => {
    const body = (event: string, facts: string, at = '2026-11-01T00:00:00.000Z') =>
      Buffer.from(
        `{"actor":"process:x","at":"${at}","committedAt":"${at}","event":"${event}","facts":${facts},"seq":0,"v":1}`,
      );
    const meaning = createMeaning();
    for (const one of [
      body('tomorrow.came', '{}'),
      body('tomorrow.came', '{}'),
      body('hold.made', '7'),
      body('erase.done', '{"days":[{}]}'),
      body('x', '{', '2026-13-41T00:00:00.000Z'),
      Buffer.from('nonsense'),
    ])
      meaning.see(one);
    expect(inShort(meaning.end())).toEqual([
      'note unknown_event 0',
      'note unknown_event 2',
      'note unknown_event 3',
      'note unknown_event 4',
    ]);
  });

  it('has a sentence in both languages, also without its facts', () => {
    for (const words of [ko, en])
      for (const said of Object.values(words.findings.said)) expect(said({})).toMatch(/[.다]$/);
  });
});

describe('the memory of the rules', () => {
  it('of erased days is a few ranges and forgets none (property)', () => {
    const day = fc.integer({ min: 0, max: 60 });
    fc.assert(
      fc.property(fc.array(day), day, (added, asked) => {
        const name = (n: number) => new Date(Date.UTC(2026, 1, 1 + n)).toISOString().slice(0, 10);
        const days = createErasedDays();
        for (const n of added) days.add('cam01', name(n));
        expect(days.has('cam01', name(asked))).toBe(added.includes(asked));
        expect(days.has('cam02', name(asked))).toBe(false);
      }),
    );
  });

  it('of outages counts each moment once (property)', () => {
    const range = fc.tuple(fc.integer({ min: 0, max: 50 }), fc.integer({ min: 0, max: 50 }));
    fc.assert(
      fc.property(fc.array(range, { maxLength: 8 }), range, (added, [from, to]) => {
        const outages = createOutages();
        for (const [a, b] of added) outages.add(a, b);
        let expected = 0;
        for (let at = from; at < to; at++) if (!added.some(([a, b]) => a <= at && at < b)) expected += 1;
        expect(outages.uncoveredUs(from, to)).toBe(expected);
      }),
    );
  });
});

import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSiteForWriting } from '../src/db/site/open.ts';
import { sentencesIn } from '../src/i18n/sentences.ts';
import type { NewEntry } from '../src/ledger/entry.ts';
import { createLedger } from '../src/ledger/ledger.ts';
import { openLog } from '../src/ledger/log.ts';
import { createRegisterDesk } from '../src/ledger/register-desk.ts';
import type { PageWanted } from '../src/ledger/register-page.ts';
import { type RegisterName, VIEWS } from '../src/ledger/views.ts';
import { HOUR_US, MINUTE_US, systemClock } from '../src/lib/clock.ts';
import { createSiteTime } from '../src/lib/site-time.ts';
import { createKeyring } from '../src/vault/keyring.ts';
import { createPersonalOpening, createPersonalSealing } from '../src/vault/personal-keys.ts';
import type { Figure } from './figure.ts';

const ENTRIES = 500_000;
const BATCH = 2000;
const SAMPLES = 40;
const PAGE = 50;
const MOST_MS = 100;
const BEGAN_US = Date.parse('2025-11-22T00:00:00Z') * 1000;
/** A year. */
const STEP_US = (365 * 24 * HOUR_US) / ENTRIES;

/** A year of one site's ledger: a page of its registers, its personal texts opened, entered before it is shown. */
export async function run(): Promise<Figure[]> {
  const folder = mkdtempSync(join(process.env.GIROK_BENCH_FOLDER ?? tmpdir(), 'girok-bench-registers-'));
  try {
    return measure(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function measure(folder: string): Figure[] {
  const siteTime = createSiteTime('Asia/Seoul');
  const rootKey = randomBytes(32);
  let nowUs = BEGAN_US;
  const clock = { ...systemClock, utcUs: () => nowUs };
  const keys = {
    folder: join(folder, 'keys'),
    mirrorFolder: join(folder, 'mirror'),
    rootKey,
    clock,
    siteTime,
  };
  const keyring = createKeyring({ ...keys, initialise: true });
  const path = join(folder, 'site.db');
  const db = openSiteForWriting(path);
  const identity = openLog(db, { site: 'bench', rootKey, clock });
  // A year of months is filled: its keys are not asked for a million times.
  const known = new Map<string, Buffer>();
  const sealingKey: typeof keyring.sealingKey = (...of) => {
    const name = of.join('/');
    const key = known.get(name) ?? keyring.sealingKey(...of);
    known.set(name, key);
    // Whoever seals erases what they were given.
    return Buffer.from(key);
  };
  const ledger = createLedger({ db, clock, personal: createPersonalSealing({ sealingKey }, siteTime) });
  const filledMs = performance.now();
  for (let n = 0; n < ENTRIES; n += BATCH) {
    ledger.write((tx) => {
      for (let i = n; i < n + BATCH; i++) {
        nowUs = BEGAN_US + i * STEP_US;
        const [entry, personal] = entryOf(i);
        tx.append(entry, { personal });
      }
    });
    process.stderr.write(`\rentering ${n + BATCH} of ${ENTRIES}`);
  }
  process.stderr.write(
    `\rentered ${ENTRIES} in ${Math.round((performance.now() - filledMs) / 1000)} s, ${Math.round(statSync(path).size / 1e6)} MB\n`,
  );
  const source = { siteTime, words: sentencesIn('ko').ledger.views };
  const desk = createRegisterDesk<'ko'>({
    ledger: () => ledger,
    opening: () => createPersonalOpening(keyring, siteTime),
    source: () => source,
    trust: () => ({ log: identity.key, witnesses: [] }),
  });
  const reader = { account: 'auditor', name: '감사', address: '127.0.0.1', language: 'ko' as const };
  const timed = (register: RegisterName, wantedOf: (sample: number) => Partial<PageWanted>): number => {
    const times: number[] = [];
    let rows = 0;
    for (let sample = 0; sample < SAMPLES; sample++) {
      const beganMs = performance.now();
      rows += desk.page(register, { order: 'newest', most: PAGE, ...wantedOf(sample) }, reader).lines.length;
      times.push(performance.now() - beganMs);
    }
    if (rows === 0) throw new Error(`no rows of ${register}`);
    return times.sort((a, b) => a - b)[Math.floor(SAMPLES * 0.95)] ?? Infinity;
  };
  const anywhere = (sample: number) => Math.floor(((sample * 7919) % 1000) * (ENTRIES / 1000)) + 1000;
  const week = (sample: number) => {
    const fromUs = BEGAN_US + ((sample * 7) % 350) * 24 * HOUR_US;
    return { fromUs, toUs: fromUs + 7 * 24 * HOUR_US };
  };
  const pages: [string, number][] = [
    ['the newest page', timed('access', () => ({}))],
    ['a page anywhere', timed('access', (sample) => ({ behind: anywhere(sample) }))],
    [
      'a week, by one person',
      timed('access', (sample) => ({ ...week(sample), person: `guard-${sample % 40}` })),
    ],
    ['one kind that is rare', timed('access', () => ({ kind: 'access.factor_changed' }))],
    [
      'a kind that is common, of one person',
      timed('access', (sample) => ({ person: `guard-${sample % 40}`, kind: 'access.signed_in' })),
    ],
    [
      'a kind that is rare, of one person',
      timed('access', (sample) => ({ person: `guard-${sample % 40}`, kind: 'access.factor_changed' })),
    ],
    [
      'one camera, of the viewing log',
      timed('viewing', (sample) => ({ camera: `cam${sample % 13}`, behind: anywhere(sample) })),
    ],
  ];
  // What was done for each page before: the whole register, built and opened.
  const wholeMs = performance.now();
  const opening = createPersonalOpening(keyring, siteTime);
  const { rows } = VIEWS.access({ ...source, rows: ledger.rows, opening });
  const reference = performance.now() - wholeMs;
  opening.close();
  db.close();
  keyring.close();
  return pages.map(([figure, value]) => ({
    figure: `${figure}, ${rows.length} rows, p95`,
    value,
    unit: 'ms',
    reference,
    ratio: value / reference,
    target: `<= ${MOST_MS} ms (reference: the whole register)`,
    holds: value <= MOST_MS,
  }));
}

/** Mostly people at work; what the recorder tells lies between. */
function entryOf(n: number): [NewEntry, Record<string, string>] {
  const guard = `guard-${(n + Math.floor(n / 10)) % 40}`;
  const actor = `person:${guard}` as const;
  const personal = { name: guard, ip: '192.168.10.21' };
  switch (n % 10) {
    case 0:
    case 1:
    case 2:
      return [
        {
          event: 'evidence.hour',
          facts: {
            camera: `cam${n % 13}`,
            day: siteDay(n),
            hour: n % 24,
            part: 0,
            leaves: 60,
            root: createHash('sha256').update(String(n)).digest('hex'),
          },
          actor: 'process:steward',
        },
        {},
      ];
    case 3:
      return [
        {
          event: 'viewing.opened',
          facts: {
            viewing: `v${n}`,
            kind: 'recorded',
            purpose: 'CRIME_PREVENTION',
            cameras: [`cam${n % 13}`],
            from: '2025-11-21T05:00:00Z',
            to: '2025-11-21T05:10:00Z',
            masked: false,
          },
          actor,
        },
        { viewer: personal.name, reason: '현관 유리 파손 확인', terminal: personal.ip },
      ];
    case 4:
      return [{ event: 'viewing.closed', facts: { viewing: `v${n - 1}`, outcome: 'no_finding' }, actor }, {}];
    case 5:
      if (n % 50_000 === 5)
        return [
          {
            event: 'access.factor_changed',
            facts: { account: guard, factor: 'totp', change: 'added' },
            actor,
          },
          personal,
        ];
      return [{ event: 'access.signed_in', facts: { session: `s${n}`, outside: false }, actor }, personal];
    default:
      return [
        { event: 'access.handled', facts: { session: `s${n}`, work: 'GET /api/cameras' }, actor },
        personal,
      ];
  }
}

const siteDay = (n: number): string => new Date((BEGAN_US + n * MINUTE_US) / 1000).toISOString().slice(0, 10);

import { Readable } from 'node:stream';
import type { RegisterFile, RegisterName } from '../contract/registers.ts';
import type { Language } from '../i18n/language.ts';
import { sentencesIn } from '../i18n/sentences.ts';
import type { TakenOut } from '../ledger/register-desk.ts';
import { kindLabel, outcomeLabel } from '../ledger/register-labels.ts';
import type { RegisterFilter } from '../ledger/register-page.ts';
import { csvLine, SHEET, SHEET_HEAD, SHEET_TAIL, sheetRow, workbookParts } from '../ledger/table-formats.ts';
import { zipStream } from '../ledger/zip.ts';
import type { Clock } from '../lib/clock.ts';
import type { SiteTime } from '../lib/site-time.ts';
import { tablePdfInThread } from './pdf-in-thread.ts';
import { COLUMN_WEIGHTS } from './register-columns.ts';

export interface RegisterFileAbout extends RegisterFilter {
  readonly register: RegisterName;
  readonly format: RegisterFile;
  /** Name of whoever takes it out. */
  readonly by: string;
  readonly language: Language;
}

export interface RegisterFileDeps {
  readonly siteName: Readonly<Record<Language, string>>;
  readonly siteTime: SiteTime;
  readonly clock: Clock;
  cameraName(id: string, language: Language): string | undefined;
  personName(account: string): string | undefined;
}

/** A register as a file, made as it is read: its rows come a few at a time. */
export function createRegisterFile(deps: RegisterFileDeps) {
  return (taken: TakenOut, about: RegisterFileAbout): { type: string; body: Readable } => {
    switch (about.format) {
      case 'csv':
        return { type: 'text/csv; charset=utf-8', body: Readable.from(csvOf(taken), { objectMode: false }) };
      case 'xlsx':
        return {
          type: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
          body: Readable.from(zipStream(workbookParts(taken.name), [SHEET, sheetOf(taken)]), {
            objectMode: false,
          }),
        };
      case 'pdf':
        return { type: 'application/pdf', body: pdfOf(taken, about, deps) };
    }
  };
}

async function* csvOf({ titles, lines }: TakenOut): AsyncGenerator<string> {
  yield `\ufeff${csvLine(titles)}`;
  for await (const line of lines()) yield csvLine(line);
}

async function* sheetOf({ titles, lines }: TakenOut): AsyncGenerator<string> {
  let y = 0;
  yield `${SHEET_HEAD}${sheetRow(titles, y)}`;
  for await (const line of lines()) yield sheetRow(line, ++y);
  yield SHEET_TAIL;
}

function pdfOf(taken: TakenOut, about: RegisterFileAbout, deps: RegisterFileDeps): Readable {
  const { language, register, by } = about;
  const { siteTime, siteName, clock } = deps;
  const words = sentencesIn(language).printing.register;
  const weights = COLUMN_WEIGHTS[register];
  const { checkpoint } = taken;
  const nowUs = clock.utcUs();
  const vouched = checkpoint
    ? words.checkpoint({ size: checkpoint.size, at: siteTime.label(checkpoint.madeUs) })
    : words.noCheckpoint;
  return tablePdfInThread(
    {
      title: taken.name,
      language,
      facts: [
        [words.site, siteName[language]],
        [words.period, periodOf(about, deps)],
        ...narrowedBy(about, deps),
        [words.rows, words.count({ rows: taken.rows })],
        [words.taken, words.takenBy({ by, at: siteTime.label(nowUs), zone: siteTime.zone })],
        [words.vouched, vouched],
      ],
      columns: taken.titles.map((title, at) => ({ title, weight: weights[at] ?? 5, align: 'left' })),
      empty: words.empty,
      foot: `${siteName[language]} · ${taken.name} · ${vouched}`,
      madeAtMs: Math.floor(nowUs / 1000),
    },
    taken.lines(),
  );
}

function periodOf({ fromUs, toUs, language }: RegisterFileAbout, { siteTime }: RegisterFileDeps): string {
  const words = sentencesIn(language).printing.register;
  if (fromUs === undefined && toUs === undefined) return words.wholeTime;
  const label = (us: number | undefined) => (us === undefined ? '' : siteTime.label(us));
  return words.fromTo({ from: label(fromUs), to: label(toUs) });
}

/** What was left out is said on the page. */
function narrowedBy(about: RegisterFileAbout, deps: RegisterFileDeps): [string, string][] {
  const { language, register, kind, person, camera, outcome } = about;
  const { printing, ledger } = sentencesIn(language);
  const parts = [
    kind && kindLabel(ledger.views, register, kind),
    camera && (deps.cameraName(camera, language) ?? camera),
    person && (deps.personName(person) ?? person),
    outcome && outcomeLabel(ledger.views, register, outcome),
  ].filter((part) => part !== undefined);
  return parts.length === 0 ? [] : [[printing.register.narrowed, parts.join(' · ')]];
}

import { GirokError } from '../lib/errors.ts';
import { type LedgerEntry, readBody } from './entry.ts';
import type { LOG_FORMATS } from './events/access.ts';
import type { Ledger } from './ledger.ts';
import type { VerifierKey } from './note.ts';
import { openPersonal, type PersonalOpening, type PersonalText } from './personal.ts';
import { type ProvedEntry, proveEntry } from './prove-entry.ts';
import { noteRows } from './register-index.ts';
import {
  findRows,
  lineOf,
  type PageWanted,
  type RegisterFilter,
  type RegisterLine,
  registerPage,
} from './register-page.ts';
import type { ViewSource } from './views/source.ts';
import { namesPeople, type RegisterName, registerOf } from './views.ts';

/** Who reads: the account, the name that is sealed beside the entry, and from where. */
export interface Reader<Language> {
  readonly account: string;
  readonly name: string;
  readonly address: string;
  readonly language: Language;
}

export interface RegisterDeskDeps<Language> {
  ledger(): Ledger;
  /** Opens personal texts, until it is closed; undefined before there are keys. */
  opening(): (PersonalOpening & { close(): void }) | undefined;
  source(language: Language): Omit<ViewSource, 'rows' | 'opening'>;
  trust(): { readonly log: VerifierKey; readonly witnesses: readonly VerifierKey[] };
}

export interface DeskPage {
  readonly name: string;
  readonly titles: readonly string[];
  /** Rows of the whole register. */
  readonly total: number;
  readonly lines: readonly RegisterLine[];
  readonly isMore: boolean;
}

export interface OpenedEntry extends Omit<ProvedEntry, 'outcome'> {
  readonly outcome: Exclude<ProvedEntry['outcome'], 'no_entry'>;
  readonly entry: LedgerEntry;
  /** As it stands in the ledger. */
  readonly body: string;
  readonly texts: Readonly<Record<string, PersonalText>>;
}

/** A register that is being handed out as a file. */
export interface TakenOut {
  readonly name: string;
  readonly titles: readonly string[];
  readonly rows: number;
  /** The newest checkpoint as it was when the rows were chosen. */
  readonly checkpoint?: { readonly size: number; readonly madeUs: number } | undefined;
  /** Read as it is asked for, a few at a time. */
  lines(): AsyncGenerator<readonly (string | number)[]>;
}

export interface TakingOut extends RegisterFilter {
  readonly format: Exclude<(typeof LOG_FORMATS)[number], 'screen' | 'json'>;
  /** More rows than this are refused. */
  readonly most: number;
}

/** The registers for people: what is shown is built when it is asked for, and who saw it is entered before they do. */
export interface RegisterDesk<Language> {
  /** @throws GirokError of ledger and keyring: then nothing is shown */
  page(register: RegisterName, wanted: PageWanted, reader: Reader<Language>): DeskPage;
  /** One entry with its texts opened and its proof. @throws GirokError `entry_unknown` */
  entry(seq: number, reader: Reader<Language>): OpenedEntry;
  /** Its proof alone, without anybody's name. @throws GirokError `entry_unknown` */
  proof(seq: number): ProvedEntry;
  /** @throws GirokError `export_too_long` */
  takeOut(register: RegisterName, taking: TakingOut, reader: Reader<Language>): TakenOut;
  /** What there is to ask for in a register: the words of the ledger, as they stand there. */
  choices(register: RegisterName): Record<'kinds' | 'persons' | 'outcomes' | 'cameras', string[]>;
}

/** So many rows are read before others get their turn, with keys that are not older than that. */
const AT_ONCE = 50;

export function createRegisterDesk<Language>(deps: RegisterDeskDeps<Language>): RegisterDesk<Language> {
  /** The index is complete: one that an older program has left behind is caught up with first. */
  const rowsOf = (ledger: Ledger) => {
    const { rows } = ledger;
    if (rows.registers.read() < rows.size()) ledger.write(() => noteRows(rows));
    return rows;
  };
  const withTexts = <T>(language: Language, isNamed: boolean, work: (source: ViewSource) => T): T => {
    const opening = isNamed ? deps.opening() : undefined;
    try {
      return work({ ...deps.source(language), rows: rowsOf(deps.ledger()), opening });
    } finally {
      opening?.close();
    }
  };
  const enter = (
    { account, name, address }: Reader<Language>,
    facts: {
      view: Parameters<typeof namesPeople>[0] | 'entry';
      format: TakingOut['format'] | 'screen';
      seqs: readonly number[];
    },
  ) => {
    const { view, format, seqs } = facts;
    if (view !== 'entry' && !namesPeople(view)) return;
    const [first, last] = [seqs[0], seqs.at(-1)];
    const shown = first !== undefined && last !== undefined && { first, last };
    deps.ledger().write((tx) =>
      tx.append(
        {
          event: 'log.exported',
          facts: { view, formats: [format], rows: seqs.length, ...shown },
          actor: `person:${account}`,
        },
        { personal: { by: name, ip: address } },
      ),
    );
  };
  return {
    page(register, wanted, reader) {
      const page = withTexts(reader.language, namesPeople(register), (source) => ({
        ...registerOf(register).words(source.words),
        total: source.rows.registers.count(register),
        ...registerPage(source, register, wanted),
      }));
      // Who saw the names is in the ledger before anybody does.
      enter(reader, { view: register, format: 'screen', seqs: page.lines.map(({ seq }) => seq) });
      return page;
    },
    entry(seq, reader) {
      const opened = withTexts(reader.language, true, ({ rows, opening }) => {
        const row = rows.entry(seq);
        if (!row) throw new GirokError('entry_unknown', { entry: seq });
        const entry = readBody(row.body);
        const texts = opening ? openPersonal(entry, rows, opening) : {};
        return { entry, body: row.body.toString('utf8'), texts };
      });
      enter(reader, { view: 'entry', format: 'screen', seqs: [seq] });
      return { ...opened, ...this.proof(seq) } as OpenedEntry;
    },
    proof(seq) {
      const proved = proveEntry(deps.ledger().rows, deps.trust(), seq);
      if (proved.outcome === 'no_entry') throw new GirokError('entry_unknown', { entry: seq });
      return proved;
    },
    takeOut(register, { format, most, ...filter }, reader) {
      const { language } = reader;
      const rows = rowsOf(deps.ledger());
      const found = findRows(rows, register, { ...filter, order: 'oldest', most: most + 1 });
      if (found.length > most) throw new GirokError('export_too_long', { most });
      const checkpoint = rows.lastCheckpoint();
      enter(reader, { view: register, format, seqs: found.map(({ seq }) => seq) });
      const { name, titles } = registerOf(register).words(deps.source(language).words);
      return {
        name,
        titles,
        rows: found.length,
        checkpoint,
        async *lines() {
          for (let from = 0; from < found.length; from += AT_ONCE) {
            const part = found.slice(from, from + AT_ONCE);
            yield* withTexts(language, namesPeople(register), (source) =>
              part.map((row) => lineOf(source, register, row).cells),
            );
            await new Promise((resolve) => setImmediate(resolve));
          }
        },
      };
    },
    choices(register) {
      const { registers } = rowsOf(deps.ledger());
      return {
        kinds: registers.kinds(register),
        persons: registers.persons(register),
        outcomes: registers.outcomes(register),
        cameras: registers.cameras(register),
      };
    },
  };
}

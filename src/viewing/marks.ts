import type { LedgerRows } from '../db/site/ledger-rows.ts';
import { readBody } from '../ledger/entry.ts';
import { openPersonal, type PersonalOpening } from '../ledger/personal.ts';
import { isoFromUs } from '../lib/clock.ts';
import { GirokError } from '../lib/errors.ts';
import type { Asked, Gate } from './gate.ts';
import type { Grants } from './grants.ts';
import type { ViewingWriting } from './writing.ts';

/** A moment that somebody marked while they looked (책갈피). Instants: µs UTC. */
export interface Mark {
  readonly camera: string;
  /** The footage's own time. */
  readonly atUs: number;
  /** In their own words; absent where they wrote none, and once it is erased. */
  readonly note?: string;
}

export interface MarksDeps {
  readonly writing: ViewingWriting;
  readonly gate: Pick<Gate, 'open'>;
  readonly grants: Pick<Grants, 'ownViewing'>;
  /** Lends what opens personal texts for as long as `work` takes. */
  opening<T>(work: (opening: PersonalOpening) => T): T;
}

/** Bookmarks of a viewing: entries of the ledger, and nothing besides. */
export interface Marks {
  /**
   * Of footage that the person is looking at, and as long as they may.
   *
   * @throws GirokError as {@link Gate.open}; `viewing_input` {field: marks} where there are too many
   */
  add(asked: Omit<Asked, 'stream'>, mark: Mark): void;
  /** Oldest first, also once the viewing is over. @throws GirokError `viewing_unknown`, for somebody else's too */
  list(account: string, viewing: string): Mark[];
}

/** Nobody reads more of them, and nobody fills the ledger with them. */
const MOST_MARKS = 200;

export function createMarks({ writing, gate, grants, opening }: MarksDeps): Marks {
  const { ledgerRows } = writing;
  const entries = function* (viewing: string, sinceSeq: number) {
    for (const { body } of ledgerRows.entriesOf(['viewing.marked'], sinceSeq)) {
      const entry = readBody(body);
      if (entry.event === 'viewing.marked' && entry.facts.viewing === viewing) yield entry;
    }
  };

  return {
    add(asked, { camera, atUs, note }) {
      const principal = asked.principal();
      if (!principal) throw new GirokError('viewing_over', { state: 'signed_out' });
      const { grant } = grants.ownViewing(principal.account, asked.viewing);
      const passage = gate.open({ ...asked, stream: 'main' });
      try {
        passage.within({ fromUs: atUs, toUs: atUs + 1 });
      } finally {
        passage.end();
      }
      if ([...entries(asked.viewing, grant.seq)].length >= MOST_MARKS)
        throw new GirokError('viewing_input', { field: 'marks' });
      writing.write((tx) =>
        tx.append(
          {
            event: 'viewing.marked',
            facts: { viewing: asked.viewing, camera, at: isoFromUs(atUs) },
            actor: `person:${principal.account}`,
          },
          note === undefined ? {} : { personal: { note } },
        ),
      );
    },

    list(account, viewing) {
      const { grant } = grants.ownViewing(account, viewing);
      return opening((open) =>
        [...entries(viewing, grant.seq)].map((entry) => {
          const { camera, at } = entry.facts;
          const { note } = textsOf(ledgerRows, entry, open);
          return { camera, atUs: Date.parse(at) * 1000, ...(note !== undefined && { note }) };
        }),
      );
    },
  };
}

function textsOf(
  rows: LedgerRows,
  entry: Parameters<typeof openPersonal>[0],
  opening: PersonalOpening,
): Readonly<Record<string, string | undefined>> {
  const texts = Object.entries(openPersonal(entry, rows, opening));
  return Object.fromEntries(
    texts.map(([field, text]) => [field, typeof text === 'string' ? undefined : text.text]),
  );
}

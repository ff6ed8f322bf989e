import { HASH_BYTES } from './tree.ts';

/** Why a log was not continued. */
export const BROKEN_OFF = ['smaller', 'different', 'damaged', 'missing'] as const;

/** The log before this one, as it was last vouched for, and what was found instead. */
export interface LogBefore {
  /** The last part of its origin. */
  readonly id: string;
  readonly size: number;
  readonly root: Buffer;
  readonly why: (typeof BROKEN_OFF)[number];
  /** Entries that were there instead; 0 where none could be read. */
  readonly found: number;
}

export interface Origin {
  readonly site: string;
  /** Keeps a log that was begun anew apart from its predecessor, at every witness and for ever. */
  readonly id: string;
  readonly before?: LogBefore | undefined;
}

const WORD = '[a-zA-Z0-9-]{1,32}';
const SHAPE = new RegExp(
  `^girok\\.invalid/(${WORD})/(${WORD})(?:/after/(${WORD})/(0|[1-9]\\d{0,14})/([A-Za-z0-9_-]{43})/(${BROKEN_OFF.join('|')})/(0|[1-9]\\d{0,14}))?$`,
);

/**
 * The first line of each checkpoint: `girok.invalid/SITE/ID`, and of a log that was begun anew
 * `…/after/ID/SIZE/ROOT/WHY/FOUND`. It stands in the log's first entry and under every signature, so that nobody can
 * take a new log for the old one, or hide that there was one.
 */
export function originText({ site, id, before }: Origin): string {
  const own = `girok.invalid/${site}/${id}`;
  if (!before) return own;
  const { size, root, why, found } = before;
  return `${own}/after/${before.id}/${size}/${root.toString('base64url')}/${why}/${found}`;
}

/** @returns undefined for what is no origin of ours */
export function parseOrigin(text: string): Origin | undefined {
  const [whole, site = '', id = '', beforeId, size, root, why, found] = SHAPE.exec(text) ?? [];
  if (whole === undefined) return undefined;
  if (beforeId === undefined) return { site, id };
  const bytes = Buffer.from(root ?? '', 'base64url');
  const reason = BROKEN_OFF.find((one) => one === why);
  if (bytes.length !== HASH_BYTES || reason === undefined) return undefined;
  const before = { id: beforeId, size: Number(size), root: bytes, why: reason, found: Number(found) };
  return originText({ site, id, before }) === text ? { site, id, before } : undefined;
}

/** Whether `later` was begun anew in place of `earlier`. */
export const followsOn = (later: string, earlier: string): boolean =>
  parseOrigin(later)?.before?.id === (parseOrigin(earlier)?.id ?? '');

import type { LedgerRows } from '../db/site/ledger-rows.ts';
import { readBody } from './entry.ts';
import { openPersonal, type PersonalOpening, type PersonalText } from './personal.ts';

/**
 * Why each of these rights was asked for, or the last change of it: requests are few, a person made each.
 *
 * @returns by right; nothing for one that nobody asked for
 * @throws as the opening
 */
export function rightReasons(
  rows: Pick<LedgerRows, 'entriesOf' | 'personal'>,
  rights: readonly string[],
  opening: PersonalOpening,
): Map<string, PersonalText> {
  const asked = new Map<string, ReturnType<typeof readBody>>();
  for (const { body } of rows.entriesOf(['right.requested'], 0)) {
    const entry = readBody(body);
    if (entry.event === 'right.requested' && rights.includes(entry.facts.right))
      asked.set(entry.facts.right, entry);
  }
  const reasons = new Map<string, PersonalText>();
  for (const [right, entry] of asked) {
    const { reason } = openPersonal(entry, rows, opening);
    if (reason !== undefined) reasons.set(right, reason);
  }
  return reasons;
}

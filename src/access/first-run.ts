import { timingSafeEqual } from 'node:crypto';
import { HOUR_US } from '../lib/clock.ts';
import { GirokError } from '../lib/errors.ts';
import { MOST } from './actions.ts';
import { managersOf } from './managers.ts';
import { addAccount, grantUnasked, type Opening, personOf, refused } from './new-account.ts';
import type { AccessParts } from './parts.ts';
import { passwordFaultAt } from './password-rules.ts';
import { readableCode, readCode } from './secrets.ts';

/** How a site without anybody who may manage people gets its first one. */
export interface FirstRun {
  /** @returns the code, for the machine's own screen. @throws GirokError `account_refused` while there is one */
  makeFirstCode(): string;
  /** Whether somebody could manage people: who is active and has a right to it. */
  hasAdministrator(): boolean;
  /**
   * Whoever types the code becomes the first administrator; of several exactly one.
   *
   * @throws GirokError `first_code_refused`, `password_refused`, `account_refused`
   */
  firstAdministrator(
    code: string,
    person: { login: string; name: string; password: string },
  ): Promise<string>;
}

const CODE_GOOD_US = 24 * HOUR_US;
const MOST_CODE_TRIES = 20;

export function createFirstRun(parts: AccessParts): FirstRun {
  const { ledger, clock, rows, secrets, passwords } = parts;
  return {
    makeFirstCode: () =>
      ledger.write((tx) => {
        if (managersOf(parts).length > 0) throw refused('not_so');
        const code = readableCode(5, 4);
        rows.signIns.setFirstCode({
          hash: secrets.hash('first-code', readCode(code)),
          endsUs: clock.utcUs() + CODE_GOOD_US,
          tries: 0,
        });
        tx.append({ event: 'account.first_code', facts: {}, actor: 'process:cli' });
        return code;
      }),
    hasAdministrator: () => managersOf(parts).length > 0,
    async firstAdministrator(code, typed) {
      const isRight = () => {
        const row = rows.signIns.firstCode();
        return (
          row !== undefined &&
          clock.utcUs() < row.endsUs &&
          row.tries < MOST_CODE_TRIES &&
          timingSafeEqual(row.hash, secrets.hash('first-code', readCode(code)))
        );
      };
      // Before anything costs anything, and before anything is told about passwords and names.
      if (!isRight()) {
        ledger.write(() => rows.signIns.triedFirstCode());
        throw new GirokError('first_code_refused');
      }
      const person = personOf(typed);
      const why = passwordFaultAt(parts, typed.password, person, true);
      if (why) throw new GirokError('password_refused', { why });
      const password = await passwords.hash(typed.password);
      return ledger.write((tx) => {
        if (!isRight() || managersOf(parts).length > 0) throw new GirokError('first_code_refused');
        const opening: Opening = { ...person, role: 'administrator', kind: 'staff' };
        const own = { password, passwordUntilUs: null, mustChange: 0 } as const;
        const id = addAccount(tx, parts, opening, own, 'process:web');
        grantUnasked(tx, parts, id, { actions: MOST.administrator, cameras: [] }, 'process:web');
        rows.signIns.endFirstCode();
        return id;
      });
    },
  };
}

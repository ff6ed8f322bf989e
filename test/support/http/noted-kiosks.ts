import type { KioskDeps } from '../../../src/http/resources/kiosks.ts';
import { AN_ID } from './noted-people.ts';

const AT_US = Date.parse('2026-11-23T01:00:00Z') * 1000;

/** Kiosks that open for whoever gets as far as asking, and of which no session stands. */
export const notedKiosks: ReturnType<KioskDeps['kiosks']> = {
  open: () => ({ kiosk: AN_ID, code: 'ABCD-EFGH', untilUs: AT_US }),
  enter: () => ({ token: 'token', endsUs: AT_US }),
  session: () => undefined,
  end: () => undefined,
};

import { told } from '../facts.ts';
import type { duties as ko } from '../ko/duties.ts';

/** What does not get done, what that means, and what to do about it. */
export const duties: typeof ko = {
  evidence: (f) =>
    `The hourly evidence of the footage cannot be entered into the ledger${told(f, 'error')}. Footage and hashes are as they were, and it is tried again. See to catalogue.db and site.db.`,
};

import { told } from '../facts.ts';
import type { duties as ko } from '../ko/duties.ts';

/** What does not get done, what that means, and what to do about it. */
export const duties: typeof ko = {
  backup: (f) =>
    `The databases and the keyring are not backed up${told(f, 'error')}. Recording goes on and it is tried again each minute. See that the disk of backup.folder is mounted, has room and can be written; \`girok backup\` says what is in the way.`,
  hashing: (f) =>
    `Footage is not being read again and compared with its hashes${told(f, 'error')}. Recording goes on, but a damaged file would not be noticed meanwhile. See to catalogue.db and the disk.`,
  holds: (f) =>
    `What is under hold is not being copied${told(f, 'error')}. Holds stand and it is tried again, but footage whose day is over waits an hour at most. See to the hold book (retention/holds) and the keyring.`,
  evidence: (f) =>
    `The hourly evidence of the footage cannot be entered into the ledger${told(f, 'error')}. Footage and hashes are as they were, and it is tried again. See to catalogue.db and site.db.`,
  people: (f) =>
    `Suspending accounts whose contract or training is over, or that nobody uses, fails${told(f, 'error')}; whoever signs in or views is refused all the same, and it is tried again. Check the ledger (site.db) and its disk.`,
  tasks: (f) =>
    `The monthly confirmation of erasing cannot be opened, nor dates be looked at${told(f, 'error')}. Erasing goes on, and it is tried again. See to site.db and its disk.`,
  texts: (f) =>
    `Sealed personal texts whose key has been erased cannot be removed from the ledger's database${told(f, 'error')}. Nobody can read them any more, and it is tried again. See to site.db and the keyring.`,
  notify: (f) =>
    `Alarms do not get told${told(f, 'error')}. They stand in \`girok alarm list\`, and it is tried again. See to site.db and the log.`,
  daily_mail: (f) =>
    `The daily mail could not be sent${told(f, 'error')}. It is tried again every 5 minutes. See to notify.mail in cameras.yml and to the mail server.`,
  overdue: (f) =>
    `Nobody looks whether certificates of erasing and checkpoints come in time${told(f, 'error')}. It is tried again. See to site.db and its disk.`,
  verify: (f) =>
    `The ledger is not being verified from its beginning${told(f, 'error')}. It is written and signed as before, and verifying is tried again by itself; until it succeeds nobody would notice that something was changed. \`girok ledger verify\` tells why.`,
  heartbeat: (f) =>
    `The witness does not hear of the erasing${told(f, 'error')}, and after 26 hours will believe that it has stopped. See that the witness's machine has the same version of Girok.`,
};

import { plain } from '../facts.ts';
import type { Sentences } from '../ko.ts';

/** What a ledger that is whole tells against those who keep it, and where to look. */
export const findings: Sentences['findings'] = {
  severity: { note: 'note', warning: 'warning', serious: 'serious' },
  line: (f) => `  [${f.severity}] entry ${f.entry}: ${f.sentence}`,
  more: (f) => `  and ${f.count} more (--json shows them)`,
  none: 'Nothing was found in what it tells.',
  counts: (f) => `Found in what it tells: ${f.serious} serious, ${f.warning} warnings, ${f.note} notes`,
  said: {
    erased_early: (f) =>
      `The footage of ${plain(f, 'camera')} of ${plain(f, 'day')} was erased before it was due (${plain(f, 'due')}). See who changed the clock or the retention period.`,
    erased_late: (f) =>
      `${plain(f, 'days')} camera-days (${plain(f, 'first')} first) were erased up to ${plain(f, 'hours')} hours late, and nothing explains it. See why the purge did not run.`,
    erased_late_explained: (f) =>
      `${plain(f, 'days')} camera-days (${plain(f, 'first')} first) were erased up to ${plain(f, 'hours')} hours late: the programs were not running, or erasing waited for a person.`,
    erase_unfinished: (f) =>
      `The erasing that began at ${plain(f, 'since')} was never said to be finished. See what is left with \`girok retention status\`.`,
    erase_silent: (f) =>
      `There is no certificate of erasing from ${plain(f, 'since')} to ${plain(f, 'until')}. There is one each day: see whether the purge runs.`,
    evidence_after_erasure: (f) =>
      `Footage of ${plain(f, 'camera')} of ${plain(f, 'day')} (hour ${plain(f, 'hour')}) was entered after that day had been erased. See whether a backup was put back or a clock was in the past.`,
    hour_without_evidence: (f) =>
      `Hours ${plain(f, 'hours')} of ${plain(f, 'camera')} of ${plain(f, 'day')} had keys and were erased without evidence in the ledger. That their footage was unchanged cannot be shown.`,
    hold_endless: (f) => `The hold ${plain(f, 'hold')} has no end. Give it one, or end it.`,
    hold_not_copied: (f) =>
      `The copies of the hold ${plain(f, 'hold')} were not made within a day. Go on with \`girok hold copy\`.`,
    hold_not_erased: (f) =>
      `The copies of the hold ${plain(f, 'hold')}, which ended at ${plain(f, 'end')}, were not erased in time. Look with \`girok hold list\` and \`girok purge\`.`,
    hold_erased_early: (f) =>
      `The copies of the hold ${plain(f, 'hold')} were erased before its end, and nobody is said to have ended it. See who erased them, and why.`,
    hold_unknown: (f) =>
      `Copies of a hold ${plain(f, 'hold')} were erased that the ledger has never heard of. See whether copies were made unrecorded.`,
    view_after_erasure: (f) =>
      `Footage of ${plain(f, 'camera')} of ${plain(f, 'day')} was seen after it had been erased (viewing ${plain(f, 'viewing')}). See where a copy was that had not been erased.`,
    view_without_right: (f) =>
      `The account ${plain(f, 'account')} looked at footage without a right or grant that holds (viewing ${plain(f, 'viewing')}). See who opened it, and how.`,
    grant_unfounded: (f) =>
      `The grant ${plain(f, 'grant')} of the account ${plain(f, 'account')} rests on no right and on nobody's approval. See who made it.`,
    approved_by_self: (f) =>
      `The account ${plain(f, 'account')} approved its own (${plain(f, 'what')}). Let somebody else review it.`,
    emergency_unreviewed: (f) =>
      `Nobody reviewed the emergency viewing ${plain(f, 'breakglass')} of the account ${plain(f, 'account')} within a day of ${plain(f, 'since')}. The officer has to.`,
    process_crashed: (f) =>
      `The process ${plain(f, 'process')} ended without saying so (last heard of at ${plain(f, 'since')}, back at ${plain(f, 'until')}). See whether the power failed or somebody killed it.`,
    process_away: (f) =>
      `The process ${plain(f, 'process')} did not run for ${plain(f, 'minutes')} minutes (${plain(f, 'since')} to ${plain(f, 'until')}). See who stopped it, and why.`,
    clock_back: (f) =>
      `A clock was set back from ${plain(f, 'from')} to ${plain(f, 'to')}. See to its time server, and who set it.`,
    unknown_event: (f) =>
      `There is an entry "${plain(f, 'event')}" that this program does not know; what it means was not looked at. Verify with a newer Girok.`,
  },
};

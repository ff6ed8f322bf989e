import type { oversight as ko } from '../ko/oversight.ts';

const mark = (passed: boolean) => (passed ? 'in order    ' : 'NOT IN ORDER');

/** What a person confirms, and what was handed out. */
export const oversight: typeof ko = {
  needsWho: 'Say with --by who does it. Names are kept sealed.',
  text: 'a line of text (at most 300 characters)',
  day: (f) =>
    `a day, as 2026-11-28${f.from === undefined ? '' : ` (not before ${f.from})`}${f.to === undefined ? '' : ` (not after ${f.to})`}`,
  task: {
    refusals: {
      other: 'That cannot be done to this task; look at the list again',
      done_before:
        'Somebody else has confirmed it already, and nothing was entered; look at the confirmed report',
      not_over: 'The month is not over yet; confirm it afterwards',
      not_in_order:
        'Something is not in order, so nothing was confirmed; mend the cause and look again, or enter it as not in order',
      in_order: 'Everything is in order, so nothing was entered as not in order; confirm it',
      report_over: 'The report was seen too long ago, or there has been a new look since; read the new one',
    },
    none: 'Nothing waits.',
    unknown: (f) => `There is no such task: ${f.task}`,
    erasingConfirmation: 'confirmation of erasing',
    column: { task: 'task', what: 'what', month: 'month', due: 'due', state: 'state' },
    state: { open: 'waits', overdue: 'overdue', notInOrder: 'not in order', done: 'confirmed' },
    notOver: (f) => `${f.month} is not over yet, so it cannot be confirmed.`,
    toConfirm: (f) => `If it is right, confirm it with \`girok task confirm ${f.task} --by NAME\`.`,
    confirmedAs: (f) => `Confirmed as entry ${f.entry} of the ledger (report SHA-256 ${f.sha256}).`,
    reportGone: 'The file of the report that was confirmed is gone; this is how it looks now.',
    doneBefore: (f) =>
      `${f.task} has been confirmed already${f.entry > 0 ? ` (entry ${f.entry})` : ''}. What is to be set right becomes a new entry.`,
    isInOrder: 'Nothing failed, so nothing is entered as not in order. Confirm it without --not-in-order.',
    refused: (f) =>
      `Not confirmed. Mend the cause of what is NOT IN ORDER above, and confirm again. If that takes its time, enter it with \`girok task confirm ${f.task} --by NAME --not-in-order --note WHAT-IS-DONE\`.`,
    enteredNotInOrder: (f) =>
      `Entered as not in order (entry ${f.entry}). An alarm stands until the cause is mended and it is confirmed.`,
    done: (f) =>
      `${f.task}: erasing is confirmed (entry ${f.entry}, report SHA-256 ${f.sha256}), and stands in the management ledger.`,
  },
  report: {
    title: (f) => `Report on erasing: ${f.month} (as of ${f.at})`,
    check: {
      oldest: (passed) => `${mark(passed)}  no footage older than its retention and a day`,
      certificates: (passed) => `${mark(passed)}  the certificates are whole, and the last run was complete`,
      restore: (passed) => `${mark(passed)}  an attempt to restore what was erased fails`,
      control: (passed) => `${mark(passed)}  the same attempt opens a key that lives`,
      monitor: (passed) => `${mark(passed)}  all else that could hold footage is empty`,
    },
    column: { camera: 'camera', oldestDay: 'oldest day', age: 'days ago' },
    noFootage: 'There is no footage that can be decrypted.',
    tooOld: (f) => `${f.camera} ${f.day}: should have been erased at ${f.dueAt}.`,
    erased: (f) =>
      `Erased in the month: ${f.runs} runs, ${f.cameras} cameras, ${f.cameraDays} camera-days, ${f.keys} keys, ${f.files} files, ${f.size}`,
    shot: (f) => `Recorded: ${f.from} to ${f.to}`,
    incomplete: (f) => `Run that was not complete: ${f.run}`,
    late: (f) => `${f.camera} ${f.day}: due at ${f.dueAt}, erased at ${f.erasedAt}.`,
    moreLate: (f) => `${f.days} more were late.`,
    daysWithoutRun: (f) => `Days on which no run ended: ${f.days}`,
    damagedCertificate: (f) => `${f.file}: this is no certificate.`,
    hold: (f) => `Hold ${f.hold}: kept apart until ${f.end}`,
    restore: (f) =>
      `Attempt to restore: the keys of ${f.days} camera-days, chosen at random, were looked for in ${f.keyrings} keyrings, and ${f.copies} copies were tried with every secret that exists (epoch ${f.epochs}). ${f.opened} opened, ${f.files} files are left.`,
    unreadable: (f) => `${f.path}: could not be read, and so was not searched.`,
    elsewhere: (f) =>
      `${f.filesRead} other files were read through. ${f.unknownFiles} unknown files, ${f.keysOnlyInBackups} keys that open stand in backups alone.`,
  },
  item: {
    refusals: {
      other: 'That cannot be done to this item; look at the list again',
      unknown: 'There is no such item; choose one of the list',
      destroyed_before: 'Somebody has entered already that it was destroyed; look at the list again',
      returned_before: 'Somebody has entered already that it came back; look at the list again',
      before_handing_out: 'That day is before it left or came back; check the date',
      due_past: 'The day by which it has to be back is past; choose today or a later one',
      hold_unknown: 'There is no such hold; choose one of the list',
      ahead: 'That day is still to come; choose today or a day that is past',
    },
    none: 'Nothing was handed out.',
    needs: 'Give --what, --to and --by. Names and contents are kept sealed.',
    kind: { print: 'printout', disc: 'disc', usb: 'USB' },
    state: { out: 'out', returned: 'back', destroyed: 'destroyed' },
    overdue: 'overdue',
    erased: '(erased)',
    column: {
      item: 'number',
      kind: 'kind',
      state: 'state',
      handedOut: 'handed out',
      due: 'due',
      ended: 'back/destroyed',
      to: 'to',
      by: 'by',
      what: 'what',
    },
    added: (f) => `Entered as item ${f.item} (entry ${f.entry}). Write this number on it.`,
    returned: (f) =>
      `Entered that item ${f.item} is back (entry ${f.entry}). Enter its destruction with \`girok item destroyed ${f.item}\`.`,
    destroyed: (f) =>
      `Entered that item ${f.item} was destroyed (entry ${f.entry}); it stands in the management ledger.`,
    refused: {
      unknown: (f) => `There is no such item: ${f.item}`,
      destroyed_before: (f) => `Item ${f.item} has been destroyed already.`,
      returned_before: (f) => `Item ${f.item} is back already.`,
      before_handing_out: (f) => `That day is before item ${f.item} was handed out or came back. Check --on.`,
    },
  },
};

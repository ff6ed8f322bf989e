import type { RecordClass } from '../../contract/record-classes.ts';
import type { retention as ko } from '../ko/retention.ts';

const records: Record<RecordClass, string> = {
  management: 'management ledger',
  viewing: 'viewing log',
  access: 'access log',
  rights: 'rights log',
  holds: 'holds',
  erasing: 'confirmations of erasing',
  oversight: 'oversight',
  operation: 'dealing with alarms',
};

/** Erasing and holding. */
export const retention: typeof ko = {
  nothingDue: 'Nothing is due.',
  wouldErase: (f) => `Due at ${f.at} (retention ${f.days} days)`,
  column: {
    camera: 'camera',
    day: 'day',
    due: 'due since',
    keys: 'keys',
    files: 'files',
    size: 'size',
    reason: 'reason',
    oldestDay: 'oldest day',
  },
  reason: { expired: 'past its retention', left_over: 'keys gone before, files left over' },
  deferred: (f) => `${f.camera} ${f.day}: put off until ${f.until}, hold ${f.hold} is still copying.`,
  late: (f) =>
    `${f.camera} ${f.day}: first seen after its day was over (${f.seenOn}), perhaps recorded while a clock was behind; kept until ${f.dueAt}.`,
  unfinished: (f) => `A run that was broken off (${f.run}) is finished first.`,
  waiting: {
    clock: () =>
      "Nothing vouches for this host's clock, so nothing is erased. Switch NTP on, or look whether the time is right and confirm it with `girok purge --confirm clock --by NAME --reason TEXT`.",
    days: (f) =>
      `More days are due (${f.days ?? '?'}) than have passed (${f.expected ?? '?'}), so nothing is erased. Look at the retention and the clock; if they are right, confirm with \`girok purge --confirm days --by NAME --reason TEXT\`.`,
    ledger: () =>
      'The ledger cannot be written, so erasing is put off. Check disk space and permissions. After a day it erases and keeps the certificate for later.',
  },
  overdue: 'More than five days overdue: the legal limit has passed. Act now.',
  removing: (f) => `Removing files ${f.done}/${f.of}`,
  complete: (f) =>
    `Erased beyond recovery: ${f.cameraDays} camera-days, ${f.keys} keys, ${f.files} files, ${f.size}.`,
  incomplete: (f) =>
    `Erasing ${f.cameraDays} camera-days (${f.keys} keys, ${f.files} files, ${f.size}) is not complete. It is tried again within the hour.`,
  proof: (f) => `Of ${f.copies} stored copies of the erased keys ${f.opened} open (epoch now ${f.epoch}).`,
  uncertain: (f) =>
    `${f.path}: this medium (${f.fileSystem}) cannot promise that no old block of what was overwritten is left.`,
  refused: (f) =>
    `${f.path}: the old secret could not be overwritten (${f.code}). Look at that disk and its permissions; it is tried again every hour.`,
  placeMissing: (f) =>
    `${f.path}: the second place of the keys is away, perhaps with a secret that still opens what was erased. Mount its disk; if it is lost for good, confirm that with \`girok purge --confirm place --by NAME --reason TEXT\`.`,
  placeLost: (f) => `${f.path}: an officer has confirmed that this place is lost for good; another is made.`,
  placeSettled: (f) => `${f.path}: a secret of a past epoch was still there and has been overwritten.`,
  stillIncomplete: 'An earlier run is not complete yet. It is tried again within the hour.',
  finishes: (f) => `With this, ${f.runs} incomplete runs are complete.`,
  damaged: (f) =>
    `${f.keys} keys do not open; that is not of this erasing's making, and they were left as they are.`,
  failure: (f) => `${f.file}: could not be removed (${f.code}).`,
  unaccounted: 'The ledger has not heard of it yet. The certificate is kept and entered later.',
  certificate: (f) => `Certificate: retention/certificates/${f.run}.json`,
  busy: 'Another run is going on.',
  brokenOff: 'Broken off. The next run goes on from here.',
  oldest: (f) => `The oldest footage that can be decrypted: ${f.from} (${f.camera})`,
  noFootage: 'There is no footage that can be decrypted.',
  overdueDay: (f) => `${f.camera} ${f.day}: was due at ${f.dueAt}.`,
  leftOver: (f) => `${f.camera} ${f.day}: ${f.files} files that nobody can open are not removed yet.`,
  oldSecret: (f) => `${f.path}: a secret of a past epoch (${f.epochs}) is left. The next run overwrites it.`,
  keptLate: (f) =>
    `${f.camera} ${f.day}: first seen after its day was over (${f.seenOn}), and counted from then.`,
  onlyInBackups: (f) => `${f.keys} of those keys stand in a backup alone.`,
  sealed: (f) =>
    `Sealed files: ${f.segments} of footage, ${f.lockers} under hold. Without its key nobody opens one.`,
  nothingElsewhere: (f) =>
    `There is no footage anywhere else: ${f.databases} database files, ${f.temporary} temporary and ${f.rest} other files were read through, and ${f.keyrings} keyrings of backups were counted in. Thumbnails and caches are not made, and there is no such file.`,
  somethingElsewhere: 'Something lies where no footage may be. Find out who put it there, and remove it.',
  inClear: (f) => `${f.file}: there are pictures or video in it that are not encrypted.`,
  unknownFile: (f) => `${f.file}: nobody knows this file.`,
  moreUnknown: (f) => `There are ${f.files} more unknown files.`,
  owed: (f) =>
    `The erasing of run ${f.run} is not over${f.places === '' ? '' : `: ${f.places}`}.${f.oldestDay === undefined ? '' : ` A secret there may still open footage from ${f.oldestDay} on.`}`,
  lastGood: (f) => `Last run: ${f.at} (certificate ${f.run})`,
  neverRun: 'Erasing has never run to its end yet.',
  waitsSince: (f) =>
    `Erasing has waited for a person since ${f.since}. See why with \`girok purge --dry-run\`.`,
  locker: (f) => `Hold ${f.hold}: copies of footage from ${f.from ?? '?'}, erased at ${f.end ?? '?'}`,
  strayLocker: (f) => `Hold ${f.hold}: is over or unknown, and the key of its copies is still there.`,
  forgotten: (f) =>
    `Erased beyond recovery: personal texts of the ${records[f.class]}, entered in ${f.month}.`,
  willForget: (f) => `Personal texts of the ${records[f.class]}, entered in ${f.month}`,
  willEmpty: (f) =>
    `The copies of hold ${f.hold} (${f.reason === 'ended' ? 'ended by somebody' : 'its end has come'})`,
  hold: {
    kind: {
      desk: 'desk hold',
      subject_request: 'request of a data subject',
      authority: 'authority or court',
      incident: 'incident',
      operating_room: 'operating room request',
    },
    state: {
      beginning: 'beginning',
      copying: 'copying',
      held: 'held',
      ended: 'to be erased',
      erased: 'erased',
    },
    did: {
      made: 'made',
      taken_over: 'taken over',
      renewed: 'renewed',
      reviewed: 'reviewed',
      ended: 'ended',
    },
    proof: {
      not_entered: 'the ledger does not have its hour yet',
      unreadable: 'cannot be read',
      changed: 'is not what was recorded',
      ledger_changed: 'the ledger has something else of its hour',
    },
    column: {
      hold: 'hold',
      kind: 'kind',
      state: 'state',
      cameras: 'cameras',
      from: 'from',
      to: 'to',
      end: 'until',
      files: 'files',
      by: 'by',
      reason: 'reason',
    },
    none: 'There are no holds.',
    erasedNote: '(erased)',
    badTime: '2026-11-22 03:14',
    needsWho:
      'A hold needs --by and --reason, of 200 and 1000 characters at most: there is none without a reason.',
    made: (f) => `Hold ${f.hold}: the steward copies it. It is erased by itself at ${f.end}.`,
    newEnd: (f) => `Hold ${f.hold}: ${f.kind}. It is erased by itself at ${f.end}.`,
    reviewed: (f) => `Hold ${f.hold}: looked at; again by ${f.at}.`,
    refused: {
      other: 'That cannot be done to this hold; look at the list again',
      over: 'The hold is over: its copies are being erased, and nothing can bring them back',
      same_kind: 'The hold is of that kind already; choose another kind',
      is_desk: 'A desk hold is made anew; choose another kind that takes it over',
      not_renewable:
        'Only holds of incidents and operating rooms are renewed; let something take it over, or end it',
      end_bad: 'Choose an end from tomorrow on, within the longest time of its kind',
      range_bad: 'Choose a time that is past, and no longer than a day',
    },
    verifying: (f) => `Verifying ${f.done}/${f.of}`,
    proved: (f) => `Hold ${f.hold}: ${f.proved} of ${f.files} copies are proved by the ledger.`,
    stewardCopies: (f) => `The steward is copying: ${f.files} files so far.`,
    noRoom: 'The disk is full up to the reserve of recording. Copying goes on as soon as there is room.',
    copying: (f) => `Copying ${f.done}/${f.of}`,
    waiting: 'Waiting for a file that is still being written.',
    copied: (f) => `Hold ${f.hold}: ${f.files} files copied. It is erased by itself at ${f.end}.`,
    missed: (f) => `${f.file}: could not be copied (${f.code}).`,
    unfinished: (f) =>
      `Hold ${f.hold}: not all is copied. It goes on by itself while the steward runs, else with \`girok hold copy\`; erasing is put off for an hour at most.`,
    review: (f) => `Hold ${f.hold}: had to be reviewed by ${f.at}.`,
    ended: (f) => `Hold ${f.hold} is ended. Its copies are erased within the hour.`,
    unknown: (f) => `There is no such hold: ${f.hold}`,
  },
  confirmNeeds: '--confirm needs --by and --reason, which are recorded.',
};

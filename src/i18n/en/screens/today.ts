import type { today as korean } from '../../ko/screens/today.ts';

export const today: typeof korean = {
  well: 'All is well',
  wellText: ({ of }) => `All ${of} cameras are recording. There is nothing to do now.`,
  tasksOnly: 'Recording is well. Please see to what waits below.',
  silent: ({ count }) => (count === 1 ? 'One camera is not recording' : `${count} cameras are not recording`),
  silentText:
    'What is not recorded now cannot be had back. Please check the power and the network of the cameras below.',
  noRoomText:
    'What is not recorded now cannot be had back. The storage disk cannot be written to: please tell the system administrator at once.',
  away: 'The recorder does not answer',
  awayText: 'Nobody can say whether anything is recorded. Please tell the system administrator at once.',
  none: 'There is no camera to be recorded',
  noneText: 'Cameras appear here once they are named in the configuration.',
  alarmed: 'There is an alarm to look at',
  facts: {
    recording: 'Recording',
    recordingValue: ({ recording, of }) => `${recording}/${of}`,
    storage: 'Storage',
    storageValue: ({ days }) => `about ${days} days`,
    storageFits: ({ days }) => `enough for ${days} days of retention`,
    storageShort: ({ days }) => `not enough for ${days} days of retention`,
    erasing: 'Next erasing',
    erasingNothing: 'nothing is due',
    erasingWhat: ({ cameras, files }) =>
      `${cameras} ${cameras === 1 ? 'camera' : 'cameras'} · ${files} files`,
    erasingWaits: 'waits for a person',
    oldest: 'Oldest footage',
    oldestNone: 'none yet',
    ledger: 'Ledger',
    ledgerSigned: ({ at }) => `signed at ${at}`,
    ledgerNever: 'not signed yet',
    ledgerTrouble: 'an alarm about the ledger stands',
    ledgerEntries: ({ count }) => `${count} entries`,
    asOf: ({ at }) => `as of ${at}`,
  },
  alarm: {
    title: 'Alarm',
    more: ({ count }) => (count === 1 ? 'one more alarm' : `${count} more alarms`),
    since: ({ at }) => `since ${at}`,
    acknowledge: 'I have seen this · this is logged',
    acknowledged: 'It is recorded that you have seen the alarm.',
    taken: 'somebody has taken it on',
    severity: { serious: 'serious', warning: 'warning', note: 'note' },
  },
  waiting: {
    title: 'To do',
    none: 'Nothing waits.',
    one: {
      incident: ({ count }) => `Please look at footage that was held for an incident (${count})`,
      break_glass: ({ count }) => `Please review break-glass viewings (${count})`,
      grant: ({ count }) => `Please answer requests to view (${count})`,
      right: ({ count }) => `Please answer requests for rights (${count})`,
      account: ({ count }) => `Please look at suspended accounts (${count})`,
      confirmation: ({ count }) =>
        count === 1
          ? "Please confirm last month's erasing (2 minutes)"
          : `${count} months of erasing are to be confirmed (2 minutes each)`,
      hold_review: ({ count }) => `Please look whether holds are still needed (${count})`,
      hold_ending: ({ count }) =>
        count === 1 ? 'One hold is erased within a day' : `${count} holds are erased within a day`,
      item: ({ count }) => `Please get back handed-out items past their day (${count})`,
    },
    due: ({ at }) => `by ${at}`,
    overdue: ({ at }) => `was due ${at}`,
    since: ({ at }) => `waiting since ${at}`,
  },
  cameras: {
    title: 'Cameras',
    all: 'Show all cameras',
    less: 'Show only cameras with trouble',
    rest: ({ count }) =>
      count === 1 ? 'The other camera is recording.' : `The other ${count} cameras are all recording.`,
    recording: 'recording',
    stopped: 'not recording',
    off: 'off',
    unknown: 'unknown',
    fps: ({ fps }) => `${fps} fps`,
    durable: ({ at }) => `last kept ${at}`,
    durableNone: 'nothing is kept',
    gapSince: ({ at, cause }) => `since ${at} · ${cause}`,
    gap: ({ from, to, cause }) => `${from}–${to} ${cause}`,
    strip: ({ from, to, gaps }) => `from ${from} to ${to}: ${gaps === '' ? 'nothing is missing' : gaps}`,
    someMissing: 'some of it is missing',
  },
};

import type { Sentences } from '../ko.ts';
import { ledgerEvents } from './ledger-events.ts';

export const ledger: Sentences['ledger'] = {
  sound: (f) =>
    `All ${f.entries} entries are whole (${f.checkpoints} checkpoints).${f.unvouched > 0 ? ` The last ${f.unvouched} are not signed yet.` : ''}`,
  broken: (f) => `The ledger is not whole. ${f.where}: ${f.fault}`,
  at: (f) => `Entry ${f.entry}`,
  among: (f) => `Among entries ${f.from} to ${f.to}`,
  fault: {
    format: 'the file is not written as it should be: cut off or changed.',
    key: 'it is of another ledger, or was signed anew with another key.',
    leaf: 'the content is not what its hash says.',
    shape: 'that is no entry of a ledger.',
    seq: 'the numbers do not follow each other: an entry was removed, added or moved.',
    time: 'it is dated before its predecessor.',
    root: 'the content is not what the checkpoint vouched for.',
    signature: 'a signature is wrong.',
    forked: 'a checkpoint kept elsewhere has seen another ledger: this one was rewritten.',
    cut_off: 'it is shorter than a checkpoint kept elsewhere: its end was cut off, or it is an old copy.',
  },
  keyNotGiven:
    'No key of the ledger was given, so the one in the file was believed. Only --key or --checkpoint can tell a substitution.',
  checking: (f) => `Checking: ${f.entries} entries`,
  badKey: 'the key of a ledger (NAME+ID+KEY)',
  badCheckpoint: (f) => `"${f.file}" is no checkpoint.`,
  proofHolds: (f) =>
    `The proof holds: entry ${f.entry} is in the ledger of ${f.size} entries that was signed by ${f.signers}.`,
  proofOfFootage:
    'The footage that this entry vouches for; a file with the hash ciphertextSha256 is as it was recorded:',
  proofBroken: (f) => `The proof does not hold: ${f.fault}`,
  notCompared: (f) =>
    `Kept checkpoints that are not of ${f.size} entries could not be compared with a single proof; compare them with the whole ledger (--bundle).`,
  mail: {
    subject: (f) => `[Girok] ${f.site}: checkpoint of the ledger ${f.day} (${f.size} entries)`,
    text: (f) =>
      `This is the signature that the ledger of ${f.site} had ${f.size} entries at ${f.madeAt}. Leave it in your mailbox. Later, this mail saved as a file and given to \`girok ledger verify --checkpoint FILE\` tells whether the ledger was cut off or rewritten since. If none comes for more than two days, tell the manager.\n\nKey of the ledger: ${f.key}`,
  },
  needsWho: '--by and --reason are needed: who begins a new ledger, and why, must be known.',
  noIncident:
    'The ledger contradicts no kept checkpoint, so none is begun anew. One that was kept elsewhere can be given with --checkpoint.',
  brokenOff: {
    smaller: 'shorter',
    different: 'another one, or rewritten',
    damaged: 'cannot be read',
    missing: 'gone',
  },
  begunAnew: (f) =>
    `A new ledger has begun. The one before, ${f.origin}, was vouched for up to ${f.size} entries; found instead: ${f.found} (${f.why}). Its database lies untouched in "${f.folder}": keep it and look into it. The witness must be given the new key with --log:\n${f.key}\nDecided by ${f.by} (${f.reason})`,
  before: (f) =>
    `Before it: ${f.origin}, vouched for up to ${f.size} entries; found instead: ${f.found} (${f.why})${f.folder ? `; it lies in "${f.folder}"` : ''}`,
  bundled: (f) => `${f.entries} entries are in "${f.file}".`,
  witnessing: (f) =>
    `The witness watches over ${f.logs} ledgers at ${f.address}. Its key, for ledger.witness.key of cameras.yml:\n${f.key}`,
  logSilent: (f) =>
    `${f.log}: nothing was heard for more than 15 minutes. That machine is off or cut off; tell its manager.`,
  logBack: (f) => `${f.log}: heard again.`,
  proof: {
    entered: 'This entry is in the ledger, and a signed checkpoint vouches for it.',
    no_entry: 'There is no entry of that number. `girok ledger status` tells how many there are.',
    unchanged:
      'This footage is as it was recorded: an entry of the ledger and a signed checkpoint vouch for it.',
    unsigned:
      'This footage is what the ledger says, but that entry is not signed yet. Look again in a minute.',
    not_entered:
      'The footage of this hour is not in the ledger yet. It is within 15 minutes of the end of the hour.',
    recording: 'This footage is still being recorded.',
    no_footage: 'There is no footage of that moment.',
    file_changed: 'The file is not the one that was sealed: changed, damaged or gone.',
    catalogue_changed: 'What the catalogue says of this footage is not what was entered into the ledger.',
    ledger_changed: 'The ledger does not vouch for this footage. Verify it with `girok ledger verify`.',
  },
  page: {
    title: 'Checkpoint of the ledger',
    madeAt: 'Signed at',
    size: 'Entries',
    root: 'First 16 digits of the root',
    key: 'Key of the ledger',
    why: 'Somebody who does not administer this machine should keep this page. Later, what the QR code says, put into a file and given to `girok ledger verify --checkpoint`, tells whether the ledger was cut off or rewritten since.',
  },
  standing: (f) =>
    `${f.entries} entries, ${f.unsigned} not signed yet, ${f.waiting} waiting. Last signed by: ${f.signers || 'nobody'}`,
  late: 'What waits has waited for more than 3 minutes. See whether the steward (girok-steward) is running.',
  diverges: (f) =>
    `The ledger contradicts the checkpoint in the second place (${f.seen} entries there, ${f.found} here). Look with \`girok ledger verify\`.`,
  views: {
    management: {
      name: 'Management ledger',
      titles: [
        'No.',
        'Kind',
        'Applied at',
        'File name/form',
        'Officer',
        'Purpose/reason',
        'Third party or requester',
        'Legal basis',
        'Form of provision',
        'Period and planned destruction',
        'Result, destruction and date',
        'Safety request and result',
      ],
      kinds: { USE: 'use', PROVISION: 'provision', ACCESS: 'access', DESTRUCTION: 'destruction' },
    },
    destruction: {
      name: 'Destruction log',
      titles: [
        'No.',
        'Run',
        'Began',
        'Ended',
        'Result',
        'Cameras',
        'First day shot',
        'Last day shot',
        'Files',
        'Bytes',
        'Deferred for holds',
        'Failures',
        'Key epoch',
      ],
      states: { complete: 'complete', incomplete: 'incomplete' },
    },
    entries: {
      name: 'Ledger',
      titles: ['No.', 'At', 'Entered', 'Who', 'What', 'Event', 'Facts'],
      events: ledgerEvents,
    },
    sealed: '(sealed)',
  },
  unsigned: 'There is no signed checkpoint yet, so nothing to bundle. The steward makes one within a minute.',
};

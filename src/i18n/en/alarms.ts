import type { DutyName } from '../../stewardship/schedule.ts';
import { plain, told } from '../facts.ts';
import type { alarms as ko } from '../ko/alarms.ts';
import { sizeText } from '../size-text.ts';
import { duties } from './duties.ts';

/** What happened, what it means for the footage, what to do. `subject`: a camera, a stream, or empty (the site). */
export const alarms: typeof ko = {
  camera_not_recording: (subject, f) =>
    `${subject}: nothing has been recorded for more than 45 s${told(f, 'why')}, and that time has no footage. Check the camera's power and network and look with \`girok cameras probe\`. It resumes by itself.`,
  camera_not_pulled: (subject) =>
    `${subject}: not contacted, because nobody has confirmed the basis of recording an operating room continuously (의료법 §38의2, Medical Service Act). There is no footage. Write basis, confirmedBy and confirmedAt, or use on_request.`,
  camera_clock_off: (subject, f) =>
    `${subject}: the camera's clock is more than 2 s off${f.offsetMs === undefined ? '' : ` (${plain(f, 'offsetMs')} ms)`}. Footage is timed by this host and is sound, but the time in the picture is wrong. Set the camera's NTP.`,
  camera_key_frames_rare: (subject, f) =>
    `${subject}: key frames are rare${f.everyMs === undefined ? '' : ` (every ${plain(f, 'everyMs')} ms)`}. The footage is whole, but after a break it takes long to see a picture. Set the I-frame interval to 1 or 2 s and switch smart codecs off.`,
  camera_view_changed: (subject) =>
    `${subject}: the picture is another than its reference. The camera may have been turned, be out of focus, or be partly covered. It records on, but what it is registered to cover may not be in the picture. Turn it back and this ends by itself; if the new direction is right, accept it as the reference on the camera's page.`,
  camera_covered: (subject) =>
    `${subject}: hardly anything is to be seen in the picture. The lens is covered, or there is no light. It records on, but there is nothing to see. Look at what is in front of the camera. This ends by itself once there is something to be seen again.`,
  camera_view_unchecked: (subject) =>
    `${subject}: for more than a day nobody could tell whether its picture is still the one it should be, although it records. Should it have been turned or covered, no alarm would say so. Look at it once yourself; the cause is in the log of the web process (view.not_compared). This ends by itself with the next look that succeeds.`,
  operating_room_continuous: (subject) =>
    `${subject}: an operating room is recorded continuously, while 의료법 §38의2 (Medical Service Act) allows filming per operation on request. Consider on_request.`,
  disk_full: (_subject, f) =>
    `The disk is full up to its reserve${f.freeBytes === undefined ? '' : ` (${sizeText(Number(f.freeBytes))} free)`}. Recording has stopped; no footage is deleted to make room. It resumes within 10 s of there being space.`,
  disk_failing: (subject, f) =>
    `${subject}: the disk refused a write${told(f, 'error')}. The file keeps what it holds and recording tries again with a new one. Check the disk and its connection.`,
  retention_at_risk: (_subject, f) =>
    `The retention period will not fit on the disk${f.days === undefined ? '' : ` (${plain(f, 'days')} of ${plain(f, 'needed')} days)`}. When space runs out recording stops; nothing young is deleted. Add disk or lower the cameras' bit rate.`,
  catalogue_blocked: (_subject, f) =>
    `The catalogue (catalogue.db) cannot be written${told(f, 'error')}. Footage is still saved, and the catalogue catches up later. Look for a program that holds the file, and check the disk.`,
  spool_blocked: (_subject, f) =>
    f.code === 'SPOOL_FULL'
      ? 'The spool of entries for the ledger is full: nobody empties it. Recording goes on, and further entries are only counted by kind. Start the steward (girok-steward).'
      : `Entries for the ledger cannot be written to disk${told(f, 'code')}. Recording goes on and the entries wait. Check the spool folder and the disk's space.`,
  keyring_unmirrored: () =>
    'The second copy of the keyring is behind. Footage is sound, but if the first disk died now, recent footage could not be opened. Check the disk of storage.keys.mirror.',
  clock_unsynchronised: () =>
    "This host's clock does not follow a time server. Recording goes on, but its times are hard to prove. Check NTP (systemd-timesyncd).",
  config_rejected: () =>
    'The edited cameras.yml is faulty, so the settings before it stay in force; recording is not affected. See the faults with `girok config check` and correct them.',
  vault_findings: (_subject, f) =>
    `There is footage that cannot be opened${f.findings === undefined ? '' : ` (${plain(f, 'findings')} files)`}. It cannot be viewed; the files stay where they are. See how much with \`girok vault check --level full\`, and check the disk.`,
  ledger_blocked: (_subject, f) =>
    `The ledger (site.db) cannot be written${told(f, 'error')}. Recording goes on, its entries wait in the spool, and nothing can be viewed. See which program holds that file, and the space on the disk.`,
  ledger_unmirrored: (_subject, f) =>
    `The ledger's last signature cannot be kept at its second place${told(f, 'error')}. The ledger goes on, but if it were rolled back on this disk, that might not be noticed. Check the disk of storage.keys.mirror.`,
  ledger_incident: (_subject, f) =>
    `The ledger contradicts a checkpoint that was kept elsewhere${told(f, 'seenBy', 'seen', 'found')}: it was cut off, replaced by an old copy, or rewritten. Nothing more is entered. Copy site.db aside and look with \`girok ledger verify\`.`,
  ledger_unsound: (_subject, f) =>
    `The ledger was verified from its beginning and is not whole${told(f, 'fault', 'entry')}: somebody changed it, or the disk lost something. Recording and entering go on. Copy site.db elsewhere, and see with \`girok ledger verify\` from where on.`,
  spool_refused: (_subject, f) =>
    `Something waited for the ledger that is no entry${f.refused === undefined ? '' : ` (${plain(f, 'refused')})`}. It was moved to spool/refused, or removed where it is large or there are many, and the ledger says so. Find out who put it there.`,
  witness_silent: (_subject, f) =>
    `The witness does not confirm checkpoints${told(f, 'reason')}. The ledger goes on, but meanwhile there is no evidence outside of this machine. See to the witness's machine and the network.`,
  recorder_down: () =>
    'The recorder has not answered for more than two minutes: nothing is being recorded, or nobody can tell. See to girok-recorder.service and its log; `girok status` tells when it is back.',
  purge_overdue: (_subject, f) =>
    `There has been no certificate of erasing for more than 26 hours${told(f, 'last')}. Footage past its time may still be there. Look with \`girok retention status\`, and see that the purge (girok-purge) runs.`,
  checkpoint_overdue: (_subject, f) =>
    `The ledger has not been signed for more than 15 minutes${told(f, 'last')}. What was entered since can still be changed. Look with \`girok ledger status\`, and see to site.db and its disk.`,
  erasing_overdue: (_subject, f) =>
    `There is footage that was not erased within five days after its time${told(f, 'oldestDay')}: the legal limit has passed. See why with \`girok retention status\`, and erase it today.`,
  erasing_incomplete: (_subject, f) =>
    `The last erasing did not end complete${told(f, 'failures')}. Something is left, and it is tried again each hour. See \`girok retention status\` and the certificate (retention/certificates), and check that disk.`,
  erasing_waits: (_subject, f) =>
    f.why === 'ledger'
      ? 'Erasing waits because the ledger cannot be written, and footage past its time stays meanwhile. It goes on by itself once it can be: look at the room on the disk and at `girok ledger status`.'
      : `Erasing waits for a person, and footage past its time stays meanwhile. Look why with \`girok purge --dry-run\` and, if it is right, confirm with \`girok purge --confirm ${f.why ?? 'clock|days'} --by NAME --reason TEXT\`.`,
  notify_failing: (subject, f) =>
    `Alarms cannot be sent by ${subject === 'webhook' ? 'webhook' : 'mail'}${told(f, 'error')}. What was not sent is kept, and goes out together once it can. See to notify in cameras.yml and to that server.`,
  task_overdue: (subject) =>
    `${subject}: nobody has confirmed it in its time. Footage is being erased, but the management ledger lacks the confirmation. Look with \`girok task show ${subject}\` and confirm with \`girok task confirm\`.`,
  erasing_not_in_order: (subject) =>
    `${subject}: somebody looked at the erasing and found it not in order. Footage that should be gone may still be there. See \`girok task show ${subject}\` and \`girok retention status\`, mend the cause, and confirm again.`,
  account_waits: (subject, f) =>
    `The account${subject === '' ? '' : ` ${subject}`} has suspended itself${told(f, 'why')}. See contract, training and use, and restore or close it; after wrong second factors ask its person first and give them a new password.`,
  item_overdue: (subject) =>
    `Handed-out item ${subject} has not come back in its time, and its footage is still outside. Ask its holder to return or destroy it, and enter that with \`girok item returned\` or \`girok item destroyed\`.`,
  incident_reported: (subject) =>
    `Hold ${subject}: somebody who was looking at footage has reported an incident and held it. It is erased by itself after three days. Officer: read why, and take it over if it is needed, or end it.`,
  hold_unfinished: (subject, f) =>
    `Hold ${subject}: not all is copied yet${told(f, 'why')}. It goes on by itself, but footage whose day is over waits for it an hour at most. See to the space on the disk, and look with \`girok hold list\`.`,
  hold_review_overdue: (subject, f) =>
    `Hold ${subject}: had to be looked at again by ${plain(f, 'review')}. The copies are kept. Record that it is still needed with \`girok hold review\`, or end it with \`girok hold end\`.`,
  hold_ending_soon: (subject, f) =>
    `Hold ${subject}: its copies are erased at ${plain(f, 'end')}. If a request or an order needs them, let it take the hold over (\`girok hold take-over\`, \`girok hold renew\`) before that; afterwards nothing brings them back.`,
  viewing_unrecorded: (_subject, f) =>
    `Viewing cannot be entered into the ledger${told(f, 'error')}, so footage is shown to nobody. Recording goes on. Look with \`girok ledger status\` and check site.db and the disk's free space.`,
  breakglass_opened: (subject) =>
    `Break-glass ${subject}: footage beyond somebody's rights was opened without an approval. It ends by itself after 30 minutes. Officer or auditor: look in the viewing log who saw what and why, and review within 24 hours whether it was justified.`,
  breakglass_unreviewed: (subject) =>
    `Break-glass ${subject}: nobody has reviewed it for 24 hours. Officer or auditor: look at the viewing log and record whether it was justified.`,
  duty_failed: (subject, f) =>
    isDuty(subject)
      ? duties[subject](f)
      : `A duty of the steward (${subject}) does not get done${told(f, 'error')}. It is tried again. See the log.`,
};

const isDuty = (name: string): name is DutyName => Object.hasOwn(duties, name);

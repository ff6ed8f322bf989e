import type { Refusal } from '../../access/policy.ts';
import { place, plain, reasonOf, told } from '../facts.ts';
import type { errors as ko } from '../ko/errors.ts';
import { oversight } from './oversight.ts';
import { people } from './people.ts';
import { refusals } from './refusals.ts';
import { retention } from './retention.ts';
import { viewing } from './viewing.ts';

/** One sentence of what is wrong, and what to do about it. */
export const errors: typeof ko = {
  config_unreadable: (f) =>
    `The configuration file${place(f)} cannot be read${told(f, 'reason', 'system', 'sqlite')}; check its path and permissions, or name a file with --config.`,
  config_faulty: (f) =>
    `The configuration file${place(f)} has ${f.faults === 1 ? '1 fault' : `${f.faults ?? 'some'} faults`}; correct the places named below and run again.`,
  usage: (f) =>
    `${plain(f, 'reason') || 'The command was not understood.'} See \`${plain(f, 'command') || 'girok'} --help\`.`,
  unknown_camera: (f) => `There is no such camera${told(f, 'camera')}; \`girok cameras list\` shows the ids.`,
  credential_missing: (f) =>
    `A password cannot be read${told(f, 'reference', 'reason', 'system', 'sqlite')}; put it into the file or variable that the configuration refers to.`,
  credential_exposed: (f) =>
    `The password file${place(f)} can be read by others or belongs to somebody else${told(f, 'mode')}; check its owner and run \`chmod 600\` on it.`,
  storage_missing: (f) =>
    `The storage folder${place(f)} does not exist; check that its disk is attached, or name a folder with --storage.`,
  storage_unmarked: (f) =>
    `The storage folder${place(f)} does not bear Girok's mark; its disk may not be mounted. For a new store, name an empty folder.`,
  storage_foreign: (f) =>
    `The storage folder${place(f)} belongs to another site; name this site's folder with --storage.`,
  storage_readonly: (f) =>
    `The storage folder${place(f)} cannot be written${told(f, 'reason', 'system', 'sqlite')}; check its mount and permissions.`,
  storage_in_use: (f) =>
    `The storage folder${place(f)} is in use by another process${told(f, 'pid')}; end that one first or name another folder.`,
  database_newer: (f) =>
    `The database${place(f)} was written by a newer version of Girok${told(f, 'version', 'found', 'known')}; upgrade Girok, then run again.`,
  database_damaged: (f) =>
    `The database${place(f)} is damaged${told(f, 'reason', 'system', 'sqlite')}; the footage is untouched: stop the recorder and run \`girok vault reindex\`, which rebuilds it from the files.`,
  root_key_missing: (f) =>
    `The root key cannot be found${told(f, 'path', 'file', 'reference', 'reason', 'system', 'sqlite')}; check storage.keys.root or put the backed-up key back in its place.`,
  root_key_wrong: (f) =>
    `The root key is not the one this store was made with${told(f, 'path', 'file', 'folder')}; name the right key in storage.keys.root.`,
  epoch_lost: (f) =>
    `Every copy of the epoch secret is damaged, so no footage key can be opened${told(f, 'path', 'file', 'folder')}; check the disks of the storage folder and of the keys' mirror and bring back the sound one.`,
  key_missing: (f) =>
    `The key of this footage does not exist${told(f, 'camera', 'day', 'hour', 'segment')}; that is right for erased footage, otherwise check the keyring's second copy.`,
  hold_busy: (f) =>
    `The hold${told(f, 'hold')} is being changed by another process and does not come free; look whether one hangs, and try again.`,
  hold_unknown: (f) => `There is no such hold${told(f, 'hold')}; choose one of the list.`,
  hold_refused: (f) =>
    `${reasonOf(retention.hold.refused, f.why)}${f.most === undefined ? '' : ` (${f.most} days)`}.`,
  hold_changed: () =>
    'Somebody else has changed this hold in the meantime, and nothing was done. Look at what it is now, and do it again if it is still needed.',
  task_unknown: (f) => `There is no such task${told(f, 'task')}; choose one of the list.`,
  task_refused: (f) => `${reasonOf(oversight.task.refusals, f.why)}.`,
  item_refused: (f) => `${reasonOf(oversight.item.refusals, f.why)}.`,
  run_unknown: () => 'There is no certificate of such a run; choose one of the list.',
  keyring_damaged: (f) =>
    `The keyring is damaged${told(f, 'path', 'folder', 'file', 'reason', 'system', 'sqlite')}; restore it from its copy in storage.keys.mirror.`,
  keyring_outdated: (f) =>
    `The keyring is older than the last erasing${told(f, 'epoch', 'named')}, so nothing is erased; if an old backup was put back, replace it by a newer copy (storage.keys.mirror or the newest backup).`,
  purge_journal_damaged: (f) =>
    `The journal of erasing${place(f)} cannot be read, so nothing is erased; move that file aside, and the next run makes it again from the newest certificate.`,
  segment_damaged: (f) =>
    `A footage file is damaged or was altered${told(f, 'segment', 'path', 'file', 'chunk', 'reason', 'system', 'sqlite')}; run \`girok vault check\` to see how much, and check the disk.`,
  segment_unreadable: (f) =>
    `A footage file cannot be read${told(f, 'segment', 'path', 'file', 'reason', 'system', 'sqlite')}; check the disk and its permissions.`,
  ledger_missing: (f) =>
    `There is no ledger${place(f)} yet. Start it with \`npm start\` (the steward), or name the storage that has one with --storage.`,
  ledger_damaged: (f) =>
    `The ledger${place(f)} contradicts itself${told(f, 'entry', 'size', 'reason')}. Mend nothing: copy site.db aside, then see where with \`girok ledger verify\`.`,
  ledger_unreadable: (f) =>
    `The database of the ledger${place(f)} cannot be read: it is damaged, or the ledger's tables are gone${told(f, 'sqlite')}. Mend nothing and copy it aside; then put a backup back, or begin anew on the record with \`girok ledger begin-anew\`.`,
  ledger_unwritable: () =>
    'This cannot be entered into the ledger right now, so it was not done and nothing has changed; try again in a moment, and tell an administrator if it stays so.',
  storage_full: () =>
    'The disk is full, so this cannot be entered into the ledger: it was not done and nothing has changed. Tell an administrator to make room, then try again.',
  file_exists: (f) =>
    `The file${place(f)} is there already and is not overwritten, since it may be somebody's proof; give another name, or move it away first.`,
  file_unwritable: (f) =>
    `The file${place(f)} cannot be written${told(f, 'system')}; check that its folder exists, its permissions and the space left.`,
  backup_unknown: (f) =>
    `There is no backup of Girok at this place${place(f)}; \`girok backup list\` shows those that there are.`,
  backup_newer: (f) =>
    `The backup${place(f)} was made by a newer version of Girok${told(f, 'found', 'known')}; upgrade Girok, then run again.`,
  backup_damaged: (f) =>
    `The backup${place(f)} is damaged${told(f, 'file', 'reason')} and nothing of it was used; take the one before it (\`girok backup list\`) and look at its disk.`,
  backup_foreign: (f) =>
    `The backup${place(f)} is of another site or storage folder${told(f, 'site', 'expected', 'volume')}; name one of this site, or, onto a new disk, give --other-volume.`,
  backup_place_missing: (f) =>
    `The folder of the backups${place(f)} is not there or no longer bears its mark; mount its disk, or, where it is gone for good, begin a new one with \`girok backup --new-place\`.`,
  backup_no_room: (f) =>
    `There is no room for a backup${place(f)}${told(f, 'free', 'needed')}; make room or name another disk in backup.folder.`,
  backup_busy: (f) => `Another backup or restore is at work${place(f)}; wait until it has ended.`,
  restore_unfinished: (f) =>
    `A restore was broken off in the storage folder${place(f)}; finish it with \`girok restore\` and the same backup${told(f, 'backup')} before anything else is started.`,
  restore_while_running: (f) =>
    `Nothing is put back while processes of Girok run${told(f, 'process')}; stop the service, then run again, or only rehearse with --rehearse.`,
  camera_outside_networks: (f) =>
    `The camera's address is outside the allowed networks${told(f, 'camera', 'host', 'address')}; if it is right, add its network to cameraNetworks.`,
  camera_url_refused: (f) =>
    `The address the camera gave for its stream is not acceptable${told(f, 'camera', 'reason', 'system', 'sqlite')}; check the camera's settings, or write the address into source.rtsp.`,
  camera_unreachable: (f) =>
    `The camera cannot be reached${told(f, 'camera', 'host', 'address', 'reason', 'system', 'sqlite')}; check its power, network, address and port.`,
  camera_login_refused: (f) =>
    `The camera refused the login${told(f, 'camera', 'user')}; check user and password and, if they are right, the camera's clock.`,
  camera_reply_refused: (f) =>
    `The camera's reply is not acceptable${told(f, 'camera', 'reason', 'system', 'sqlite')}; check its firmware, or write the stream's address into source.rtsp.`,
  camera_no_stream: (f) =>
    `The camera offers no stream that can be recorded${told(f, 'camera', 'reason', 'system', 'sqlite')}; switch on an H.264 or H.265 stream in the camera.`,
  camera_search_busy: () =>
    'Somebody is already looking for a camera or at one. Wait until that is over, or cancel it, and begin again.',
  codec_not_live: (f) =>
    `This camera's picture is H.265 and cannot be shown live${told(f, 'camera')}; set the camera's second stream to H.264 and \`record: main+sub\`.`,
  live_unavailable: (f) =>
    `This camera shows no live picture at the moment${told(f, 'camera')}; look at the camera and the recorder with \`girok status\`.`,
  live_busy: () => 'Too many live pictures are open; close those that nobody looks at, and open it again.',
  ffmpeg_missing: () => 'ffmpeg is not installed; run `apt-get install ffmpeg`.',
  prlimit_missing: () =>
    'prlimit is not installed, and without its limits no camera is read by ffmpeg; run `apt-get install util-linux`.',
  sign_in_refused: () =>
    'Signing in failed; check login and password, and if they are forgotten ask an administrator for a new one.',
  sign_in_locked: (f) =>
    `After several failures signing in is shut for a while${told(f, 'seconds')}; wait and try again, or use a device you have signed in from before.`,
  sign_in_busy: () => 'Too many people are signing in at once; try again in a moment.',
  address_refused: () =>
    'Nobody signs in from this address; do it in the networks of the site or, if it is right, add it to access.allow.',
  account_suspended: () => 'The account is suspended; ask an administrator to restore it.',
  account_closed: () => 'The account is closed; ask an administrator for a new one if you need it.',
  factor_refused: () =>
    'The second factor is not right; wait for the next code or use a recovery code, and if it took long begin again.',
  proof_refused: () => 'That does not prove who you are; check the password or the code.',
  password_refused: ({ why }) => `${reasonOf(people.password, why)}.`,
  account_unknown: (f) => `There is no such account${told(f, 'account')}; look at the list.`,
  account_refused: ({ why }) => `${reasonOf(people.account, why)}.`,
  right_unknown: (f) => `There is no such right${told(f, 'right')}; look at the list.`,
  right_refused: ({ why }) => `${reasonOf(people.right, why)}.`,
  first_code_refused: () =>
    "The first administrator's code is wrong or used; while there is no administrator `girok people first-code` prints a new one.",
  kiosk_not_masked: () =>
    'A kiosk shows masked copies alone, and this is none; make a masked copy for the request first.',
  kiosk_busy: () => 'Too many kiosks are open; end one that nobody watches, and open it again.',
  kiosk_code_refused: () => 'The code is wrong, used or too old; ask the officer for a new one.',
  kiosk_unknown: () => 'There is no such kiosk of yours any more; there is nothing to end.',
  passkeys_off: () =>
    'Passkeys cannot be used; write the https address under which this page opens into access.origin.',
  port_in_use: (f) =>
    `The address${told(f, 'address')} is in use by another program; see whether Girok is running already, end that program or use another address${told(f, 'setting')}.`,
  http_in_clear: (f) =>
    `Nothing is served in clear on an address outside of this machine${told(f, 'host')}; name a certificate in http.tls, a proxy that is in front in http.behindProxy, or 127.0.0.1 in http.host.`,
  tls_unreadable: (f) =>
    `The certificate or its key cannot be used${told(f, 'path', 'system', 'reason')}; check that both files of http.tls are PEM, belong together and can be read.`,
  request_malformed: (f) =>
    `The request is not of the form that is expected${told(f, 'where')}; mend what is named and send it again.`,
  request_unknown: () => 'There is no such address; check it.',
  request_method: (f) =>
    `This address does not know that method${told(f, 'method')}; use one of those in the Allow header.`,
  request_too_slow: () =>
    'The request came too slowly and was given up; check the connection and send it again.',
  request_too_large: () => 'The request is too large; send it in parts.',
  request_type: () => 'This request is taken as JSON alone; send it with Content-Type: application/json.',
  request_no_socket: () => 'This address opens as a WebSocket alone; open the live picture on its screen.',
  request_wrong_host: () =>
    'Nothing is answered under this name; ask by the IP address, or, if the name is right, put it into access.origin.',
  request_in_clear: () =>
    'Connections in clear are taken from this machine and from named proxies alone; use the https address.',
  request_cross_site: () =>
    'The request comes from another site, or does not say whence it comes, and is not taken; do it again on the page itself.',
  too_many_requests: (f) => `There are too many requests; try again after a while${told(f, 'seconds')}.`,
  not_signed_in: () => 'Nobody is signed in, or the session is over; sign in.',
  not_allowed: (f) => refusals[f.why as Refusal] ?? 'This is not allowed; ask the officer.',
  monitoring_refused: () =>
    'Monitoring is read on this machine, or with the token of http.monitor; send it as Authorization: Bearer.',
  alarm_unknown: (f) => `There is no such alarm${told(f, 'id')}; \`girok alarm list\` shows the ids.`,
  alarm_over: (f) => `The alarm is over already${told(f, 'id')}; there is nothing left to do.`,
  entry_unknown: (f) =>
    `There is no entry of that number in the ledger${told(f, 'entry')}; look at the list.`,
  entry_unsigned: (f) =>
    `That entry is not signed yet, so there is no proof of it${told(f, 'entry')}; try again in a minute.`,
  export_too_long: (f) =>
    `That is more rows than are exported at once${told(f, 'most')}; export a shorter time, or narrow it down.`,
  verification_busy: () => 'The ledger is being verified already; wait for it to end, or stop it first.',
  recorder_not_running: (f) =>
    `The recorder is not running${told(f, 'path', 'storage')}; start it with \`npm start\`, or name the running store with --storage.`,
  viewing_input: ({ field }) => `${reasonOf(viewing.input, field)}.`,
  viewing_unknown: () => 'There is no such viewing or grant; look at the list again.',
  viewing_over: ({ state }) => `${reasonOf(viewing.over, state)}.`,
  viewing_refused: ({ why }) => `${reasonOf(viewing.refused, why)}.`,
  viewing_unrecorded: () =>
    'Viewing cannot be entered into the ledger, so no footage is shown; recording goes on. Tell an administrator, and open it again once the ledger is back.',
  footage_unplayable: () =>
    'These pictures cannot be decoded: the camera recorded them damaged. Go on behind them, or choose the other stream.',
  playback_busy: () =>
    'Too many recordings are being converted for playback; wait a moment, close what nobody looks at, or choose a stream in H.264.',
  view_not_watched: () =>
    'The picture of this camera is not held against a reference. Cameras that are not recorded, and operating rooms, are left out.',
  view_not_acceptable: ({ why }) =>
    why === 'covered'
      ? 'A covered picture cannot be a reference. Clear what is in front of the camera and compare again.'
      : 'The picture was compared again meanwhile. Look at the new result and accept again.',
  footage_missing: () =>
    'There is no footage there: it was not recorded, or is erased. Choose a recorded time on the timeline.',
  internal: (f) =>
    `Something unexpected went wrong${told(f, 'reason', 'system', 'sqlite')}; report it with the log, and look at \`girok status\` for the service.`,
};

import type { Refusal } from '../../access/policy.ts';
import type { ErrorCode, Facts } from '../../lib/errors.ts';
import { place, plain, reasonOf, told } from '../facts.ts';
import { oversight } from './oversight.ts';
import { people } from './people.ts';
import { refusals } from './refusals.ts';
import { retention } from './retention.ts';
import { viewing } from './viewing.ts';

/** 한 문장으로 무엇이 잘못되었는지, 그리고 무엇을 하면 되는지. */
export const errors: Record<ErrorCode, (facts: Facts) => string> = {
  config_unreadable: (f) =>
    `설정 파일${place(f)}을(를) 읽을 수 없습니다${told(f, 'reason', 'system', 'sqlite')}. 경로와 권한을 확인하거나 --config 로 파일을 지정하십시오.`,
  config_faulty: (f) =>
    `설정 파일${place(f)}에 오류가 ${f.faults ?? '하나 이상'}개 있습니다. 아래에 적힌 자리를 고친 뒤 다시 실행하십시오.`,
  usage: (f) =>
    `${plain(f, 'reason') || '명령을 이해하지 못했습니다.'} \`${plain(f, 'command') || 'girok'} --help\`로 사용법을 확인하십시오.`,
  unknown_camera: (f) =>
    `그런 카메라가 없습니다${told(f, 'camera')}. \`girok cameras list\`로 식별자를 확인하십시오.`,
  credential_missing: (f) =>
    `비밀번호를 읽을 수 없습니다${told(f, 'reference', 'reason', 'system', 'sqlite')}. 참조한 파일이나 환경 변수에 비밀번호를 넣으십시오.`,
  credential_exposed: (f) =>
    `비밀번호 파일${place(f)}을(를) 다른 사용자가 읽을 수 있습니다${told(f, 'mode')}. 소유자를 확인하고 \`chmod 600\`을 실행하십시오.`,
  storage_missing: (f) =>
    `저장 폴더${place(f)}가 없습니다. 디스크가 연결되어 있는지 확인하거나 --storage 로 폴더를 지정하십시오.`,
  storage_unmarked: (f) =>
    `저장 폴더${place(f)}에 기록의 표식이 없습니다. 디스크가 마운트되지 않았을 수 있으니 확인하고, 새 저장소라면 빈 폴더를 지정하십시오.`,
  storage_foreign: (f) =>
    `저장 폴더${place(f)}는 다른 현장의 것입니다. 이 현장의 폴더를 --storage 로 지정하십시오.`,
  storage_readonly: (f) =>
    `저장 폴더${place(f)}에 쓸 수 없습니다${told(f, 'reason', 'system', 'sqlite')}. 마운트 상태와 권한을 확인하십시오.`,
  storage_in_use: (f) =>
    `저장 폴더${place(f)}를 다른 프로세스가 쓰고 있습니다${told(f, 'pid')}. 그 프로세스를 먼저 끝내거나 다른 폴더를 지정하십시오.`,
  database_newer: (f) =>
    `데이터베이스${place(f)}가 이 프로그램보다 새 판입니다${told(f, 'version', 'found', 'known')}. 기록을 최신판으로 올린 뒤 실행하십시오.`,
  database_damaged: (f) =>
    `데이터베이스${place(f)}가 손상되었습니다${told(f, 'reason', 'system', 'sqlite')}. 영상은 그대로이니 녹화기를 멈추고 \`girok vault reindex\`로 파일에서 다시 만드십시오.`,
  root_key_missing: (f) =>
    `최상위 키를 찾을 수 없습니다${told(f, 'path', 'file', 'reference', 'reason', 'system', 'sqlite')}. storage.keys.root 를 확인하거나 백업한 키를 제자리에 두십시오.`,
  root_key_wrong: (f) =>
    `최상위 키가 이 저장소의 것이 아닙니다${told(f, 'path', 'file', 'folder')}. 이 저장소를 만든 키를 storage.keys.root 에 지정하십시오.`,
  epoch_lost: (f) =>
    `에폭 비밀의 모든 사본이 손상되어 영상 키를 열 수 없습니다${told(f, 'path', 'file', 'folder')}. 저장 폴더와 키 사본 폴더의 디스크를 점검하고 온전한 쪽을 되살리십시오.`,
  key_missing: (f) =>
    `이 영상의 키가 없습니다${told(f, 'camera', 'day', 'hour', 'segment')}. 파기된 영상이라면 정상이며, 아니라면 키 보관소의 사본을 확인하십시오.`,
  hold_busy: (f) =>
    `이 보존${told(f, 'hold')}을 다른 프로세스가 고치고 있어 기다려도 비지 않습니다. 멈춘 프로세스가 있는지 보고 다시 하십시오.`,
  hold_unknown: (f) => `그런 보존이 없습니다${told(f, 'hold')}. 보존 목록에서 고르십시오.`,
  hold_refused: (f) =>
    `${reasonOf(retention.hold.refused, f.why)}${f.most === undefined ? '' : ` (${f.most}일까지)`}.`,
  hold_changed: () =>
    '그 사이에 다른 사람이 이 보존을 바꾸었습니다. 아무것도 하지 않았습니다. 바뀐 것을 보고, 그래도 필요하면 다시 하십시오.',
  task_unknown: (f) => `그런 일이 없습니다${told(f, 'task')}. 할 일 목록에서 고르십시오.`,
  task_refused: (f) => `${reasonOf(oversight.task.refusals, f.why)}.`,
  item_refused: (f) => `${reasonOf(oversight.item.refusals, f.why)}.`,
  run_unknown: () => '그런 파기의 증명서가 없습니다. 목록에서 고르십시오.',
  keyring_damaged: (f) =>
    `키 보관소가 손상되었습니다${told(f, 'path', 'folder', 'file', 'reason', 'system', 'sqlite')}. storage.keys.mirror 의 사본으로 되돌리십시오.`,
  keyring_outdated: (f) =>
    `키 보관소가 마지막 파기보다 오래된 것이라${told(f, 'epoch', 'named')} 파기를 멈췄습니다. 옛 백업을 되돌렸다면 더 새로운 사본(storage.keys.mirror 또는 가장 새 백업)으로 바꾸십시오.`,
  purge_journal_damaged: (f) =>
    `파기 일지${place(f)}를 읽을 수 없어 파기를 멈췄습니다. 그 파일을 다른 곳으로 옮기십시오. 다음 파기가 마지막 증명서로 다시 만듭니다.`,
  segment_damaged: (f) =>
    `영상 파일이 손상되었거나 바뀌었습니다${told(f, 'segment', 'path', 'file', 'chunk', 'reason', 'system', 'sqlite')}. \`girok vault check\`로 범위를 확인하고 디스크를 점검하십시오.`,
  segment_unreadable: (f) =>
    `영상 파일을 읽을 수 없습니다${told(f, 'segment', 'path', 'file', 'reason', 'system', 'sqlite')}. 디스크와 권한을 확인하십시오.`,
  ledger_missing: (f) =>
    `장부${place(f)}가 아직 없습니다. \`npm start\`(관리 프로세스)로 시작하거나 --storage 로 장부가 있는 저장소를 지정하십시오.`,
  ledger_damaged: (f) =>
    `장부${place(f)}가 스스로 어긋납니다${told(f, 'entry', 'size', 'reason')}. 아무것도 고치지 말고 site.db 를 따로 복사한 뒤 \`girok ledger verify\`로 어디인지 확인하십시오.`,
  ledger_unreadable: (f) =>
    `장부의 데이터베이스${place(f)}를 읽을 수 없습니다: 손상되었거나 장부의 표가 없습니다${told(f, 'sqlite')}. 아무것도 고치지 말고 그대로 복사해 둔 뒤, 백업을 되돌리거나 \`girok ledger begin-anew\`로 기록을 남기고 새로 시작하십시오.`,
  ledger_unwritable: () =>
    '지금은 장부에 적을 수 없어 하지 않았습니다. 바뀐 것은 없습니다. 잠시 뒤에 다시 하시고, 되풀이되면 시스템 관리자에게 알려 주십시오.',
  storage_full: () =>
    '저장 공간이 가득 차 장부에 적을 수 없어 하지 않았습니다. 바뀐 것은 없습니다. 시스템 관리자에게 공간을 늘려 달라고 알린 뒤 다시 하십시오.',
  file_exists: (f) =>
    `파일${place(f)}이(가) 이미 있어 덮어쓰지 않습니다. 누군가의 증거일 수 있으니 다른 이름을 주거나, 필요 없는 파일이면 먼저 옮기십시오.`,
  file_unwritable: (f) =>
    `파일${place(f)}을(를) 쓸 수 없습니다${told(f, 'system')}. 폴더가 있는지, 권한과 남은 공간을 확인하십시오.`,
  backup_unknown: (f) =>
    `이 자리${place(f)}에 기록의 백업이 없습니다. \`girok backup list\`로 있는 백업을 확인하십시오.`,
  backup_newer: (f) =>
    `백업${place(f)}이 이 프로그램보다 새 판으로 만든 것입니다${told(f, 'found', 'known')}. 기록을 최신판으로 올린 뒤 실행하십시오.`,
  backup_damaged: (f) =>
    `백업${place(f)}이 손상되어 아무것도 쓰지 않았습니다${told(f, 'file', 'reason')}. \`girok backup list\`에서 그 앞의 백업을 쓰고, 백업 디스크를 점검하십시오.`,
  backup_foreign: (f) =>
    `백업${place(f)}이 다른 현장이나 다른 저장소의 것입니다${told(f, 'site', 'expected', 'volume')}. 이 현장의 백업을 지정하고, 새 디스크로 옮기는 것이면 --other-volume 을 주십시오.`,
  backup_place_missing: (f) =>
    `백업 폴더${place(f)}가 없거나 표식이 사라졌습니다. 백업 디스크를 연결하고, 영영 없어졌다면 \`girok backup --new-place\`로 새로 시작하십시오.`,
  backup_no_room: (f) =>
    `백업할 공간이 모자랍니다${place(f)}${told(f, 'free', 'needed')}. 공간을 비우거나 backup.folder 에 다른 디스크를 지정하십시오.`,
  backup_busy: (f) => `다른 백업이나 복원이 돌고 있습니다${place(f)}. 끝난 뒤에 다시 실행하십시오.`,
  restore_unfinished: (f) =>
    `저장 폴더${place(f)}에서 복원이 도중에 끊겼습니다. 다른 것을 켜기 전에 같은 백업으로 \`girok restore\`를 다시 실행하여 마치십시오${told(f, 'backup')}.`,
  restore_while_running: (f) =>
    `기록의 프로세스가 돌고 있는 동안에는 복원하지 않습니다${told(f, 'process')}. 서비스를 멈춘 뒤 실행하거나 --rehearse 로 연습만 하십시오.`,
  camera_outside_networks: (f) =>
    `카메라 주소가 허용한 망 밖입니다${told(f, 'camera', 'host', 'address')}. 맞는 주소라면 cameraNetworks 에 그 망을 추가하십시오.`,
  camera_url_refused: (f) =>
    `카메라가 알려 준 주소를 받아들일 수 없습니다${told(f, 'camera', 'reason', 'system', 'sqlite')}. 카메라 설정을 확인하거나 source.rtsp 에 주소를 직접 적으십시오.`,
  camera_unreachable: (f) =>
    `카메라에 연결할 수 없습니다${told(f, 'camera', 'host', 'address', 'reason', 'system', 'sqlite')}. 전원과 네트워크, 주소와 포트를 확인하십시오.`,
  camera_login_refused: (f) =>
    `카메라가 로그인을 거절했습니다${told(f, 'camera', 'user')}. 사용자 이름과 비밀번호를, 맞다면 카메라의 시계를 확인하십시오.`,
  camera_reply_refused: (f) =>
    `카메라의 응답을 받아들일 수 없습니다${told(f, 'camera', 'reason', 'system', 'sqlite')}. 펌웨어를 확인하거나 source.rtsp 에 주소를 직접 적으십시오.`,
  camera_no_stream: (f) =>
    `카메라에 쓸 수 있는 영상 스트림이 없습니다${told(f, 'camera', 'reason', 'system', 'sqlite')}. 카메라에서 H.264 또는 H.265 스트림을 켜십시오.`,
  camera_search_busy: () =>
    '다른 카메라 찾기나 살펴보기가 아직 끝나지 않았습니다. 끝나기를 기다리거나 취소한 뒤 다시 시작해 주세요.',
  codec_not_live: (f) =>
    `이 카메라의 영상은 H.265 이므로 실시간으로 볼 수 없습니다${told(f, 'camera')}. 카메라의 보조 스트림을 H.264 로 바꾸고 record 를 main+sub 로 하십시오.`,
  live_unavailable: (f) =>
    `이 카메라는 지금 실시간 영상을 보내지 않습니다${told(f, 'camera')}. 카메라와 녹화기의 상태를 \`girok status\`로 확인하십시오.`,
  live_busy: () => '실시간 영상을 보는 화면이 너무 많습니다. 보지 않는 화면을 닫고 다시 여십시오.',
  ffmpeg_missing: () => 'ffmpeg 가 없습니다. `apt-get install ffmpeg`로 설치하십시오.',
  prlimit_missing: () =>
    'prlimit 이 없습니다. 이것으로 자원을 제한하지 않고는 ffmpeg 에 카메라를 맡기지 않습니다. `apt-get install util-linux`로 설치하십시오.',
  sign_in_refused: () =>
    '로그인하지 못했습니다. 로그인 이름과 비밀번호를 확인하십시오. 잊었다면 관리자에게 새로 받으십시오.',
  sign_in_locked: (f) =>
    `여러 번 틀려 잠시 막았습니다${told(f, 'seconds')}. 기다렸다가 다시 하거나, 전에 쓰던 기기에서 로그인하십시오.`,
  sign_in_busy: () => '로그인하려는 사람이 한꺼번에 너무 많습니다. 잠시 뒤에 다시 하십시오.',
  address_refused: () =>
    '이 주소에서는 로그인할 수 없습니다. 현장의 망에서 하거나, 맞는 곳이면 access.allow 에 추가하십시오.',
  account_suspended: () => '정지된 계정입니다. 관리자에게 되살려 달라고 하십시오.',
  account_closed: () => '닫힌 계정입니다. 필요하면 관리자에게 새 계정을 받으십시오.',
  factor_refused: () =>
    '두 번째 인증이 맞지 않습니다. 새 번호가 나오면 다시 하거나 복구 번호를 쓰십시오. 오래 걸렸다면 처음부터 로그인하십시오.',
  proof_refused: () => '본인 확인이 맞지 않습니다. 비밀번호나 인증 번호를 다시 확인하십시오.',
  password_refused: ({ why }) => `${reasonOf(people.password, why)}.`,
  account_unknown: (f) => `그런 계정이 없습니다${told(f, 'account')}. 목록에서 확인하십시오.`,
  account_refused: ({ why }) => `${reasonOf(people.account, why)}.`,
  right_unknown: (f) => `그런 권한이 없습니다${told(f, 'right')}. 목록에서 확인하십시오.`,
  right_refused: ({ why }) => `${reasonOf(people.right, why)}.`,
  first_code_refused: () =>
    '첫 관리자 번호가 맞지 않거나 이미 쓰였습니다. 관리자가 아직 없다면 `girok people first-code`로 새로 받으십시오.',
  kiosk_not_masked: () =>
    '열람자 화면은 가림 처리한 사본만 보여 줍니다. 이 요청의 가림 사본을 먼저 만드십시오.',
  kiosk_busy: () => '열려 있는 열람자 화면이 너무 많습니다. 보지 않는 화면을 끝내고 다시 여십시오.',
  kiosk_code_refused: () =>
    '번호가 맞지 않거나, 이미 쓰였거나, 시간이 지났습니다. 책임자에게 새 번호를 받으십시오.',
  kiosk_unknown: () => '그런 열람자 화면이 더는 없습니다. 끝낼 것이 없습니다.',
  passkeys_off: () => '패스키를 쓸 수 없습니다. 이 화면이 열리는 https 주소를 access.origin 에 적으십시오.',
  port_in_use: (f) =>
    `주소${told(f, 'address')}를 다른 프로그램이 쓰고 있습니다. 기록이 이미 실행 중인지 확인하고, 그 프로그램을 끝내거나 다른 주소를 쓰십시오${told(f, 'setting')}.`,
  http_in_clear: (f) =>
    `이 컴퓨터 밖의 주소${told(f, 'host')}에서는 암호화하지 않고 열지 않습니다. http.tls 에 인증서를 적거나, 앞에 프록시가 있으면 http.behindProxy 에 그 주소를, 아니면 http.host 에 127.0.0.1 을 적으십시오.`,
  tls_unreadable: (f) =>
    `인증서나 그 개인키를 쓸 수 없습니다${told(f, 'path', 'system', 'reason')}. http.tls 의 두 파일이 PEM 형식이고 서로 짝이며 읽을 수 있는지 확인하십시오.`,
  request_malformed: (f) => `요청의 형식이 맞지 않습니다${told(f, 'where')}. 적은 곳을 고쳐 다시 보내십시오.`,
  request_unknown: () => '그런 주소는 없습니다. 주소를 확인하십시오.',
  request_method: (f) =>
    `이 주소에서는 쓸 수 없는 방식입니다${told(f, 'method')}. Allow 머리글의 방식을 쓰십시오.`,
  request_too_slow: () => '요청이 너무 느려 끊었습니다. 연결을 확인하고 다시 보내십시오.',
  request_too_large: () => '요청이 너무 큽니다. 나누어 보내십시오.',
  request_type: () => '이 요청은 JSON 으로만 받습니다. Content-Type 을 application/json 으로 보내십시오.',
  request_no_socket: () => '이 주소는 웹소켓으로만 열립니다. 화면에서 실시간 영상을 여십시오.',
  request_wrong_host: () =>
    '이 이름으로는 답하지 않습니다. IP 주소로 열거나, 이 이름이 맞으면 access.origin 에 적으십시오.',
  request_in_clear: () =>
    '암호화하지 않은 연결은 이 컴퓨터나 정해 둔 프록시에서만 받습니다. https 주소로 여십시오.',
  request_cross_site: () =>
    '다른 사이트에서 온 요청이거나 어디에서 왔는지 알 수 없어 받지 않습니다. 이 화면에서 직접 다시 하십시오.',
  too_many_requests: (f) => `요청이 너무 많습니다. 잠시${told(f, 'seconds')} 뒤에 다시 하십시오.`,
  not_signed_in: () => '로그인하지 않았거나 로그인이 끝났습니다. 로그인하십시오.',
  not_allowed: (f) => refusals[f.why as Refusal] ?? '허용되지 않은 일입니다. 책임자에게 문의하십시오.',
  monitoring_refused: () =>
    '감시 정보는 이 컴퓨터에서, 또는 http.monitor 의 토큰으로만 읽습니다. Authorization: Bearer 로 토큰을 보내십시오.',
  alarm_unknown: (f) => `그런 경보가 없습니다${told(f, 'id')}. \`girok alarm list\`로 id 를 확인하십시오.`,
  alarm_over: (f) => `이미 끝난 경보입니다${told(f, 'id')}. 할 일이 없습니다.`,
  entry_unknown: (f) =>
    `장부에 그런 번호의 기록이 없습니다${told(f, 'entry')}. 목록에서 번호를 확인하십시오.`,
  entry_unsigned: (f) =>
    `아직 서명되지 않은 기록이라 증명 파일이 없습니다${told(f, 'entry')}. 1분 뒤에 다시 하십시오.`,
  export_too_long: (f) =>
    `한 번에 내보낼 수 있는 줄 수를 넘었습니다${told(f, 'most')}. 기간을 나누거나 조건을 더해 내보내십시오.`,
  verification_busy: () => '장부를 이미 검증하고 있습니다. 끝날 때까지 기다리거나 먼저 그만두십시오.',
  recorder_not_running: (f) =>
    `녹화기가 실행 중이 아닙니다${told(f, 'path', 'storage')}. \`npm start\`로 시작하거나 --storage 로 실행 중인 저장소를 지정하십시오.`,
  viewing_input: ({ field }) => `${reasonOf(viewing.input, field)}.`,
  viewing_unknown: () => '그런 열람이나 승인이 없습니다. 목록을 새로 보고 다시 하십시오.',
  viewing_over: ({ state }) => `${reasonOf(viewing.over, state)}.`,
  viewing_refused: ({ why }) => `${reasonOf(viewing.refused, why)}.`,
  viewing_unrecorded: () =>
    '열람을 장부에 기록할 수 없어 영상을 보여 주지 않습니다. 녹화는 계속됩니다. 관리자에게 알리고, 장부가 되살아나면 다시 여십시오.',
  footage_unplayable: () =>
    '이 부분의 영상은 손상된 채 녹화되어 풀 수 없습니다. 그 뒤로 넘어가거나 다른 스트림을 고르십시오.',
  playback_busy: () =>
    '변환하며 재생하는 영상이 너무 많습니다. 잠시 기다리거나, 보지 않는 화면을 닫거나, H.264 스트림을 고르십시오.',
  view_not_watched: () =>
    '화면을 기준과 견주지 않는 카메라입니다. 녹화하지 않거나 수술실인 카메라는 견주지 않습니다.',
  view_not_acceptable: ({ why }) =>
    why === 'covered'
      ? '가려진 화면은 기준이 될 수 없습니다. 카메라 앞을 치우고 다시 견주십시오.'
      : '그사이 화면을 다시 견주었습니다. 새 결과를 보고 다시 받아들이십시오.',
  footage_missing: () =>
    '그 자리에는 영상이 없습니다. 녹화되지 않았거나 파기되었습니다. 시간표에서 녹화된 곳을 고르십시오.',
  internal: (f) =>
    `예상하지 못한 오류입니다${told(f, 'reason', 'system', 'sqlite')}. 로그와 함께 알려 주시고, 서비스는 \`girok status\`로 확인하십시오.`,
};

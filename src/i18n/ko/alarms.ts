import type { Facts } from '../../lib/errors.ts';
import type { AlarmCode } from '../../stewardship/alarms.ts';
import type { DutyName } from '../../stewardship/schedule.ts';
import { plain, told } from '../facts.ts';
import { sizeText } from '../size-text.ts';
import { duties } from './duties.ts';

/** 무엇이 일어났고, 영상에 무슨 뜻이며, 무엇을 하면 되는지. `subject`: 카메라, 스트림 또는 빈 글자(현장 전체). */
export const alarms: Record<AlarmCode, (subject: string, facts: Facts) => string> = {
  camera_not_recording: (subject, f) =>
    `${subject}: 45초 넘게 녹화되지 않습니다${told(f, 'why')}. 그동안의 영상은 없습니다. 카메라의 전원과 네트워크를 확인하고 \`girok cameras probe\`로 살펴보십시오. 돌아오면 저절로 다시 녹화합니다.`,
  camera_not_pulled: (subject) =>
    `${subject}: 수술실 상시 촬영의 근거가 없어 접속하지 않습니다(의료법 §38의2). 영상이 없습니다. cameras.yml 에 basis, confirmedBy, confirmedAt 을 적거나 on_request 로 바꾸십시오.`,
  camera_clock_off: (subject, f) =>
    `${subject}: 카메라의 시계가 2초 넘게 어긋나 있습니다${f.offsetMs === undefined ? '' : ` (${plain(f, 'offsetMs')} ms)`}. 녹화 시각은 서버의 시계를 따르므로 영상은 온전하나 화면에 찍힌 시각이 다릅니다. 카메라의 NTP 를 맞추십시오.`,
  camera_key_frames_rare: (subject, f) =>
    `${subject}: 키 프레임이 드뭅니다${f.everyMs === undefined ? '' : ` (${plain(f, 'everyMs')} ms 간격)`}. 영상은 온전하나 끊긴 뒤 다시 보이기까지 오래 걸립니다. 카메라의 I프레임 간격을 1~2초로 하고 스마트 코덱을 끄십시오.`,
  camera_view_changed: (subject) =>
    `${subject}: 화면이 기준과 다릅니다. 카메라가 돌아갔거나, 초점이 나갔거나, 앞이 일부 가려졌을 수 있습니다. 녹화는 계속되나 등록된 촬영 범위가 담기지 않을 수 있습니다. 카메라를 제자리로 돌리면 저절로 끝나고, 새 방향이 맞으면 카메라 화면에서 기준으로 받아들이십시오.`,
  camera_covered: (subject) =>
    `${subject}: 화면에 거의 아무것도 보이지 않습니다. 렌즈가 가려졌거나 빛이 없습니다. 녹화는 계속되나 볼 것이 없습니다. 카메라 앞을 확인하십시오. 다시 보이면 저절로 끝납니다.`,
  camera_view_unchecked: (subject) =>
    `${subject}: 녹화는 되고 있으나 화면이 기준과 같은지 하루 넘게 확인하지 못했습니다. 그동안 카메라가 돌아가거나 가려져도 경보가 울리지 않습니다. 화면을 한 번 직접 확인하십시오. 까닭은 웹 프로세스의 로그(view.not_compared)에 있습니다. 다음 비교가 되면 저절로 끝납니다.`,
  operating_room_continuous: (subject) =>
    `${subject}: 수술실을 상시 촬영하고 있습니다. 의료법 §38의2 는 수술별 요청에 따른 촬영만 허용하니 on_request 를 검토하십시오.`,
  disk_full: (_subject, f) =>
    `저장 공간이 예비 용량까지 찼습니다${f.freeBytes === undefined ? '' : ` (남은 공간 ${sizeText(Number(f.freeBytes))})`}. 녹화를 멈추었고, 지난 영상은 하나도 지우지 않습니다. 공간을 늘리면 10초 안에 다시 녹화합니다.`,
  disk_failing: (subject, f) =>
    `${subject}: 저장 장치가 쓰기를 거절했습니다${told(f, 'error')}. 쓰던 파일은 거기까지 남고 새 파일로 다시 시도합니다. 디스크와 연결을 점검하십시오.`,
  retention_at_risk: (_subject, f) =>
    `이대로면 보관 기간을 채울 공간이 모자랍니다${f.days === undefined ? '' : ` (${plain(f, 'needed')}일 중 ${plain(f, 'days')}일)`}. 공간이 다하면 녹화가 멈추고 지난 영상은 지우지 않습니다. 디스크를 늘리거나 카메라의 비트레이트를 낮추십시오.`,
  catalogue_blocked: (_subject, f) =>
    `목록(catalogue.db)에 쓰지 못하고 있습니다${told(f, 'error')}. 영상은 계속 저장되고 목록은 나중에 따라잡습니다. 그 파일을 잡고 있는 프로그램과 디스크를 확인하십시오.`,
  spool_blocked: (_subject, f) =>
    f.code === 'SPOOL_FULL'
      ? '장부에 올릴 기록의 대기함(spool)이 찼습니다. 아무도 비우지 않고 있습니다. 녹화는 계속되고, 더 오는 기록은 종류별로 세어만 둡니다. 관리 프로세스(girok-steward)를 켜십시오.'
      : `장부에 올릴 기록을 디스크에 쓰지 못하고 있습니다${told(f, 'code')}. 녹화는 계속되고 기록은 기다립니다. 저장 폴더의 spool 과 디스크 공간을 확인하십시오.`,
  keyring_unmirrored: () =>
    '키 보관소의 두 번째 사본이 뒤처졌습니다. 영상은 온전하나, 지금 첫 번째 디스크를 잃으면 최근 영상을 열 수 없습니다. storage.keys.mirror 의 디스크를 확인하십시오.',
  clock_unsynchronised: () =>
    '서버의 시계가 시간 서버를 따르지 않습니다. 녹화는 계속되나 시각을 증명하기 어렵습니다. NTP(systemd-timesyncd)를 확인하십시오.',
  config_rejected: () =>
    '고친 cameras.yml 에 오류가 있어 이전 설정으로 계속합니다. 녹화에는 영향이 없습니다. `girok config check`로 오류를 보고 고치십시오.',
  vault_findings: (_subject, f) =>
    `열 수 없는 영상 파일이 있습니다${f.findings === undefined ? '' : ` (${plain(f, 'findings')}개)`}. 그 구간의 영상은 볼 수 없으며 파일은 그대로 둡니다. \`girok vault check --level full\`로 범위를 확인하고 디스크를 점검하십시오.`,
  ledger_blocked: (_subject, f) =>
    `장부(site.db)에 쓰지 못하고 있습니다${told(f, 'error')}. 녹화는 계속되고 녹화기의 기록은 spool 에서 기다리며, 볼 수는 없습니다. 그 파일을 잡고 있는 프로그램과 디스크 공간을 확인하십시오.`,
  ledger_unmirrored: (_subject, f) =>
    `장부의 마지막 서명을 두 번째 자리에 두지 못합니다${told(f, 'error')}. 장부는 계속 쓰이나, 이 디스크에서 장부가 되돌려져도 알아차리지 못할 수 있습니다. storage.keys.mirror 의 디스크를 확인하십시오.`,
  ledger_incident: (_subject, f) =>
    `장부가 밖에 보관된 검증점과 어긋납니다${told(f, 'seenBy', 'seen', 'found')}. 잘렸거나, 옛것으로 되돌려졌거나, 다시 쓰였습니다. 아무것도 더 기록하지 않습니다. site.db 를 따로 복사하고 \`girok ledger verify\`로 확인하십시오.`,
  ledger_unsound: (_subject, f) =>
    `장부를 처음부터 검증하였더니 온전하지 않습니다${told(f, 'fault', 'entry')}. 누가 고쳤거나 디스크가 잃은 것입니다. 녹화와 기록은 계속됩니다. site.db 를 따로 복사하고 \`girok ledger verify\`로 어디부터인지 확인하십시오.`,
  spool_refused: (_subject, f) =>
    `장부에 올릴 수 없는 기록이 있습니다${f.refused === undefined ? '' : ` (${plain(f, 'refused')}건)`}. spool/refused 로 옮겼거나 너무 크거나 많으면 지웠으며, 그 사실은 장부에 남았습니다. 누가 두었는지 확인하십시오.`,
  witness_silent: (_subject, f) =>
    `증인이 검증점을 확인해 주지 않습니다${told(f, 'reason')}. 장부는 계속되나, 그동안은 이 컴퓨터 밖에 증거가 없습니다. 증인의 컴퓨터와 망을 확인하십시오.`,
  recorder_down: () =>
    '녹화기가 2분 넘게 대답하지 않습니다: 녹화되지 않거나, 녹화되는지 알 수 없습니다. girok-recorder.service 와 그 로그를 확인하십시오. 돌아오면 `girok status`가 알려 줍니다.',
  purge_overdue: (_subject, f) =>
    `26시간 넘게 파기 확인서가 없습니다${told(f, 'last')}. 기한이 지난 영상이 남아 있을 수 있습니다. \`girok retention status\`로 보고, 파기(girok-purge)가 돌고 있는지 확인하십시오.`,
  checkpoint_overdue: (_subject, f) =>
    `15분 넘게 장부에 서명하지 못하고 있습니다${told(f, 'last')}. 그 뒤의 기록은 아직 바뀔 수 있습니다. \`girok ledger status\`로 보고 site.db 와 디스크를 확인하십시오.`,
  erasing_overdue: (_subject, f) =>
    `보관 기한에서 5일이 지나도록 파기되지 않은 영상이 있습니다${told(f, 'oldestDay')}. 법이 정한 파기 기한을 넘겼습니다. \`girok retention status\`로 까닭을 보고 오늘 안에 파기하십시오.`,
  erasing_incomplete: (_subject, f) =>
    `마지막 파기가 끝나지 못했습니다${told(f, 'failures')}. 지우지 못한 것이 남아 있고 한 시간마다 다시 시도합니다. \`girok retention status\`와 확인서(retention/certificates)를 보고 그 디스크를 확인하십시오.`,
  erasing_waits: (_subject, f) =>
    f.why === 'ledger'
      ? '장부에 쓸 수 없어 파기가 기다립니다. 그동안 기한이 지난 영상이 남습니다. 쓸 수 있게 되면 저절로 이어집니다: 디스크의 남은 공간과 `girok ledger status`를 보십시오.'
      : `파기가 사람의 확인을 기다립니다. 그동안 기한이 지난 영상이 남습니다. \`girok purge --dry-run\`으로 까닭을 보고, 맞으면 \`girok purge --confirm ${f.why ?? 'clock|days'} --by 이름 --reason 까닭\`으로 확인하십시오.`,
  notify_failing: (subject, f) =>
    `${subject === 'webhook' ? '웹훅' : '메일'}으로 경보를 알리지 못하고 있습니다${told(f, 'error')}. 알리지 못한 것은 모아 두었다가 되는 대로 한꺼번에 보냅니다. cameras.yml 의 notify 와 그 서버를 확인하십시오.`,
  task_overdue: (subject) =>
    `${subject}: 기한이 지나도록 사람의 확인을 받지 못했습니다. 영상은 파기되고 있으나 관리대장에 확인이 없습니다. \`girok task show ${subject}\`로 보고 \`girok task confirm\`으로 확인하십시오.`,
  erasing_not_in_order: (subject) =>
    `${subject}: 파기 확인에서 부적합이 나왔습니다. 파기되었어야 할 영상이 남아 있을 수 있습니다. \`girok task show ${subject}\`와 \`girok retention status\`로 까닭을 없앤 뒤 다시 확인하십시오.`,
  account_waits: (subject, f) =>
    `계정${subject === '' ? '' : ` ${subject}`}이(가) 스스로 정지되었습니다${told(f, 'why')}. 계약·교육·사용 기록을 확인하여 되살리거나 닫고, 인증을 여러 번 틀린 것이면 본인에게 확인한 뒤 비밀번호를 새로 주십시오.`,
  item_overdue: (subject) =>
    `반출물 제${subject}호가 기한이 지나도록 돌아오지 않았습니다. 그 영상이 밖에 남아 있습니다. 받은 쪽에 반환이나 파기를 요구하고 \`girok item returned\`나 \`girok item destroyed\`로 적으십시오.`,
  incident_reported: (subject) =>
    `보존 ${subject}: 열람하던 사람이 사건을 알리고 그 영상을 보존했습니다. 사흘 뒤 저절로 파기됩니다. 담당자는 까닭을 보고, 필요하면 넘겨받고 아니면 끝내십시오.`,
  hold_unfinished: (subject, f) =>
    `보존 ${subject}: 복사가 아직 끝나지 않았습니다${told(f, 'why')}. 저절로 이어지지만, 보관 기간이 지난 영상은 한 시간까지만 기다립니다. 디스크 공간을 확인하고 \`girok hold list\`로 보십시오.`,
  hold_review_overdue: (subject, f) =>
    `보존 ${subject}: ${plain(f, 'review')}까지 다시 살펴야 했습니다. 사본은 그대로 있습니다. 아직 필요하면 \`girok hold review\`로 기록하고, 아니면 \`girok hold end\`로 끝내십시오.`,
  hold_ending_soon: (subject, f) =>
    `보존 ${subject}: 사본이 ${plain(f, 'end')}에 파기됩니다. 청구나 기관의 요구에 필요하면 그 전에 \`girok hold take-over\`나 \`girok hold renew\`로 이어받으십시오. 그 뒤에는 되살릴 수 없습니다.`,
  viewing_unrecorded: (_subject, f) =>
    `열람을 장부에 기록할 수 없어 아무에게도 영상을 보여 주지 않습니다${told(f, 'error')}. 녹화는 계속됩니다. \`girok ledger status\`로 보고 site.db 와 디스크의 남은 공간을 확인하십시오.`,
  breakglass_opened: (subject) =>
    `긴급 열람 ${subject}: 승인 없이 권한 밖의 영상을 열었습니다. 30분 뒤 저절로 끝납니다. 담당자나 감사자는 장부의 열람기록에서 누가 왜 보았는지 확인하고, 24시간 안에 타당했는지 검토하십시오.`,
  breakglass_unreviewed: (subject) =>
    `긴급 열람 ${subject}: 24시간이 지나도록 아무도 검토하지 않았습니다. 담당자나 감사자가 열람기록을 보고 타당했는지 기록하십시오.`,
  duty_failed: (subject, f) =>
    isDuty(subject)
      ? duties[subject](f)
      : `청지기의 일(${subject})이 되지 않고 있습니다${told(f, 'error')}. 저절로 다시 시도합니다. 로그를 확인하십시오.`,
};

const isDuty = (name: string): name is DutyName => Object.hasOwn(duties, name);

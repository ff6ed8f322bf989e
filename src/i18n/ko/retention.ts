import type { RecordClass } from '../../contract/record-classes.ts';

/** 장부의 개인정보, 보관기간이 따로 있는 갈래마다. */
const records: Record<RecordClass, string> = {
  management: '관리대장',
  viewing: '열람기록',
  access: '접속기록',
  rights: '접근권한 기록',
  holds: '보존조치',
  erasing: '파기 확인',
  oversight: '점검',
  operation: '경보 처리',
};

/** 파기와 보존의 말. */
export const retention = {
  nothingDue: '파기할 영상이 없습니다.',
  wouldErase: (f: { at: string; days: number }) => `${f.at} 현재 파기할 영상 (보관 ${f.days}일)`,
  column: {
    camera: '카메라',
    day: '촬영일',
    due: '파기 시각',
    keys: '키',
    files: '파일',
    size: '크기',
    reason: '까닭',
    oldestDay: '가장 오래된 날',
  },
  reason: { expired: '보관 기간 지남', left_over: '키는 이미 파기됨, 파일만 남음' },
  deferred: (f: { camera: string; day: string; hold: string; until: string }) =>
    `${f.camera} ${f.day}: 보존 ${f.hold}의 복사가 끝나지 않아 ${f.until}까지 미룹니다.`,
  late: (f: { camera: string; day: string; seenOn: string; dueAt: string }) =>
    `${f.camera} ${f.day}: 그날이 지난 뒤(${f.seenOn})에 처음 보인 영상입니다. 시계가 늦었던 때의 것일 수 있어 ${f.dueAt}까지 둡니다.`,
  unfinished: (f: { run: string }) => `끊긴 파기(${f.run})를 먼저 마칩니다.`,
  waiting: {
    clock: (_: object) =>
      '이 컴퓨터의 시계를 뒷받침하는 것이 없어 파기를 멈췄습니다. NTP를 켜거나, 시각이 맞는지 보고 `girok purge --confirm clock --by 이름 --reason 까닭`으로 확인하십시오.',
    days: (f: { days?: number | undefined; expected?: number | undefined }) =>
      `파기할 날수(${f.days ?? '?'}일)가 지난 날수(${f.expected ?? '?'}일)보다 많아 파기를 멈췄습니다. 보관 기간과 시계를 보고, 맞으면 \`girok purge --confirm days --by 이름 --reason 까닭\`으로 확인하십시오.`,
    ledger: (_: object) =>
      '장부에 적을 수 없어 파기를 미룹니다. 디스크 공간과 권한을 보십시오. 하루가 지나면 증명서만 남기고 파기합니다.',
  },
  overdue: '파기 시각에서 닷새가 지났습니다. 법정 기한을 넘겼으니 지금 조치하십시오.',
  removing: (f: { done: number; of: number }) => `파일을 지우는 중 ${f.done}/${f.of}`,
  complete: (f: { cameraDays: number; keys: number; files: number; size: string }) =>
    `카메라·날 ${f.cameraDays}건을 되살릴 수 없게 파기했습니다: 키 ${f.keys}개, 파일 ${f.files}개, ${f.size}.`,
  incomplete: (f: { cameraDays: number; keys: number; files: number; size: string }) =>
    `카메라·날 ${f.cameraDays}건(키 ${f.keys}개, 파일 ${f.files}개, ${f.size})의 파기가 다 끝나지 않았습니다. 한 시간 안에 다시 합니다.`,
  proof: (f: { copies: number; opened: number; epoch: number }) =>
    `파기한 키의 사본 ${f.copies}개 중 열린 것 ${f.opened}개 (지금 세대 ${f.epoch}).`,
  uncertain: (f: { path: string; fileSystem: string }) =>
    `${f.path}: 이 매체(${f.fileSystem})는 덮어쓴 옛 블록이 남지 않는다고 보장하지 못합니다.`,
  refused: (f: { path: string; code: string }) =>
    `${f.path}: 옛 비밀을 덮어쓰지 못했습니다 (${f.code}). 그 디스크와 권한을 보십시오. 매시간 다시 합니다.`,
  placeMissing: (f: { path: string }) =>
    `${f.path}: 키의 둘째 자리가 없습니다. 파기한 키를 아직 여는 비밀이 거기 있을 수 있습니다. 그 디스크를 연결하십시오. 영영 잃었다면 \`girok purge --confirm place --by 이름 --reason 까닭\`으로 확인하십시오.`,
  placeLost: (f: { path: string }) =>
    `${f.path}: 관리자가 영영 잃었다고 확인한 자리입니다. 새 자리를 만듭니다.`,
  placeSettled: (f: { path: string }) => `${f.path}: 남아 있던 지난 세대의 비밀을 덮어썼습니다.`,
  stillIncomplete: '앞선 파기가 아직 다 끝나지 않았습니다. 한 시간 안에 다시 합니다.',
  finishes: (f: { runs: number }) => `끝나지 않았던 파기 ${f.runs}건을 마쳤습니다.`,
  damaged: (f: { keys: number }) =>
    `열리지 않는 키 ${f.keys}개가 있습니다. 파기와는 무관하며 그대로 두었습니다.`,
  failure: (f: { file: string; code: string }) => `${f.file}: 지우지 못했습니다 (${f.code}).`,
  unaccounted: '장부에 아직 적지 못했습니다. 증명서는 있으며 다음에 적습니다.',
  certificate: (f: { run: string }) => `증명서: retention/certificates/${f.run}.json`,
  busy: '다른 파기가 이미 돌고 있습니다.',
  brokenOff: '파기를 도중에 멈췄습니다. 다음 번에 이어서 마칩니다.',
  oldest: (f: { camera: string; from: string }) => `되살릴 수 있는 가장 오래된 영상: ${f.from} (${f.camera})`,
  noFootage: '되살릴 수 있는 영상이 없습니다.',
  overdueDay: (f: { camera: string; day: string; dueAt: string }) =>
    `${f.camera} ${f.day}: ${f.dueAt}에 파기했어야 합니다.`,
  leftOver: (f: { camera: string; day: string; files: number }) =>
    `${f.camera} ${f.day}: 열 수 없는 파일 ${f.files}개가 아직 지워지지 않았습니다.`,
  oldSecret: (f: { path: string; epochs: string }) =>
    `${f.path}: 지난 세대(${f.epochs})의 비밀이 남아 있습니다. 다음 파기에서 덮어씁니다.`,
  keptLate: (f: { camera: string; day: string; seenOn: string }) =>
    `${f.camera} ${f.day}: 그날이 지난 뒤(${f.seenOn})에 처음 보인 영상이라 그날부터 셉니다.`,
  onlyInBackups: (f: { keys: number }) => `그 가운데 키 ${f.keys}개는 백업에만 있습니다.`,
  sealed: (f: { segments: number; lockers: number }) =>
    `봉인된 파일: 영상 ${f.segments}개, 보존본 ${f.lockers}개. 키가 없으면 아무도 열 수 없습니다.`,
  nothingElsewhere: (f: { databases: number; temporary: number; rest: number; keyrings: number }) =>
    `그 밖에는 영상이 없습니다: 데이터베이스 ${f.databases}개, 임시 파일 ${f.temporary}개, 나머지 ${f.rest}개를 끝까지 읽었고, 백업의 키 보관소 ${f.keyrings}개도 셈에 넣었습니다. 섬네일과 캐시는 만들지 않으며 그런 파일도 없습니다.`,
  somethingElsewhere: '영상이 있어서는 안 될 곳에 무엇이 있습니다. 누가 두었는지 보고 치우십시오.',
  inClear: (f: { file: string }) => `${f.file}: 암호화되지 않은 영상이나 사진이 들어 있습니다.`,
  unknownFile: (f: { file: string }) => `${f.file}: 알 수 없는 파일입니다.`,
  moreUnknown: (f: { files: number }) => `알 수 없는 파일이 ${f.files}개 더 있습니다.`,
  owed: (f: { run: string; places: string; oldestDay?: string | undefined }) =>
    `파기(${f.run})가 아직 다 끝나지 않았습니다${f.places === '' ? '' : `: ${f.places}`}.${f.oldestDay === undefined ? '' : ` 그곳의 비밀로 ${f.oldestDay}의 영상부터 아직 열릴 수 있습니다.`}`,
  lastGood: (f: { run: string; at: string }) => `마지막 파기: ${f.at} (증명서 ${f.run})`,
  neverRun: '파기가 아직 한 번도 끝까지 돌지 않았습니다.',
  waitsSince: (f: { since: string }) =>
    `${f.since}부터 파기가 사람을 기다립니다. \`girok purge --dry-run\`으로 까닭을 보십시오.`,
  locker: (f: { hold: string; from?: string | undefined; end?: string | undefined }) =>
    `보존 ${f.hold}: ${f.from ?? '?'}부터의 사본, ${f.end ?? '?'}에 파기`,
  strayLocker: (f: { hold: string }) => `보존 ${f.hold}: 끝났거나 설명할 수 없는 사본의 키가 남아 있습니다.`,
  forgotten: (f: { class: RecordClass; month: string }) =>
    `${records[f.class]}의 개인정보(${f.month}에 기록된 것)를 되살릴 수 없게 파기했습니다.`,
  willForget: (f: { class: RecordClass; month: string }) =>
    `${records[f.class]}의 개인정보, ${f.month}에 기록된 것`,
  willEmpty: (f: { hold: string; reason: 'ended' | 'lapsed' }) =>
    `보존 ${f.hold}의 사본 (${f.reason === 'ended' ? '사람이 끝냄' : '기한이 됨'})`,
  hold: {
    kind: {
      desk: '접수대 보존',
      subject_request: '정보주체 청구',
      authority: '수사·법원 등',
      incident: '사건',
      operating_room: '수술실 청구',
    },
    state: {
      beginning: '시작하는 중',
      copying: '복사 중',
      held: '보존 중',
      ended: '파기 대기',
      erased: '파기됨',
    },
    did: { made: '보존', taken_over: '인수', renewed: '연장', reviewed: '검토', ended: '종료' },
    proof: {
      not_entered: '그 시간이 아직 장부에 오르지 않았습니다',
      unreadable: '읽을 수 없습니다',
      changed: '녹화된 것이 아닙니다',
      ledger_changed: '그 시간에 대해 장부에 다른 것이 있습니다',
    },
    column: {
      hold: '보존',
      kind: '종류',
      state: '상태',
      cameras: '카메라',
      from: '부터',
      to: '까지',
      end: '기한',
      files: '파일',
      by: '요청한 사람',
      reason: '까닭',
    },
    none: '보존이 없습니다.',
    erasedNote: '(파기됨)',
    badTime: '2026-11-22 03:14',
    needsWho: '보존에는 --by(200자까지)와 --reason(1000자까지)이 있어야 합니다. 까닭 없는 보존은 없습니다.',
    made: (f: { hold: string; end: string }) =>
      `보존 ${f.hold}: 청지기가 복사합니다. ${f.end}에 저절로 파기됩니다.`,
    newEnd: (f: { hold: string; kind: string; end: string }) =>
      `보존 ${f.hold}: ${f.kind}. ${f.end}에 저절로 파기됩니다.`,
    reviewed: (f: { hold: string; at: string }) => `보존 ${f.hold}: 살폈습니다. 다음은 ${f.at}까지입니다.`,
    refused: {
      other: '보존에 그렇게 할 수 없습니다. 목록을 새로 보고 다시 하십시오',
      over: '이미 끝난 보존입니다. 사본이 파기되고 있으며 되살릴 수 없습니다',
      same_kind: '이미 그 종류의 보존입니다. 다른 종류를 고르십시오',
      is_desk: '접수대 보존은 새로 만드는 것입니다. 넘겨받는 다른 종류를 고르십시오',
      not_renewable: '사건과 수술실 보존만 늘릴 수 있습니다. 다른 것이 넘겨받게 하거나 끝내십시오',
      end_bad: '기한은 내일부터 그 종류의 가장 긴 날수 안에서 정하십시오',
      range_bad: '지나간 시간을 고르십시오. 하루를 넘을 수 없습니다',
    },
    verifying: (f: { done: number; of: number }) => `확인하는 중 ${f.done}/${f.of}`,
    proved: (f: { hold: string; proved: number; files: number }) =>
      `보존 ${f.hold}: 사본 ${f.files}개 가운데 ${f.proved}개가 장부로 증명됩니다.`,
    stewardCopies: (f: { files: number }) => `청지기가 복사하고 있습니다: 지금까지 파일 ${f.files}개.`,
    noRoom: '녹화 몫의 여유 공간만 남았습니다. 공간이 나면 바로 이어서 복사합니다.',
    copying: (f: { done: number; of: number }) => `복사하는 중 ${f.done}/${f.of}`,
    waiting: '아직 쓰이는 중인 파일이 닫히기를 기다립니다.',
    copied: (f: { hold: string; files: number; end: string }) =>
      `보존 ${f.hold}: 파일 ${f.files}개를 복사했습니다. ${f.end}에 저절로 파기됩니다.`,
    missed: (f: { file: string; code: string }) => `${f.file}: 복사하지 못했습니다 (${f.code}).`,
    unfinished: (f: { hold: string }) =>
      `보존 ${f.hold}: 복사가 끝나지 않았습니다. 청지기가 돌면 저절로 이어지고, 아니면 \`girok hold copy\`로 마칩니다. 파기는 한 시간까지만 미뤄집니다.`,
    review: (f: { hold: string; at: string }) => `보존 ${f.hold}: ${f.at}까지 다시 살펴야 했습니다.`,
    ended: (f: { hold: string }) => `보존 ${f.hold}을(를) 끝냈습니다. 사본은 한 시간 안에 파기됩니다.`,
    unknown: (f: { hold: string }) => `그런 보존이 없습니다: ${f.hold}`,
  },
  confirmNeeds: '--confirm 에는 --by 와 --reason 이 있어야 합니다. 기록에 남습니다.',
};

import type { CheckpointMailWords } from '../../ledger/checkpoint-mail.ts';
import type { LogBefore } from '../../ledger/origin.ts';
import type { FaultCode } from '../../ledger/verification.ts';
import type { ViewWords } from '../../ledger/views/words.ts';
import { ledgerEvents } from './ledger-events.ts';

/** `girok ledger …` 와 `girok witness …` 의 말. */
export const ledger = {
  sound: (f: { entries: number; checkpoints: number; unvouched: number }) =>
    `기록 ${f.entries}건이 모두 온전합니다 (검증점 ${f.checkpoints}개).${f.unvouched > 0 ? ` 마지막 ${f.unvouched}건은 아직 서명되지 않았습니다.` : ''}`,
  broken: (f: { where: string; fault: string }) => `장부가 온전하지 않습니다. ${f.where}: ${f.fault}`,
  at: (f: { entry: number }) => `기록 ${f.entry}번`,
  among: (f: { from: number; to: number }) => `기록 ${f.from}번부터 ${f.to}번 사이`,
  fault: {
    format: '파일의 형식이 어긋납니다. 잘렸거나 바뀌었습니다.',
    key: '다른 장부의 것이거나 다른 키로 다시 서명되었습니다.',
    leaf: '내용이 기록될 때의 해시와 다릅니다.',
    shape: '장부의 기록이 아닙니다.',
    seq: '번호가 이어지지 않습니다. 기록이 빠졌거나 끼어들었거나 옮겨졌습니다.',
    time: '앞선 기록보다 이른 시각입니다.',
    root: '검증점이 보증한 내용과 다릅니다.',
    signature: '서명이 맞지 않습니다.',
    forked: '따로 보관한 검증점이 본 장부와 다릅니다. 다시 쓰였습니다.',
    cut_off: '따로 보관한 검증점보다 짧습니다. 끝이 잘렸거나 옛것으로 되돌려졌습니다.',
  } satisfies Record<FaultCode, string>,
  keyNotGiven:
    '장부의 키를 주지 않아 파일에 적힌 키를 믿었습니다. --key 나 --checkpoint 를 주어야 바꿔치기를 알 수 있습니다.',
  checking: (f: { entries: number }) => `검증 중: 기록 ${f.entries}건`,
  badKey: '장부의 키 (이름+번호+키)',
  badFile: (f: { file: string; system: string }) =>
    `"${f.file}" 을(를) 읽을 수 없습니다 (${f.system}). 파일이 그곳에 있는지 확인하십시오.`,
  badCheckpoint: (f: { file: string }) => `"${f.file}"은(는) 검증점이 아닙니다.`,
  proofHolds: (f: { entry: number; size: number; signers: string }) =>
    `증명이 맞습니다: 기록 ${f.entry}번은 기록 ${f.size}건의 서명된 장부에 있습니다 (서명: ${f.signers}).`,
  proofOfFootage:
    '그 기록이 보증하는 영상 구간. 파일의 해시가 ciphertextSha256 과 같으면 녹화된 그대로입니다:',
  proofBroken: (f: { fault: string }) => `증명이 맞지 않습니다. ${f.fault}`,
  notCompared: (f: { size: number }) =>
    `보관한 검증점 가운데 기록 ${f.size}건이 아닌 것과는 견줄 수 없었습니다. 장부 전체(--bundle)로 견주십시오.`,
  mail: {
    text: (f: { site: string; size: number; madeAt: string; key: string }) =>
      `${f.site}의 장부가 ${f.madeAt}에 기록 ${f.size}건이었다는 서명입니다. 지우지 말고 메일함에 두십시오. 나중에 이 메일을 파일로 저장하여 \`girok ledger verify --checkpoint 파일\`에 주면, 그 뒤로 장부가 잘리거나 다시 쓰이지 않았는지 알 수 있습니다. 이틀 넘게 오지 않으면 관리책임자에게 알리십시오.\n\n장부의 키: ${f.key}`,
  } satisfies CheckpointMailWords,
  needsWho: '--by 와 --reason 이 필요합니다. 누가 왜 새 장부를 시작하는지 남겨야 합니다.',
  noIncident:
    '장부가 보관된 검증점과 어긋나지 않아 새로 시작하지 않습니다. 다른 곳에 보관한 검증점이 있으면 --checkpoint 로 주십시오.',
  brokenOff: {
    smaller: '더 짧음',
    different: '다른 장부이거나 다시 쓰임',
    damaged: '읽을 수 없음',
    missing: '없음',
  } satisfies Record<LogBefore['why'], string>,
  begunAnew: (f: {
    origin: string;
    size: number;
    why: string;
    found: number;
    folder: string;
    key: string;
    by: string;
    reason: string;
  }) =>
    `새 장부를 시작했습니다. 옛 장부 ${f.origin}: 기록 ${f.size}건까지 보증되었고, 남아 있던 것은 ${f.found}건 (${f.why}). 옛 데이터베이스는 "${f.folder}"에 그대로 있으니 지우지 말고 조사하십시오. 증인에게는 새 키를 --log 로 주어야 합니다:\n${f.key}\n결정: ${f.by} (${f.reason})`,
  before: (f: { origin: string; size: number; why: string; found: number; folder: string }) =>
    `앞선 장부 ${f.origin}: 기록 ${f.size}건까지 보증됨, 남아 있던 것 ${f.found}건 (${f.why})${f.folder ? `, "${f.folder}"에 있음` : ''}`,
  bundled: (f: { file: string; entries: number }) => `기록 ${f.entries}건을 "${f.file}"에 담았습니다.`,
  witnessing: (f: { address: string; key: string; logs: number }) =>
    `증인이 ${f.address} 에서 장부 ${f.logs}개를 지켜봅니다. cameras.yml 의 ledger.witness.key 에 적을 키:\n${f.key}`,
  logSilent: (f: { log: string }) =>
    `${f.log}: 15분 넘게 소식이 없습니다. 그 컴퓨터가 꺼졌거나 망이 끊겼습니다. 관리책임자에게 알리십시오.`,
  logBack: (f: { log: string }) => `${f.log}: 다시 소식이 옵니다.`,
  proof: {
    entered: '이 기록은 장부에 있으며, 서명된 검증점이 보증합니다.',
    no_entry: '그런 번호의 기록이 없습니다. `girok ledger status`로 기록 수를 확인하십시오.',
    unchanged: '이 영상은 녹화된 그대로입니다. 장부의 기록과 서명된 검증점이 보증합니다.',
    unsigned:
      '이 영상은 장부의 기록과 같으나, 그 기록은 아직 서명되지 않았습니다. 1분 뒤에 다시 확인하십시오.',
    not_entered: '이 시간의 영상은 아직 장부에 오르지 않았습니다. 그 시간이 끝나고 15분 안에 오릅니다.',
    recording: '아직 녹화 중인 영상입니다.',
    no_footage: '그 순간에는 영상이 없습니다.',
    file_changed: '영상 파일이 봉인될 때의 것이 아닙니다. 바뀌었거나 상했거나 없습니다.',
    catalogue_changed: '목록이 말하는 영상이 장부에 오른 것과 다릅니다.',
    ledger_changed: '장부의 기록이 이 영상을 보증하지 않습니다. `girok ledger verify`로 장부를 검증하십시오.',
  },
  /** 화면에서: 기록 하나가 무엇으로 보증되는지. */
  shown: {
    proof: {
      entered: '이 기록은 바뀌지 않았습니다. 서명된 검증점이 보증합니다.',
      unsigned: '이 기록은 아직 서명되지 않았습니다. 1분 안에 서명됩니다.',
      ledger_changed:
        '이 기록을 검증점이 보증하지 않습니다. 장부를 지금 검증하고 관리책임자에게 알려 주십시오.',
    },
  },
  page: {
    title: '장부 검증점',
    madeAt: '서명 시각',
    size: '기록 수',
    root: '뿌리 해시 앞 16자리',
    key: '장부의 키',
    why: '이 쪽을 이 컴퓨터의 관리자가 아닌 사람이 보관하십시오. 나중에 QR 코드의 내용을 파일로 옮겨 `girok ledger verify --checkpoint`에 주면, 그 뒤로 장부가 잘리거나 다시 쓰이지 않았는지 알 수 있습니다.',
  },
  standing: (f: { entries: number; unsigned: number; waiting: number; signers: string }) =>
    `기록 ${f.entries}건, 아직 서명되지 않은 것 ${f.unsigned}건, 기다리는 것 ${f.waiting}건. 마지막 서명: ${f.signers || '없음'}`,
  late: '기다리는 것이 3분 넘게 그대로입니다. 관리 프로세스(girok-steward)가 돌고 있는지 확인하십시오.',
  diverges: (f: { seen: number; found: number }) =>
    `장부가 두 번째 자리에 보관된 검증점과 어긋납니다 (거기서는 ${f.seen}건, 여기는 ${f.found}건). \`girok ledger verify\`로 확인하십시오.`,
  views: {
    management: {
      name: '개인영상정보 관리대장',
      titles: [
        '번호',
        '구분',
        '일시',
        '파일명/형태',
        '담당자',
        '목적/사유',
        '이용·제공받는 제3자/열람등 요구자',
        '이용·제공 근거',
        '이용·제공 형태',
        '이용·제공 기간 및 파기예정일자',
        '파기 여부 등 결과 및 처리일자',
        '안전관리 요청 내용 및 결과',
      ],
      kinds: { USE: '이용', PROVISION: '제공', ACCESS: '열람', DESTRUCTION: '파기' },
      corrected: (f: { entry: number }) => `[정정: 기록 ${f.entry}번]`,
    },
    viewing: {
      name: '열람기록',
      titles: [
        '번호',
        '열람번호',
        '영상 생성 일시 (부터)',
        '영상 생성 일시 (까지)',
        '열람 목적',
        '사유',
        '열람자',
        '열람 일시',
        '열람 종료',
        '요청자',
        '카메라',
        '구분',
        '단말',
        '비식별',
        '청구 접수번호',
        '허가·비상열람',
        '전달 바이트',
        '결과',
      ],
      kinds: { recorded: '녹화 영상', live: '실시간', shift: '실시간 근무' },
      outcomes: {
        no_finding: '이상 없음',
        incident: '사건',
        signed_out: '로그아웃',
        idle: '자리 비움',
        revoked: '허가 취소',
        expired: '기한 지남',
        lost: '연결 끊김',
      },
      open: '열람 중',
      masked: '예',
      unmasked: '아니오',
    },
    access: {
      name: '접속기록',
      refused: '거절됨',
      titles: ['번호', '접속 일시', '식별자', '이름', '접속지', '처리한 정보주체·영상', '수행업무', '세부'],
    },
    rights: {
      name: '접근권한 부여·변경·말소 기록',
      titles: [
        '번호',
        '일시',
        '구분',
        '계정',
        '이름',
        '역할',
        '카메라',
        '행위',
        '되돌아볼 수 있는 시간',
        '시작',
        '종료',
        '사유',
        '처리자',
        '신청자',
        '승인자',
      ],
      roles: {
        security: '운영담당자',
        officer: '관리책임자',
        reviewer: '검수자',
        auditor: '감사',
        technician: '수탁자',
        administrator: '시스템 관리자',
        kiosk: '열람자',
      },
      actions: {
        live: '실시간',
        playback: '재생',
        still: '정지화면',
        export: '반출',
        mask: '비식별 처리',
        approve: '승인',
        hold: '보존조치',
        confirm_erasure: '파기 확인',
        read_logs: '기록 조회',
        manage_people: '계정·권한 관리',
      },
      suspensions: {
        failures: '로그인 실패',
        unused: '장기 미사용',
        training: '교육 기한 지남',
        contract: '계약 종료',
        officer: '관리책임자의 결정',
      },
    },
    destruction: {
      name: '파기 기록',
      titles: [
        '번호',
        '실행',
        '시작',
        '끝',
        '결과',
        '카메라 수',
        '촬영일 처음',
        '촬영일 끝',
        '파일 수',
        '바이트',
        '보존으로 미룬 것',
        '실패',
        '키 에폭',
      ],
      states: { complete: '완료', incomplete: '미완료' },
    },
    entries: {
      name: '장부',
      titles: ['번호', '일시', '기록 시각', '누가', '무엇', '종류', '내용'],
    },
    events: ledgerEvents,
    sealed: '(봉인됨)',
    erased: '(삭제됨)',
    damaged: '(손상됨)',
  } satisfies ViewWords,
  unsigned: '아직 서명된 검증점이 없어 담을 것이 없습니다. 관리 프로세스가 1분 안에 만듭니다.',
};

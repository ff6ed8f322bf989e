/** 모든 화면에 있는 말. 이것이 열쇠를 정하고 영어는 같은 열쇠를 갖습니다. */
export const frame = {
  product: '기록',
  skip: '본문으로 건너뛰기',
  menu: '메뉴',
  loading: '불러오고 있습니다',
  close: '닫기',
  cancel: '취소',
  back: '돌아가기',
  optional: '선택',
  pages: {
    today: '오늘',
    wall: '실시간',
    retention: '보관·파기',
    review: '열람',
    viewing: '열람',
    alarms: '경보',
    records: '기록',
    checkpoint: '장부 검증점',
    approvals: '승인',
    people: '사람',
    person: '사람',
    account: '내 계정',
  },
  bar: {
    recording: ({ recording, of }: { recording: number; of: number }) => `${recording}/${of} 녹화 중`,
    recordingUnknown: '녹화 상태를 알 수 없습니다',
    clockAgrees: '서버 시각',
    clockDiffers: ({ seconds }: { seconds: number }) =>
      `서버 시각입니다. 이 컴퓨터의 시계와 ${seconds}초 다릅니다.`,
    language: '언어',
    theme: '밝기',
    themes: { system: '시스템 설정', light: '밝게', dark: '어둡게' },
    me: '내 계정',
    signOut: '로그아웃',
  },
  roles: {
    security: '운영담당자',
    officer: '관리책임자',
    reviewer: '검수자',
    auditor: '감사',
    technician: '수탁자',
    administrator: '시스템 관리자',
    kiosk: '열람자',
  },
  offline: ({ at }: { at: string | undefined }) =>
    at === undefined
      ? '서버에 연결할 수 없습니다. 다시 연결하고 있습니다.'
      : `서버에 연결할 수 없습니다. 다시 연결하고 있습니다. 마지막 확인 ${at}`,
  attended: {
    title: '계속 보고 계십니까?',
    text: ({ seconds }: { seconds: number }) =>
      `${seconds}초 뒤에 자리를 비운 것으로 보고 화면을 가리고 로그인을 끝냅니다. 아무 키나 누르면 계속됩니다.`,
    goOn: '계속 보기',
  },
  denied: {
    title: '열 수 없는 화면입니다',
    role: '이 역할로는 볼 수 없는 화면입니다.',
    who: '권한은 시스템 관리자가 신청하고 관리책임자가 승인합니다. 필요하면 그분에게 요청해 주세요.',
  },
  nowhere: {
    title: '그런 화면이 없습니다',
    text: '주소를 확인해 주세요. 옮겨졌거나 지워진 것일 수 있습니다.',
    home: '처음 화면으로',
  },
  errors: {
    title: '하지 못했습니다',
    retry: '다시 시도',
    unreachable:
      '서버에 연결할 수 없습니다. 네트워크를 확인하고 다시 해 주세요. 보낸 것은 처리되지 않았을 수 있습니다.',
    unreadable: '서버의 답을 읽을 수 없습니다. 화면을 새로 고치고, 되풀이되면 시스템 관리자에게 알려 주세요.',
    pageFault:
      '화면에 오류가 있습니다. 새로 고친 뒤 다시 해 주세요. 되풀이되면 시스템 관리자에게 알려 주세요.',
    chunk: '화면을 불러오지 못했습니다. 기록이 새 판으로 바뀌었을 수 있으니 새로 고쳐 주세요.',
    refresh: '새로 고침',
    stale: ({ sentence }: { sentence: string }) => `아래는 조금 전의 것입니다. ${sentence}`,
    reference: ({ code, status }: { code: string; status: number }) =>
      status === 0 ? `참조: ${code}` : `참조: ${code} · ${status}`,
  },
  proof: {
    title: '본인 확인',
    reasons: {
      right: '권한을 다루는 일입니다. 본인인지 다시 확인합니다.',
      export: '영상이나 기록을 밖으로 내는 일입니다. 본인인지 다시 확인합니다.',
      approval: '승인하는 일입니다. 본인인지 다시 확인합니다.',
      account: '계정을 지키는 일입니다. 본인인지 다시 확인합니다.',
    },
    with: '확인 방법',
    password: '비밀번호',
    totp: '인증 앱의 번호',
    passwordLabel: '비밀번호',
    totpLabel: '번호 6자리',
    lasts: '확인은 5분 동안 유효하며 기록이 남습니다.',
    confirm: '확인',
  },
};

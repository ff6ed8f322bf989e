/** 처음 설정과, 로그인한 뒤 먼저 해야 하는 일의 말. */
export const setUp = {
  steps: '설정 순서',
  stepNames: { administrator: '시스템 관리자', factor: '두 번째 인증', officer: '관리책임자', done: '끝' },
  stepNow: ({ at, of }: { at: number; of: number }) => `${of}단계 중 ${at}단계`,
  recording: ({ recording, of }: { recording: number; of: number }) => `카메라 ${recording}/${of}대 녹화 중`,
  recordingUnknown: '녹화기가 아직 답하지 않습니다',
  administrator: {
    title: '기록을 시작합니다',
    about: '이 컴퓨터의 터미널에 나온 첫 관리자 번호를 적어 주세요. 없으면 아래 명령으로 받습니다.',
    command: 'npm run -s girok -- people first-code',
    code: '첫 관리자 번호',
    login: '로그인 이름',
    loginHint: '영문 소문자·숫자·점·밑줄·빼기 2~32자',
    name: '이름',
    nameHint: '장부에 남는 이름입니다.',
    submit: '관리자 만들기',
  },
  password: {
    title: '비밀번호를 바꾸어 주세요',
    about: '받은 비밀번호는 처음 한 번만 씁니다. 자기만 아는 것으로 바꾸면 시작할 수 있습니다.',
  },
  factor: {
    title: '두 번째 인증을 정해 주세요',
    about: '비밀번호만으로는 열리지 않는 일을 맡고 있습니다. 한 가지를 정해 주세요.',
    ways: '방법',
    passkeysOff: '패스키는 access.origin 을 적은 뒤에 쓸 수 있습니다.',
  },
  officer: {
    title: '관리책임자의 계정',
    about:
      '영상을 보고 내주고 파기를 확인하는 사람입니다. 관리자는 영상을 볼 수 없으므로 다른 사람이어야 합니다.',
    submit: '계정 만들기 · 기록이 남습니다',
    later: '나중에 하기',
    handed: ({ name }: { name: string }) => `${name} 님에게 전해 주세요`,
    handedText: '이 비밀번호는 지금만 보입니다. 사흘 안에 한 번 쓸 수 있고, 로그인하면 바로 바꾸게 됩니다.',
    handedLogin: '로그인 이름',
    handedPassword: '처음 비밀번호',
    print: '인쇄',
    goOn: '전했습니다',
  },
  done: {
    title: '준비되었습니다',
    about: '녹화와 장부가 돌고 있습니다. 권한은 사람마다 따로 신청하고 승인합니다.',
    begin: '시작하기',
  },
  signIn: '이미 계정이 있습니다',
  signOut: '로그아웃',
};

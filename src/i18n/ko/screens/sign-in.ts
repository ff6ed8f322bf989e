/** 로그인 화면의 말. */
export const signIn = {
  title: '로그인',
  endedTitle: '로그인이 끝났습니다',
  ended: ({ name }: { name: string }) =>
    `${name} 님, 다시 로그인하면 하던 일로 돌아갑니다. 쓰던 글은 그대로 있습니다.`,
  notMe: '다른 사람입니다',
  login: '로그인 이름',
  password: '비밀번호',
  submit: '로그인',
  notice: '로그인과 하는 일은 기록이 남습니다.',
  lockedFor: ({ seconds }: { seconds: number }) => `${seconds}초 뒤에 다시 할 수 있습니다.`,
  factor: {
    title: '두 번째 인증',
    totp: '인증 앱',
    webauthn: '패스키',
    recovery: '복구 번호',
    kinds: '인증 방법',
    totpLabel: '인증 앱의 번호 6자리',
    recoveryLabel: '복구 번호',
    recoveryHint: '하나는 한 번만 쓸 수 있습니다.',
    passkeyText: '이 기기나 보안 키로 확인합니다.',
    passkeyShow: '패스키로 확인',
    passkeyFailed: '패스키를 확인하지 못했습니다. 다시 하거나 다른 방법을 골라 주세요.',
    submit: '확인',
    again: '처음부터 다시',
  },
};

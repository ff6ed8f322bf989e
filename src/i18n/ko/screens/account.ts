/** 내 계정 화면의 말. */
export const account = {
  who: ({ name, role }: { name: string; role: string }) => `${name} · ${role}`,
  sessions: {
    title: '로그인한 곳',
    text: '모르는 곳이 있으면 끝내고 비밀번호를 바꾸어 주세요.',
    since: '로그인',
    used: '마지막 사용',
    ends: '끝나는 때',
    address: '주소',
    outside: '현장 밖',
    inside: '현장 안',
    factor: '두 번째 인증',
    noFactor: '없음',
    here: '이 화면',
    end: '끝내기',
    endSpoken: ({ address, since }: { address: string; since: string }) =>
      `${address}, ${since} 로그인 끝내기`,
    ended: '그 로그인을 끝냈습니다.',
  },
  factors: { totp: '인증 앱', webauthn: '패스키', recovery: '복구 번호' },
};

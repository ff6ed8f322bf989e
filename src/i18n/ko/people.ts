/** Why something about a person's account was not done, with what to do instead. */
export const people = {
  password: {
    other: '쓸 수 없는 비밀번호입니다. 다른 것으로 정하십시오',
    too_short: '비밀번호가 너무 짧습니다. 여러 낱말을 이어 더 길게 하십시오',
    too_long: '비밀번호가 너무 깁니다. 128자까지 쓸 수 있습니다',
    too_simple: '비밀번호에 쓰인 글자 종류(대문자·소문자·숫자·특수문자)가 현장의 규칙보다 적습니다',
    common: '흔히 쓰이거나 쉽게 추측되는 비밀번호입니다. 서로 관계없는 낱말을 여러 개 이으십시오',
    personal: '비밀번호에 이름이나 로그인 이름, 현장 이름이 들어 있습니다. 그것 없이 만드십시오',
    same: '지금 쓰는 비밀번호와 같습니다. 다른 것으로 정하십시오',
  },
  account: {
    other: '계정에 그렇게 할 수 없습니다. 목록을 새로 보고 다시 하십시오',
    login_bad: '로그인 이름은 영문 소문자·숫자·점·밑줄·빼기 2~32자입니다',
    login_taken: '이미 있는 로그인 이름입니다. 다른 이름을 쓰십시오',
    name_bad: '이름은 줄바꿈 없이 1~60자입니다',
    role_bad: '그 역할의 계정은 만들 수 없습니다. 열람자 화면은 책임자가 그때그때 엽니다',
    contract_missing: '수탁자의 계정에는 계약이 끝나는 날이 있어야 합니다',
    term_bad: '날짜가 지났거나 너무 멉니다. 앞날의 날짜를 주십시오',
    own: '자기 계정에는 할 수 없습니다. 다른 관리자에게 맡기십시오',
    last_administrator: '계정을 관리할 수 있는 마지막 사람입니다. 먼저 다른 관리자를 두십시오',
    not_so: '계정이 그런 상태가 아닙니다. 목록을 새로 보고 다시 하십시오',
    changed: '그동안 다른 사람이 고쳤습니다. 지금 내용을 보고 다시 고치십시오',
    cause_stands: '정지된 까닭이 그대로입니다. 계약이나 교육의 날짜를 먼저 고치십시오',
  },
  right: {
    other: '권한에 그렇게 할 수 없습니다. 목록을 새로 보고 다시 하십시오',
    beyond_role: '그 역할에 줄 수 있는 권한을 넘습니다. 역할이 할 수 있는 일만 고르십시오',
    nothing: '권한에 아무 일도 들어 있지 않습니다. 할 일을 하나 이상 고르십시오',
    camera_missing: '어느 카메라의 권한인지 없습니다. 카메라를 고르십시오',
    camera_unknown: '그런 카메라가 없습니다. cameras.yml 의 카메라를 고르십시오',
    term_bad: '기간이 지났거나 거꾸로입니다. 앞날의 끝 날짜를 주십시오',
    reason_bad: '까닭은 10~500자입니다',
    own: '자기 권한은 자기가 승인할 수 없습니다. 다른 사람이 승인해야 합니다',
    requester: '신청한 사람은 승인할 수 없습니다. 승인할 수 있는 다른 사람이 있습니다',
    not_approver: '권한을 승인할 수 있는 사람이 아닙니다. 책임자나 관리자에게 맡기십시오',
    not_open: '기다리는 신청이 아닙니다. 목록을 새로 보고 다시 하십시오',
    waits_already: '이 권한에는 이미 기다리는 변경 신청이 있습니다. 그것부터 처리하십시오',
    account_not_active: '쓸 수 있는 계정이 아닙니다. 계정을 먼저 되살리십시오',
  },
  command: {
    firstCode: ({ code }: { code: string }) =>
      `첫 관리자 번호: ${code}\n24시간 안에 한 번 쓸 수 있습니다. 웹 화면에서 이 번호와 함께 첫 관리자의 이름과 비밀번호를 정하십시오.`,
    noAdministrator:
      '아직 관리자가 없습니다. 이 컴퓨터에서 `girok people first-code`로 첫 관리자 번호를 받으십시오.',
    notSimulated: '시연 계정은 simulatedSite.enabled: true 인 가상 현장에만 만듭니다.',
    demo: (accounts: readonly { login: string; name: string; role: string; password: string }[]) =>
      [
        '시연 계정입니다. 비밀번호는 다시 보여 주지 않습니다.',
        ...accounts.map(({ login, role, password }) => `  ${login.padEnd(12)}${role.padEnd(15)}${password}`),
      ].join('\n'),
  },
};

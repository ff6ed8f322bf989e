import type { Refusal } from '../../access/policy.ts';

/** 왜 허용되지 않는지, 그리고 무엇을 하면 되는지. */
export const refusals: Record<Refusal, string> = {
  session_over: '로그인이 끝났습니다. 다시 로그인하십시오.',
  account_suspended: '이 계정은 정지되어 있습니다. 책임자에게 문의하십시오.',
  account_closed: '이 계정은 닫혔습니다. 책임자에게 문의하십시오.',
  password_to_be_changed: '비밀번호를 먼저 바꾸어야 합니다.',
  second_factor_needed: '2차 인증이 필요합니다. 인증을 마친 뒤 다시 하십시오.',
  not_of_role: '이 역할로는 할 수 없는 일입니다. 맡은 사람에게 요청하십시오.',
  operating_room: '수술실 영상은 승인된 절차 없이 누구에게도 열리지 않습니다.',
  prohibited_place: '촬영해서는 안 되는 곳입니다. 열 수 있는 영상이 없습니다.',
  no_right: '이 일을 할 권한이 없습니다. 권한을 신청하십시오.',
  right_not_begun: '권한이 아직 시작되지 않았습니다. 시작일을 확인하십시오.',
  right_over: '권한의 기간이 끝났습니다. 다시 신청하십시오.',
  beyond_look_back: '권한으로 볼 수 있는 기간보다 오래된 영상입니다. 책임자의 승인을 요청하십시오.',
  proof_needed:
    '중요한 일이므로 본인임을 다시 확인해야 합니다. 비밀번호나 인증 수단으로 확인한 뒤 다시 하십시오.',
};

import type { GapCause } from '../../catalogue/causes.ts';

/** 영상이 없는 까닭. */
export const gaps: Record<GapCause, string> = {
  camera_off: '카메라 응답 없음',
  refused: '카메라가 거절',
  network: '네트워크 끊김',
  we_were_slow: '서버가 밀림',
  disk: '저장 장치',
  maintenance: '점검·중지',
  clock_step: '시계 변경',
  recorder_failure: '녹화기 중단',
  unknown: '원인 모름',
};

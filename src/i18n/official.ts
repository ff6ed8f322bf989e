/**
 * Words of the official forms (개인영상정보 관리대장). Always Korean, whatever language the interface speaks: the
 * register is kept for the Korean authorities. Days as the form has them: '26.11.02.
 */
export const official = {
  erasing: {
    fileNameForm: (f: { from: string; to: string; cameras: number; files: number }) =>
      `${f.from}~${f.to} 촬영 CCTV ${f.cameras}대/영상 (파일 ${f.files}개)`,
    nothingErased: (f: { month: string }) => `${f.month} 중 파기된 CCTV 영상 없음`,
    purposeReason: '보관기간 경과',
    legalBasis: '개인정보 처리방침 제14조, 표준 개인정보 보호지침 제41조',
    period: (f: { days: number }) => `${f.days}일 주기 자동 파기, 매월 1일 확인`,
    result: (f: { on: string; tried: number; late: number }) =>
      [
        `자동 파기 확인(${f.on})`,
        '보관기간이 지난 영상 없음',
        f.tried > 0 ? '임의 복원 시도 실패' : '복원을 시도할 파기 영상 없음',
        ...(f.late > 0 ? [`지연 파기 ${f.late}건`] : []),
      ].join(', '),
  },
  item: {
    kind: { print: '출력물', disc: 'CD·DVD', usb: 'USB' },
    method: { shred: '파쇄', burn: '소각', wipe: '초기화' },
    fileNameForm: (f: { item: string; kind: string }) => `제${f.item}호/${f.kind}`,
    purposeReason: '이용·제공·열람 목적 달성',
    legalBasis: '개인정보 처리방침 제14조, 표준 개인정보 보호지침 제41조',
    period: (f: { from: string; due?: string | undefined }) =>
      f.due === undefined ? `${f.from} 반출` : `${f.from} 반출, ${f.due} 반환·파기 예정`,
    result: (f: { method: string; on: string; witnessed: boolean }) =>
      `${f.method}(${f.on})${f.witnessed ? ', 입회자 있음' : ''}`,
  },
  /** No conditions were asked of anybody. */
  none: '해당 없음',
};

/** `2026-11-02` → `'26.11.02`. */
export const officialDay = (day: string): string => `'${day.slice(2).replaceAll('-', '.')}`;

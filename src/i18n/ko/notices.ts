/** 경보와 "이상 없음"을 알리는 메일, `girok alarm …` 의 말. */
export const notices = {
  severity: { serious: '심각', warning: '주의', note: '참고' },
  subject: (f: { site: string; begun: number; ended: number }) =>
    `[기록] ${f.site}: ${[f.begun > 0 ? `경보 ${f.begun}건` : '', f.ended > 0 ? `끝난 경보 ${f.ended}건` : ''].filter(Boolean).join(', ')}`,
  heading: {
    raised: '새 경보',
    again: '아직 끝나지 않았고, 아무도 확인하지 않은 경보',
    ended: '끝난 경보',
    passed: '알리기 전에 생겼다가 끝난 경보',
  },
  line: (f: { severity: string; sentence: string; since: string; ended: string; count: number }) =>
    `- [${f.severity}] ${f.sentence}\n  ${f.since}부터${f.ended === '' ? '' : ` ${f.ended}까지`}${f.count > 1 ? `, ${f.count}번` : ''}`,
  more: (f: { count: number }) => `- 그 밖에 ${f.count}건. \`girok alarm list\`로 모두 볼 수 있습니다.`,
  takeNote:
    '확인했으면: girok alarm acknowledge ID --by 이름. 심각한 경보는 확인하거나 끝날 때까지 날마다 다시 알립니다.',
  footer: (f: { site: string }) => `${f.site}의 기록(Girok)이 보낸 메일입니다. 답장은 읽히지 않습니다.`,
  daily: {
    subject: (f: { site: string; day: string; serious: number }) =>
      f.serious === 0
        ? `[기록] ${f.site}: ${f.day} 이상 없음`
        : `[기록] ${f.site}: ${f.day} 심각한 경보 ${f.serious}건`,
    why: '이 메일이 하루라도 오지 않으면 이상이 있는 것입니다. 그 컴퓨터를 확인하십시오.',
    certificate: (f: { at: string | undefined }) =>
      f.at === undefined ? '마지막 파기 확인서: 아직 없음' : `마지막 파기 확인서: ${f.at}`,
    checkpoint: (f: { size: number; root: string; at: string } | undefined) =>
      f === undefined
        ? '마지막 장부 서명: 아직 없음'
        : `마지막 장부 서명: ${f.at}, 기록 ${f.size}건, 뿌리 해시 앞 16자리 ${f.root}`,
    oldest: (f: { day: string | undefined }) =>
      f.day === undefined
        ? '열 수 있는 가장 오래된 영상: 없음'
        : `열 수 있는 가장 오래된 영상: ${f.day} 촬영분`,
    alarms: (f: { count: number }) => (f.count === 0 ? '경보가 없습니다.' : `지금 있는 경보 ${f.count}건:`),
  },
  alarm: {
    none: '경보가 없습니다.',
    column: {
      id: '번호',
      severity: '정도',
      since: '부터',
      ended: '까지',
      taken: '맡은 사람',
      noted: '확인',
      alarm: '경보',
    },
    stands: '계속',
    sealed: '(봉인됨)',
    taken: (f: { id: string }) => `경보 ${f.id}을(를) 맡았습니다.`,
    acknowledged: (f: { id: string }) =>
      `경보 ${f.id}을(를) 확인했습니다. 끝날 때까지 목록에 남고, 날마다 다시 알리지는 않습니다.`,
  },
  witness: {
    silentSubject: (f: { log: string }) => `[증인] ${f.log}: 15분 넘게 소식이 없습니다`,
    overdueSubject: (f: { log: string }) => `[증인] ${f.log}: 26시간 넘게 파기 확인서가 없습니다`,
    backSubject: (f: { log: string }) => `[증인] ${f.log}: 다시 정상입니다`,
    overdue: (f: { log: string; last: string }) =>
      `${f.log}: 26시간 넘게 파기 확인서가 없습니다${f.last === '' ? '' : ` (마지막 ${f.last})`}. 기한이 지난 영상이 남아 있을 수 있습니다. 관리책임자에게 알리십시오.`,
    certified: (f: { log: string }) => `${f.log}: 파기 확인서가 다시 옵니다.`,
    serious: (f: { log: string; count: number }) =>
      `${f.log}: 마지막 소식 때 심각한 경보가 ${f.count}건 있었습니다.`,
    sendFailed: (f: { error: string }) => `메일이나 웹훅을 보내지 못했습니다 (${f.error}). 다시 시도합니다.`,
  },
};

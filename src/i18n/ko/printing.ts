/** 인쇄하거나 파일로 내보내는 것에 찍히는 말. */
export const printing = {
  page: (f: { page: number; pages: number }) => `${f.page} / ${f.pages}쪽`,
  register: {
    site: '현장',
    period: '기간',
    wholeTime: '처음부터 지금까지',
    fromTo: (f: { from: string; to: string }) =>
      `${f.from === '' ? '처음' : f.from} 부터 ${f.to === '' ? '지금까지' : `${f.to} 전까지`}`,
    narrowed: '조건',
    rows: '줄 수',
    count: (f: { rows: number }) => `${f.rows.toLocaleString('en-US')}줄`,
    taken: '내보냄',
    takenBy: (f: { by: string; at: string; zone: string }) => `${f.by}, ${f.at} (${f.zone})`,
    vouched: '검증점',
    checkpoint: (f: { size: number; at: string }) => `검증점 #${f.size} (${f.at})`,
    noCheckpoint: '아직 서명된 검증점 없음',
    empty: '이 조건에 맞는 기록이 없습니다.',
  },
};

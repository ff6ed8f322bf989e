import type { LossCause } from '../../catalogue/causes.ts';

/** `girok serve`, `status`, `coverage`, `forecast` 와 `vault …` 의 말. */
export const operation = {
  /** @param ms 한 시간 미만은 분·초, 그 이상은 시간·분 */
  duration: (ms: number): string => {
    const s = Math.round(ms / 1000);
    if (s < 60) return `${s}초`;
    if (s < 3600) return `${Math.floor(s / 60)}분 ${s % 60}초`;
    return `${Math.floor(s / 3600)}시간 ${Math.floor((s % 3600) / 60)}분`;
  },
  forecast: {
    fits: (f: { days: number; perDay: string; fit: number }) =>
      `${f.days}일 보관할 수 있습니다: 하루 약 ${f.perDay}, ${f.fit}일분의 공간.`,
    doesNotFit: (f: { days: number; perDay: string; fit: number; missing: string }) =>
      `${f.days}일 보관할 수 없습니다: 하루 약 ${f.perDay}, ${f.fit}일분의 공간. ${f.missing} 모자랍니다. 지난 영상을 지우지 않고 녹화가 멈추게 되니 디스크를 늘리거나 비트레이트를 낮추십시오.`,
    nothing: (_: object) => '녹화할 카메라가 없어 공간을 예측하지 않습니다.',
    estimated: (f: { estimated: number; streams: number }) =>
      `스트림 ${f.streams}개 중 ${f.estimated}개는 아직 재지 못해 어림한 값입니다.`,
    column: {
      perDay: '하루',
      held: '보관 중',
      free: '남은 공간',
      reserve: '예비 용량',
      fit: '들어가는 일수',
    },
    measuring: '녹화기가 아직 헤아리는 중입니다.',
  },
  status: {
    state: { connecting: '접속 중', recording: '녹화 중', waiting: '재접속 대기', stopped: '멈춤' },
    column: {
      camera: '카메라',
      name: '이름',
      stream: '스트림',
      state: '상태',
      fps: 'fps',
      rate: 'Mbit/s',
      durable: '마지막 저장',
      gap: '지금의 공백',
      gaps: '공백 합계',
    },
    ago: (f: { duration: string }) => `${f.duration} 전`,
    openGap: (f: { duration: string; cause: string }) => `${f.duration} (${f.cause})`,
    gapsEnded: (f: { count: number; duration: string }) => `${f.count}회 ${f.duration}`,
    summary: (f: { site: string; recording: number; of: number; since: string; duration: string }) =>
      `${f.site}: 카메라 ${f.of}대 중 ${f.recording}대 녹화 중 (${f.since}부터, ${f.duration})`,
    disk: (f: { free: string; total: string; reserve: string }) =>
      `저장 공간: ${f.total} 중 ${f.free} 남음 (예비 ${f.reserve})`,
    alarms: (f: { count: number }) => `경보 ${f.count}건`,
    noAlarms: '경보가 없습니다.',
    since: (f: { time: string }) => `${f.time}부터`,
    ffmpeg: (f: { streams: string; why: string | undefined }) =>
      `ffmpeg 으로 받는 스트림: ${f.streams}${f.why === undefined ? '' : ` (${f.why})`}`,
    lost: (f: { stream: string; missing: string; share: string; damaged: string }) =>
      `${f.stream}: 패킷 ${f.missing}개(${f.share})가 오지 않았고, 화면 ${f.damaged}장이 손상된 채 저장되었습니다.`,
    recovering: '지난 파일과 목록을 맞춰 보는 중입니다.',
  },
  coverage: {
    title: (f: { day: string; from: string; to: string }) => `${f.day} (${f.from} ~ ${f.to})`,
    column: {
      camera: '카메라',
      stream: '스트림',
      share: '녹화율',
      recorded: '녹화(초)',
      gap: '공백(초)',
      unknown: '모름(초)',
      causes: '까닭',
    },
    unknown: '설명 없음',
    beforeFirst: '첫 녹화 전',
    gap: (f: { from: string; to: string; duration: string; cause: string }) =>
      `${f.from} ~ ${f.to}  ${f.duration}  ${f.cause}`,
    losses: (f: { missing: string; damaged: string; seconds: string; causes: string }) =>
      `오지 않은 패킷 ${f.missing}개, 손상된 화면 ${f.damaged}장, ${f.seconds}초에 걸쳐 (${f.causes})`,
    lossCause: {
      network: '네트워크',
      camera: '카메라가 보내지 않음',
      we_were_slow: '서버가 밀림',
    } satisfies Record<LossCause, string>,
    notYet: (f: { day: string }) => `${f.day}은(는) 아직 시작하지 않았습니다.`,
    badDay: 'YYYY-MM-DD, today, yesterday 중 하나',
    nothing: '그날의 카메라가 없습니다.',
  },
  vault: {
    badLevel: 'presence, size, full 중 하나',
    checking: (f: { done: number; of: number; files: number }) =>
      `점검 중: 카메라·날짜 ${f.done}/${f.of}, 파일 ${f.files}개`,
    sound: (f: { files: number; level: string; unfinished: number }) =>
      `파일 ${f.files}개를 점검했고 모두 맞습니다 (${f.level}).${f.unfinished > 0 ? ` 쓰는 중인 파일 ${f.unfinished}개는 건너뛰었습니다.` : ''}`,
    found: (f: { files: number; findings: number }) =>
      `파일 ${f.files}개를 점검하여 문제 ${f.findings}건을 찾았습니다.`,
    finding: {
      missing: '목록에는 있으나 파일이 없습니다. 디스크에서 사라졌는지 확인하십시오.',
      unknown: '파일은 있으나 목록에 없습니다. 녹화기를 멈추고 `girok vault reindex`를 실행하십시오.',
      strange: '영상 파일의 이름이 아닙니다. 누가 두었는지 확인하십시오.',
      size: '크기가 목록과 다릅니다. 디스크를 점검하십시오.',
      hash: '내용이 목록과 다릅니다. 바꿔치기 되었거나 디스크가 상했습니다.',
      damaged: '손상되어 인증되지 않습니다. 디스크를 점검하십시오.',
      locked: '이 시간의 키가 없습니다. 파기된 영상이 아니라면 키 보관소의 사본을 확인하십시오.',
      unreadable: '디스크가 읽기를 거절합니다. 디스크와 권한을 확인하십시오.',
    },
    reindexing: (f: { files: number }) => `파일을 읽어 목록을 만드는 중: ${f.files}개`,
    reindexed: (f: { files: number; restored: number; unreadable: number }) =>
      `목록에 없던 파일 ${f.files}개를 읽어 ${f.restored}개를 되살렸습니다.${f.unreadable > 0 ? ` ${f.unreadable}개는 열 수 없어 그대로 두었습니다.` : ''}`,
    movedAside: (f: { path: string }) => `이전 목록은 "${f.path}"(으)로 옮겨 두었습니다.`,
  },
  serve: {
    drawing: (f: { percent: number }) => `가상 현장의 장면을 그리는 중 (첫 시작에만): ${f.percent} %`,
    starting: '녹화기를 시작하는 중: 지난 파일을 살펴봅니다…',
    counting: (f: { recording: number; of: number }) => `카메라 ${f.of}대 중 ${f.recording}대 녹화 중…`,
    label: {
      recording: '녹화',
      storage: '저장',
      forecast: '보관',
      web: '웹 화면',
      metrics: '지표',
      stop: '끝내기',
    },
    recording: (f: { recording: number; of: number }) => `카메라 ${f.of}대 중 ${f.recording}대`,
    storage: (f: { folder: string; free: string }) => `${f.folder} (남은 공간 ${f.free})`,
    stop: 'Ctrl-C. 이제부터는 바뀌는 것만 보여 줍니다. 자세히: npm run -s girok -- status',
    simulated: '가상 카메라로 시연 중입니다 (cameras.yml 의 simulatedSite).',
    lost: (f: { camera: string; name: string; cause: string }) =>
      `${f.camera} ${f.name}: 녹화가 끊겼습니다 (${f.cause}). 저절로 다시 시도합니다.`,
    back: (f: { camera: string; name: string }) => `${f.camera} ${f.name}: 다시 녹화합니다.`,
    alarm: (f: { sentence: string }) => `경보: ${f.sentence}`,
    over: (f: { sentence: string }) => `경보 끝: ${f.sentence}`,
    process: { recorder: '녹화기', steward: '관리 프로세스', web: '웹 서버', simulatedSite: '가상 현장' },
    died: (f: { process: string; how: string; seconds: number }) =>
      `${f.process}: 끝났습니다 (${f.how}). ${f.seconds}초 뒤에 다시 시작합니다.`,
    restarted: (f: { process: string }) => `${f.process}: 다시 시작되었습니다.`,
    stopping: '끝내는 중: 쓰던 영상을 봉인합니다…',
    stopped: '모두 끝났습니다.',
  },
};

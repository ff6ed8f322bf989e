export const cli = {
  usage: '사용법',
  options: '옵션',
  commands: '명령',
  example: '예',
  exitCodes: '종료 코드',
  everyCommand: '모든 명령의 옵션',
  intro: '기록(Girok): CCTV 영상정보 관리. 명령마다 --help 로 설명과 예를 볼 수 있습니다.',
  option: {
    config: '설정 파일 (기본 cameras.yml, 또는 환경 변수 GIROK_CONFIG)',
    storage: '설정 파일의 storage.folder 대신 쓸 폴더',
    json: '표준 출력에 JSON 문서 하나만 내고, 알림은 표준 오류로',
    lang: '말 ko | en',
    help: '이 도움말',
  },
  exit: {
    0: '정상',
    1: '찾아낸 문제가 있거나 실패',
    2: '명령을 잘못 씀',
    3: '설정 오류',
    4: '저장소 오류',
    5: '카메라 오류',
    6: '실행 중이 아님',
  },
  unknownCommand: (f: { command: string; meant: string | undefined }) =>
    `"${f.command}"은(는) 모르는 명령입니다.${f.meant ? ` 혹시 "${f.meant}"입니까?` : ''}`,
  unknownOption: (f: { option: string; meant: string | undefined }) =>
    `"${f.option}"은(는) 모르는 옵션입니다.${f.meant ? ` 혹시 "${f.meant}"입니까?` : ''}`,
  valueMissing: (f: { option: string }) => `"${f.option}"에 값이 필요합니다.`,
  valueUnwanted: (f: { option: string }) => `"${f.option}"은(는) 값을 받지 않습니다.`,
  badValue: (f: { option: string; expected: string }) => `"${f.option}"의 값은 ${f.expected}이어야 합니다.`,
  argumentsMissing: (f: { usage: string }) => `인수가 모자랍니다. 사용법: ${f.usage}`,
  argumentsExtra: (f: { argument: string }) => `"${f.argument}"은(는) 남는 인수입니다.`,
};

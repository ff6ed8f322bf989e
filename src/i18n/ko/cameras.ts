export const cameras = {
  column: { id: '식별자', name: '이름', place: '장소', zone: '구분', recording: '녹화', address: '주소' },
  zone: {
    public: '공개된 장소',
    non_public: '비공개된 장소',
    operating_room: '수술실',
    prohibited: '설치 금지',
  },
  why: {
    continuous: '상시',
    disabled: '꺼 둠',
    prohibited: '금지',
    waits_for_request: '요청 대기',
    asked_for: '요청 중',
    operating_room_unconfirmed: '확인 필요',
    operating_room_confirmed: '상시 (확인됨)',
  },
  discovering: (f: { addresses: number }) => `카메라를 찾는 중 (주소 ${f.addresses}곳)…`,
  discovered: (f: { found: number; known: number }) =>
    f.found === 0
      ? '# 찾은 카메라가 없습니다. 같은 망인지, cameraNetworks 에 그 망이 있는지 확인하십시오.'
      : f.found === f.known
        ? `# 카메라 ${f.found}대를 찾았고, 모두 이미 등록되어 있습니다.`
        : `# 카메라 ${f.found}대를 찾았고, 그중 ${f.known}대는 이미 등록되어 있습니다. 아래를 cameras 아래에 붙여 넣고 이름과 장소를 채우십시오.`,
  tooManyAddresses: (f: { maximum: number }) => `주소가 너무 많습니다. 한 번에 ${f.maximum}곳까지입니다.`,
  badTarget: (f: { target: string }) => `"${f.target}"은(는) IPv4 주소나 망(CIDR)이 아닙니다.`,
  probing: (f: { camera: string }) => `${f.camera}: 접속하여 영상을 6초 동안 살펴보는 중…`,
  probed: {
    device: '장치',
    clock: '시계 차이',
    stream: '스트림',
    keyFrames: '키 프레임 간격',
    unknown: '알 수 없음',
    seconds: (f: { seconds: string }) => `${f.seconds}초`,
  },
  warning: {
    dynamic_gop:
      '키 프레임 간격이 들쭉날쭉합니다(스마트 코덱). 카메라에서 Smart Codec·H.264+·Zipstream 을 끄십시오.',
    key_frames_far_apart: '키 프레임이 2초 넘게 떨어져 있습니다. 카메라의 I프레임 간격을 1~2초로 정하십시오.',
    no_key_frame: '살펴보는 동안 키 프레임이 오지 않았습니다. 카메라의 I프레임 간격을 1~2초로 정하십시오.',
    clock_offset: '카메라의 시계가 2초 넘게 어긋나 있습니다. 카메라의 NTP 설정을 확인하십시오.',
    codec: '녹화할 수 없는 영상 형식입니다. 카메라에서 H.264 또는 H.265 로 바꾸십시오.',
    no_sub: '작은 영상(서브 스트림)이 없습니다. 카메라에서 H.264 서브 스트림을 켜십시오.',
  },
};

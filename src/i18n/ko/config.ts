import type { FaultFacts, FaultKind } from '../../config/fault.ts';

const meant = (f: FaultFacts) => (f.meant === undefined ? '' : ` 혹시 "${f.meant}"입니까?`);
const types: Readonly<Record<string, string>> = {
  string: '글자',
  number: '숫자',
  int: '정수',
  boolean: 'true 또는 false',
  array: '목록',
  object: '키와 값의 묶음',
  null: '빈 값',
};
const type = (name: string | number | undefined) => types[String(name)] ?? String(name);

const faults: Record<FaultKind, (facts: FaultFacts) => string> = {
  syntax: (f) => `YAML 문법이 맞지 않습니다: ${f.detail}`,
  missing: (f) => (f.key ? `"${f.key}"을(를) 적어야 합니다.` : '파일이 비어 있습니다.'),
  unknown_key: (f) => `"${f.key}"은(는) 모르는 키입니다.${meant(f)}`,
  wrong_type: (f) => `${type(f.expected)}이어야 하는데 ${type(f.found)}입니다.`,
  not_one_of: (f) => `"${f.found}"은(는) 쓸 수 없습니다. 다음 중 하나여야 합니다: ${f.choices}.${meant(f)}`,
  out_of_range: (f) =>
    f.minimum === undefined ? `${f.maximum} 이하여야 합니다.` : `${f.minimum} 이상이어야 합니다.`,
  empty: () => '비워 둘 수 없습니다.',
  too_long: (f) => `너무 깁니다. 최대 ${f.maximum}입니다.`,
  bad_site_id: (f) =>
    `"${f.value}"은(는) 현장 식별자가 아닙니다. 소문자·숫자·붙임표로 32자까지, 소문자나 숫자로 시작합니다.`,
  bad_camera_id: (f) =>
    `"${f.value}"은(는) 카메라 식별자가 아닙니다. 소문자·숫자·붙임표로 32자까지, 소문자나 숫자로 시작합니다.`,
  bad_purpose_id: (f) =>
    `"${f.value}"은(는) 목적 식별자가 아닙니다. 대문자·숫자·밑줄로 32자까지, 대문자로 시작합니다.`,
  bad_time_zone: (f) => `"${f.value}"은(는) IANA 시간대가 아닙니다. 예: Asia/Seoul.`,
  bad_witness_url: () => '증인의 주소는 경로 없는 http 주소여야 합니다 (예: http://192.168.10.5:8410).',
  bad_witness_key: () => '증인의 키가 아닙니다. `girok witness`가 보여 주는 줄을 그대로 적으십시오.',
  bad_mail_address: (f) => `"${f.value}"은(는) 메일 주소가 아닙니다. 예: cctv@clinic.example`,
  bad_mail_host: (f) => `"${f.value}"은(는) 메일 서버의 이름이나 주소가 아닙니다.`,
  bad_time_of_day: (f) => `"${f.value}"은(는) 시각이 아닙니다. 예: 08:00`,
  bad_webhook_url: () =>
    '웹 주소가 아닙니다. http:// 또는 https:// 로 시작하고 사용자, 비밀번호, # 이 없어야 합니다.',
  password_in_clear: () =>
    'TLS 없이는 비밀번호가 그대로 망을 지나갑니다. tls 를 starttls 나 tls 로 하거나 credential 을 빼십시오.',
  bad_origin: (f) =>
    `"${f.value}"은(는) 패스키에 쓸 수 있는 주소가 아닙니다. 이름으로 된 https 주소를 경로 없이 적으십시오. 예: https://cctv.clinic.example.`,
  bad_address: (f) => `"${f.value}"은(는) IP 주소가 아닙니다. 예: 192.168.10.2.`,
  bad_cidr: (f) => `"${f.value}"은(는) 망 주소(CIDR)가 아닙니다. 예: 192.168.10.0/24.`,
  bad_size: (f) => `"${f.value}"은(는) 크기가 아닙니다. 예: 20 GiB, 500 MB.`,
  kept_too_short: (f) =>
    f.record === 'rights'
      ? `접근권한 기록은 ${f.least}년 이상 보관해야 합니다(개인정보의 안전성 확보조치 기준 제5조 제3항).`
      : f.record === 'access'
        ? `접속기록은 ${f.least}년 이상 보관해야 합니다(개인정보의 안전성 확보조치 기준 제8조 제1항; 민감정보나 5만 명 이상이면 2년).`
        : `${f.least}년 이상 보관해야 합니다.`,
  bad_day: (f) => `"${f.value}"은(는) 날짜가 아닙니다. 예: 2026-11-01.`,
  bad_reference: () =>
    '비밀은 여기에 적지 않고 참조합니다: file:경로, systemd:이름, (비밀번호는) env:이름 중 하나로 적으십시오.',
  bad_url: (f) =>
    f.use === 'rtsp'
      ? '카메라 주소가 아닙니다. rtsp:// 또는 rtsps:// 로 시작하는 512바이트 이내의 주소여야 합니다.'
      : '카메라 주소가 아닙니다. http:// 또는 https:// 로 시작하는 512바이트 이내의 주소여야 합니다.',
  credentials_in_url: () =>
    '주소 안에 사용자나 비밀번호를 적을 수 없습니다. credential 에 참조로 적으십시오.',
  outside_networks: (f) => `${f.address}은(는) cameraNetworks(${f.networks}) 밖의 주소입니다.`,
  duplicate_id: (f) => `"${f.id}"은(는) 이미 ${f.first}에서 쓴 식별자입니다.`,
  unknown_purpose: (f) => `"${f.id}"은(는) purposes 에 없는 목적입니다.${meant(f)}`,
  one_source: () => 'onvif 와 rtsp 중 정확히 하나를 적어야 합니다.',
  consent_missing: () =>
    '비공개된 장소(non_public)에는 촬영 동의의 근거와 보관처를 consent 에 적어야 합니다(개인정보 보호법 제15조).',
  consent_not_applicable: () => 'consent 는 비공개된 장소(non_public)에만 적습니다.',
  confirmation_not_applicable: () =>
    'basis, confirmedBy, confirmedAt 은 수술실(operating_room)에만 적습니다.',
};

export const config = {
  faults,
  sound: (facts: { cameras: number; path: string }) =>
    `"${facts.path}"에 오류가 없습니다. 카메라 ${facts.cameras}대.`,
  warnings: {
    operating_room_unconfirmed: (f: { camera: string }) =>
      `${f.camera}: 수술실을 상시 촬영하려면 의료법 §38의2에 따른 근거를 basis, confirmedBy, confirmedAt 에 적어야 합니다. 그때까지 접속하지 않습니다.`,
    operating_room_continuous: (f: { camera: string }) =>
      `${f.camera}: 수술실을 상시 촬영하고 있습니다. 의료법 §38의2는 수술별 요청에 따른 촬영만 허용하니 on_request 를 검토하십시오.`,
  },
};

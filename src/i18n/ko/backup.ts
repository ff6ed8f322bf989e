/** 백업과 복원의 말. */
export const backup = {
  made: (f: { path: string; size: string }) => `백업했습니다: ${f.path} (${f.size})`,
  contents: (f: { entries: number; keys: number; epoch: number }) =>
    `장부 ${f.entries}건, 영상 키 ${f.keys}개(세대 ${f.epoch}). 에폭 비밀과 영상은 들어 있지 않습니다.`,
  omitted: (f: { name: string; code: string }) => `${f.name}: 손상되어 백업하지 못했습니다 (${f.code}).`,
  sameDisk:
    '백업이 저장소와 같은 디스크에 있어 그 디스크가 고장 나면 함께 잃습니다. backup.folder 에 다른 디스크를 지정하십시오.',
  removed: (f: { count: number }) => `오래된 백업 ${f.count}개를 지웠습니다.`,
  none: (f: { folder: string }) =>
    `${f.folder} 에 아직 백업이 없습니다. 관리 프로세스가 키 교체 뒤마다 만들며, \`girok backup\`으로 지금 만들 수 있습니다.`,
  unreadable: (f: { name: string; code: string }) => `${f.name}: 읽을 수 없는 백업입니다 (${f.code}).`,
  kind: { full: '전체', quick: '장부와 키' },
  column: {
    backup: '백업',
    at: '시각',
    kind: '종류',
    entries: '장부',
    keys: '키',
    epoch: '세대',
    size: '크기',
  },
  part: {
    site: '장부(site.db)',
    keyring: '키 보관소',
    catalogue: '목록(catalogue.db)',
    retention: '파기 기록',
  },
  checking: '백업을 확인하는 중',
  of: (f: { backup: string; at: string; kind: string }) => `백업 ${f.backup}: ${f.at}, ${f.kind}`,
  vouched: '모든 해시가 맞고, 장부가 이 백업을 알고 있습니다.',
  notVouched: '모든 해시가 맞습니다. 장부에는 이 백업이 적혀 있지 않습니다.',
  site: {
    keep: (f: { entries: number; here: number }) =>
      `장부: 지금 것(${f.here}건)이 멀쩡하고 백업(${f.entries}건)보다 오래되지 않아 그대로 둡니다.`,
    replace: (f: { entries: number; here: number }) => `장부: 백업의 ${f.entries}건으로 되돌립니다.`,
    refuse: (f: { entries: number; here: number }) =>
      `장부: 백업의 것(${f.entries}건)을 넣지 않습니다. 지금 것(${f.here}건)과 함께 먼저 살펴보십시오.`,
    nothing: (_: { entries: number; here: number }) => '장부: 이 백업에는 장부가 없습니다.',
  },
  siteFault: (f: { fault: string }) => `백업의 장부가 스스로 맞지 않습니다: ${f.fault}`,
  siteForeign: '백업의 장부는 지금 장부나 보관된 검증점과 다른 장부입니다.',
  siteMissing: (f: { from: number; to: number }) =>
    `장부의 ${f.from}번부터 ${f.to - 1}번까지 ${f.to - f.from}건은 되돌릴 수 없습니다. 관리 프로세스는 장부가 줄었다는 경보를 올리고 더 적지 않습니다. 그 뒤는 관리책임자가 정합니다(\`girok ledger begin-anew\`).`,
  keyring: {
    keep: (f: { opens: number; back: number; days: string }) =>
      `키 보관소: 지금 것이 온전합니다(키 ${f.opens}개). 그대로 둡니다.`,
    add: (f: { opens: number; back: number; days: string }) =>
      `키 보관소: 백업에서 키 ${f.back}개(${f.days})가 돌아와 모두 ${f.opens}개가 열립니다.`,
    nothing: (_: { opens: number; back: number; days: string }) =>
      '키 보관소: 이 백업에는 키 보관소가 없고, 여기에도 열리는 것이 없습니다.',
    lost: (_: { opens: number; back: number; days: string }) =>
      '키 보관소: 백업의 어떤 키도 지금 있는 에폭 비밀로 열리지 않습니다. 더 새로운 백업을 쓰십시오. 그것도 열리지 않으면 두 자리의 에폭 비밀을 모두 잃은 것이고, 지금까지의 영상은 누구도 되살릴 수 없습니다.',
  },
  goneErased: (f: { keys: number; days: string }) =>
    `백업의 키 ${f.keys}개(${f.days})는 그 뒤 기한이 되어 파기되었습니다. 어떤 비밀로도 열리지 않으며, 그래야 합니다.`,
  goneOther: (f: { keys: number }) =>
    `기한이 되지 않았는데 열리지 않는 키가 백업에 ${f.keys}개 있습니다. 끝난 보존이나 기한이 된 기록의 것이 아니라면 잃은 것입니다.`,
  catalogue: {
    keep: '목록: 지금 것이 온전합니다. 그대로 둡니다.',
    replace: '목록: 백업의 것으로 되돌립니다. 그 뒤의 영상은 녹화기가 시작할 때 파일에서 찾습니다.',
    reindex:
      '목록: 이 백업으로는 되돌릴 수 없습니다. `girok vault reindex`로 파일에서 다시 만드십시오. 공백의 까닭만 잃습니다.',
  },
  retention: (f: { files: number }) => `파기 증명서와 보존 대장 중 없어진 파일 ${f.files}개를 되돌립니다.`,
  footage: (f: { cameraDays: number; closed: number }) =>
    f.closed === 0
      ? `저장소의 영상: 카메라·날 ${f.cameraDays}건이 열립니다.`
      : `저장소의 영상: 카메라·날 ${f.cameraDays}건이 열리고, 기한이 남은 ${f.closed}건은 열 키가 없습니다.`,
  closed: (f: { camera: string; day: string }) => `  ${f.camera} ${f.day}: 되돌릴 수 없습니다.`,
  rehearsed: '연습이었습니다. 아무것도 바꾸지 않았습니다.',
  restored: (f: { parts: readonly string[]; aside: string }) =>
    `되돌렸습니다: ${f.parts.join(', ')}. 지금까지의 것은 ${f.aside}에 옮겨 두었습니다. 파기된 키의 비밀은 이미 없으므로 거기서도 파기한 영상은 열리지 않습니다.`,
  nothing: '되돌릴 것이 없어 아무것도 바꾸지 않았습니다.',
};

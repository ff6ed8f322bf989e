import type { ErasingCheck } from '../../oversight/examination.ts';
import type { ItemKind, ItemRefusal } from '../../oversight/handed-out.ts';

const mark = (passed: boolean) => (passed ? '적합  ' : '부적합');

/** 사람이 확인하는 일과 반출물의 말. */
export const oversight = {
  needsWho: '--by 에 담당자를 적으십시오. 이름은 봉인되어 보관됩니다.',
  text: '한 줄의 글 (300자까지)',
  day: (f: { from?: string | undefined; to?: string | undefined }) =>
    `날짜, 예: 2026-11-28${f.from === undefined ? '' : ` (${f.from}부터)`}${f.to === undefined ? '' : ` (${f.to}까지)`}`,
  task: {
    refusals: {
      other: '이 일을 그렇게 할 수 없습니다. 목록을 새로 보고 다시 하십시오',
      done_before: '다른 사람이 이미 확인하였습니다. 아무것도 기록하지 않았습니다. 확인된 보고서를 보십시오',
      not_over: '그 달이 아직 끝나지 않았습니다. 끝난 뒤에 확인하십시오',
      not_in_order:
        '어긋난 것이 있어 확인하지 않았습니다. 까닭을 없애고 다시 살펴보거나, 부적합으로 기록하십시오',
      in_order: '어긋난 것이 없어 부적합으로 기록하지 않았습니다. 확인하십시오',
      report_over: '본 지 오래되었거나 그 사이에 새로 살펴본 보고서입니다. 새 보고서를 보고 확인하십시오',
    },
    none: '기다리는 일이 없습니다.',
    unknown: (f: { task: string }) => `그런 일이 없습니다: ${f.task}`,
    erasingConfirmation: '파기 확인',
    column: { task: '일', what: '무엇', month: '달', due: '기한', state: '상태' },
    state: { open: '기다림', overdue: '기한 지남', notInOrder: '부적합', done: '확인됨' },
    notOver: (f: { month: string }) => `${f.month}이(가) 아직 끝나지 않아 확인할 수 없습니다.`,
    toConfirm: (f: { task: string }) => `맞으면 \`girok task confirm ${f.task} --by 이름\`으로 확인하십시오.`,
    confirmedAs: (f: { entry: number; sha256: string }) =>
      `장부 ${f.entry}번에 확인되었습니다 (보고서 SHA-256 ${f.sha256}).`,
    reportGone: '확인할 때의 보고서 파일이 없어 지금 다시 살펴본 것을 보여 줍니다.',
    doneBefore: (f: { task: string; entry: number }) =>
      `${f.task}: 이미 확인되었습니다${f.entry > 0 ? ` (장부 ${f.entry}번)` : ''}. 바로잡을 것은 새 기록으로 남기십시오.`,
    isInOrder: '어긋난 것이 없어 부적합으로 기록하지 않습니다. --not-in-order 를 빼고 확인하십시오.',
    refused: (f: { task: string }) =>
      `확인하지 않았습니다. 위에 부적합으로 적힌 것의 까닭을 없애고 다시 확인하십시오. 바로 없앨 수 없으면 \`girok task confirm ${f.task} --by 이름 --not-in-order --note 조치\`로 남기십시오.`,
    enteredNotInOrder: (f: { entry: number }) =>
      `부적합으로 기록했습니다 (장부 ${f.entry}번). 까닭을 없애고 다시 확인할 때까지 경보가 섭니다.`,
    done: (f: { task: string; entry: number; sha256: string }) =>
      `${f.task}: 파기를 확인했습니다 (장부 ${f.entry}번, 보고서 SHA-256 ${f.sha256}). 관리대장에 파기로 올렸습니다.`,
  },
  report: {
    title: (f: { month: string; at: string }) => `파기 확인 보고서: ${f.month} (${f.at} 현재)`,
    check: {
      oldest: (passed) => `${mark(passed)}  보관 기간과 하루를 넘긴 영상이 없음`,
      certificates: (passed) => `${mark(passed)}  증명서가 온전하고 마지막 파기가 완료됨`,
      restore: (passed) => `${mark(passed)}  파기한 영상의 복원 시도가 실패함`,
      control: (passed) => `${mark(passed)}  같은 방법으로 살아 있는 영상의 키는 열림`,
      monitor: (passed) => `${mark(passed)}  그 밖에 영상이 남을 만한 곳이 비어 있음`,
    } satisfies Record<ErasingCheck, (passed: boolean) => string>,
    column: { camera: '카메라', oldestDay: '가장 오래된 날', age: '지난 날수' },
    noFootage: '되살릴 수 있는 영상이 없습니다.',
    tooOld: (f: { camera: string; day: string; dueAt: string }) =>
      `${f.camera} ${f.day}: ${f.dueAt}에 파기했어야 합니다.`,
    erased: (f: {
      runs: number;
      cameras: number;
      cameraDays: number;
      keys: number;
      files: number;
      size: string;
    }) =>
      `그달의 파기: ${f.runs}회, 카메라 ${f.cameras}대, 카메라·날 ${f.cameraDays}건, 키 ${f.keys}개, 파일 ${f.files}개, ${f.size}`,
    shot: (f: { from: string; to: string }) => `파기한 영상의 촬영일: ${f.from} ~ ${f.to}`,
    incomplete: (f: { run: string }) => `미완료였던 파기: ${f.run}`,
    late: (f: { camera: string; day: string; dueAt: string; erasedAt: string }) =>
      `${f.camera} ${f.day}: ${f.dueAt}에 파기할 것이 ${f.erasedAt}에 파기되었습니다.`,
    moreLate: (f: { days: number }) => `늦은 파기가 ${f.days}건 더 있습니다.`,
    daysWithoutRun: (f: { days: string }) => `파기가 끝난 적이 없는 날: ${f.days}`,
    damagedCertificate: (f: { file: string }) => `${f.file}: 증명서로 읽을 수 없습니다.`,
    hold: (f: { hold: string; end: string }) => `보존 ${f.hold}: ${f.end}까지 따로 보관`,
    restore: (f: {
      days: number;
      keyrings: number;
      copies: number;
      epochs: string;
      opened: number;
      files: number;
    }) =>
      `복원 시도: 무작위로 고른 카메라·날 ${f.days}건의 키를 키 보관소 ${f.keyrings}곳에서 찾아 사본 ${f.copies}개를 남아 있는 모든 비밀(세대 ${f.epochs})로 열어 보았습니다. 열린 것 ${f.opened}개, 남은 파일 ${f.files}개.`,
    unreadable: (f: { path: string }) => `${f.path}: 읽을 수 없어 살펴보지 못했습니다.`,
    elsewhere: (f: { filesRead: number; unknownFiles: number; keysOnlyInBackups: number }) =>
      `그 밖의 파일 ${f.filesRead}개를 끝까지 읽었습니다. 알 수 없는 파일 ${f.unknownFiles}개, 백업에만 있는 열리는 키 ${f.keysOnlyInBackups}개.`,
  },
  item: {
    refusals: {
      other: '반출물에 그렇게 할 수 없습니다. 목록을 새로 보고 다시 하십시오',
      unknown: '그런 반출물이 없습니다. 목록에서 고르십시오',
      destroyed_before: '다른 사람이 이미 파기로 적었습니다. 목록을 새로 보십시오',
      returned_before: '다른 사람이 이미 돌아온 것으로 적었습니다. 목록을 새로 보십시오',
      before_handing_out: '나가거나 돌아온 날보다 이른 날입니다. 날짜를 확인하십시오',
      due_past: '돌려받을 날이 이미 지났습니다. 오늘이나 뒤의 날을 고르십시오',
      hold_unknown: '그런 보존이 없습니다. 목록에서 고르십시오',
      ahead: '아직 오지 않은 날입니다. 오늘이나 지난 날을 고르십시오',
    },
    none: '반출물이 없습니다.',
    needs: '--what, --to, --by 를 모두 적으십시오. 이름과 내용은 봉인되어 보관됩니다.',
    kind: { print: '출력물', disc: 'CD·DVD', usb: 'USB' } satisfies Record<ItemKind, string>,
    state: { out: '반출 중', returned: '돌아옴', destroyed: '파기됨' },
    overdue: '기한 지남',
    erased: '(삭제됨)',
    column: {
      item: '번호',
      kind: '형태',
      state: '상태',
      handedOut: '반출',
      due: '기한',
      ended: '반환·파기',
      to: '받은 사람',
      by: '담당자',
      what: '내용',
    },
    added: (f: { item: string; entry: number }) =>
      `제${f.item}호로 적었습니다 (장부 ${f.entry}번). 이 번호를 반출물에 적으십시오.`,
    returned: (f: { item: string; entry: number }) =>
      `제${f.item}호가 돌아온 것을 적었습니다 (장부 ${f.entry}번). 파기하면 \`girok item destroyed ${f.item}\`로 적으십시오.`,
    destroyed: (f: { item: string; entry: number }) =>
      `제${f.item}호의 파기를 적었습니다 (장부 ${f.entry}번). 관리대장에 파기로 올렸습니다.`,
    refused: {
      unknown: (f: { item: string }) => `그런 반출물이 없습니다: ${f.item}`,
      destroyed_before: (f: { item: string }) => `제${f.item}호는 이미 파기되었습니다.`,
      returned_before: (f: { item: string }) => `제${f.item}호는 이미 돌아왔습니다.`,
      before_handing_out: (f: { item: string }) =>
        `제${f.item}호가 나가거나 돌아온 날보다 이른 날입니다. --on 을 확인하십시오.`,
    } satisfies Record<ItemRefusal, (f: { item: string }) => string>,
  },
};

import type { FindingCode, Severity } from '../../ledger/meaning/finding.ts';
import type { Facts } from '../../lib/errors.ts';
import { plain } from '../facts.ts';

/** 온전한 장부가 지키는 사람들에 대하여 말하는 것: 무엇이 있었고, 무엇을 보아야 하는지. */
export const findings = {
  severity: { note: '참고', warning: '주의', serious: '중대' } satisfies Record<Severity, string>,
  line: (f: { severity: string; entry: number; sentence: string }) =>
    `  [${f.severity}] 기록 ${f.entry}번: ${f.sentence}`,
  more: (f: { count: number }) => `  그 밖에 ${f.count}건 (--json 으로 볼 수 있습니다)`,
  none: '내용에 대한 지적이 없습니다.',
  counts: (f: { serious: number; warning: number; note: number }) =>
    `내용에 대한 지적: 중대 ${f.serious}건, 주의 ${f.warning}건, 참고 ${f.note}건`,
  said: {
    erased_early: (f) =>
      `${plain(f, 'camera')} ${plain(f, 'day')} 영상이 파기할 때(${plain(f, 'due')})보다 먼저 파기되었습니다. 시계와 보관 기간 설정을 누가 바꾸었는지 확인하십시오.`,
    erased_late: (f) =>
      `하루치 영상 ${plain(f, 'days')}건(${plain(f, 'first')} 등)이 까닭 없이 최대 ${plain(f, 'hours')}시간 늦게 파기되었습니다. 파기가 왜 돌지 않았는지 확인하십시오.`,
    erased_late_explained: (f) =>
      `하루치 영상 ${plain(f, 'days')}건(${plain(f, 'first')} 등)이 최대 ${plain(f, 'hours')}시간 늦게 파기되었습니다. 그동안 프로그램이 멈추었거나 파기가 사람을 기다렸습니다.`,
    erase_unfinished: (f) =>
      `${plain(f, 'since')}에 시작한 파기가 끝났다는 기록이 없습니다. \`girok retention status\`로 무엇이 남았는지 확인하십시오.`,
    erase_silent: (f) =>
      `${plain(f, 'since')}부터 ${plain(f, 'until')}까지 파기 증명서가 없습니다. 하루에 하나는 있어야 하니 파기가 돌고 있는지 확인하십시오.`,
    evidence_after_erasure: (f) =>
      `이미 파기한 ${plain(f, 'camera')} ${plain(f, 'day')}의 영상(${plain(f, 'hour')}시)이 다시 장부에 올랐습니다. 백업에서 되돌려졌거나 시계가 과거였는지 확인하십시오.`,
    hour_without_evidence: (f) =>
      `${plain(f, 'camera')} ${plain(f, 'day')}에 키가 있던 시간(${plain(f, 'hours')})의 영상 증거가 장부에 오르지 않은 채 파기되었습니다. 그 시간의 영상이 바뀌지 않았다고 보일 수 없습니다.`,
    hold_endless: (f) =>
      `보존조치 ${plain(f, 'hold')}에 끝나는 날이 없습니다. 끝나는 날을 정하거나 보존조치를 끝내십시오.`,
    hold_not_copied: (f) =>
      `보존조치 ${plain(f, 'hold')}의 사본이 하루가 지나도록 만들어지지 않았습니다. \`girok hold copy\`로 이어서 만드십시오.`,
    hold_not_erased: (f) =>
      `${plain(f, 'end')}에 끝난 보존조치 ${plain(f, 'hold')}의 사본이 제때 파기되지 않았습니다. \`girok hold list\`와 \`girok purge\`로 확인하십시오.`,
    hold_erased_early: (f) =>
      `보존조치 ${plain(f, 'hold')}의 사본이 끝나기 전에 파기되었고, 누가 끝냈다는 기록이 없습니다. 누가 왜 지웠는지 확인하십시오.`,
    hold_unknown: (f) =>
      `장부에 없는 보존조치 ${plain(f, 'hold')}의 사본이 파기되었습니다. 기록 없이 만들어진 사본이 있었는지 확인하십시오.`,
    view_after_erasure: (f) =>
      `파기한 ${plain(f, 'camera')} ${plain(f, 'day')}의 영상이 그 뒤에 열람되었습니다 (열람 ${plain(f, 'viewing')}). 파기되지 않은 사본이 어디에 있었는지 확인하십시오.`,
    view_without_right: (f) =>
      `계정 ${plain(f, 'account')}이(가) 유효한 권한이나 허가 없이 열람했습니다 (열람 ${plain(f, 'viewing')}). 누가 어떻게 열었는지 확인하십시오.`,
    grant_unfounded: (f) =>
      `계정 ${plain(f, 'account')}의 열람 허가 ${plain(f, 'grant')}에 근거가 되는 권한이나 승인자가 없습니다. 누가 허가했는지 확인하십시오.`,
    approved_by_self: (f) =>
      `계정 ${plain(f, 'account')}이(가) 자기 것(${plain(f, 'what')})을 스스로 승인했습니다. 다른 사람이 검토하게 하십시오.`,
    emergency_unreviewed: (f) =>
      `${plain(f, 'since')}의 비상열람 ${plain(f, 'breakglass')}(계정 ${plain(f, 'account')})을 하루 안에 아무도 검토하지 않았습니다. 관리책임자가 검토하십시오.`,
    process_crashed: (f) =>
      `${plain(f, 'process')} 프로세스가 끝났다는 말 없이 끝났습니다 (마지막 소식 ${plain(f, 'since')}, 다시 시작 ${plain(f, 'until')}). 정전인지, 누가 강제로 끝냈는지 확인하십시오.`,
    process_away: (f) =>
      `${plain(f, 'process')} 프로세스가 ${plain(f, 'minutes')}분 동안 돌지 않았습니다 (${plain(f, 'since')}부터 ${plain(f, 'until')}까지). 누가 왜 멈추었는지 확인하십시오.`,
    clock_back: (f) =>
      `시계가 ${plain(f, 'from')}에서 ${plain(f, 'to')}로 되돌려졌습니다. NTP 와, 누가 시계를 바꾸었는지 확인하십시오.`,
    unknown_event: (f) =>
      `이 프로그램이 모르는 기록 "${plain(f, 'event')}"이(가) 있어 그 뜻은 보지 못했습니다. 더 새 판의 기록(Girok)으로 검증하십시오.`,
  } satisfies Record<FindingCode, (facts: Facts) => string>,
};

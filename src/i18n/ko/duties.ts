import type { Facts } from '../../lib/errors.ts';
import type { DutyName } from '../../stewardship/schedule.ts';
import { told } from '../facts.ts';

/** 청지기가 때마다 하는 일이 되지 않을 때: 무엇이 안 되고, 무슨 뜻이며, 무엇을 하면 되는지. */
export const duties: Record<DutyName, (facts: Facts) => string> = {
  backup: (f) =>
    `데이터베이스와 키 보관소가 백업되지 않고 있습니다${told(f, 'error')}. 녹화는 계속되며 1분마다 다시 시도합니다. backup.folder 의 디스크가 연결되어 있고 공간과 쓰기 권한이 있는지 보십시오. \`girok backup\`이 까닭을 알려 줍니다.`,
  hashing: (f) =>
    `영상 파일을 다시 읽어 해시를 견주는 일이 되지 않고 있습니다${told(f, 'error')}. 녹화는 계속되나, 그동안 손상된 파일이 있어도 알아차리지 못합니다. 목록(catalogue.db)과 디스크를 확인하십시오.`,
  holds: (f) =>
    `보존할 영상을 복사하지 못하고 있습니다${told(f, 'error')}. 보존은 그대로이며 저절로 다시 시도하지만, 보관 기간이 지난 영상은 한 시간까지만 기다립니다. 보존 대장(retention/holds)과 키 보관소를 확인하십시오.`,
  evidence: (f) =>
    `시간별 영상 증거를 장부에 올리지 못하고 있습니다${told(f, 'error')}. 영상과 그 해시는 그대로이며 저절로 다시 시도합니다. 목록(catalogue.db)과 장부(site.db)를 확인하십시오.`,
  people: (f) =>
    `계약이나 교육이 끝난 사람, 오래 쓰지 않은 계정을 정지하는 일이 되지 않고 있습니다${told(f, 'error')}. 정지는 로그인과 열람에서 이미 지켜지며 저절로 다시 시도합니다. 장부(site.db)와 그 디스크를 확인하십시오.`,
  tasks: (f) =>
    `매월의 파기 확인을 열거나 기한을 살피지 못하고 있습니다${told(f, 'error')}. 파기는 그대로 되고 저절로 다시 시도합니다. 장부(site.db)와 그 디스크를 확인하십시오.`,
  texts: (f) =>
    `보관기간이 지나 열 수 없게 된 개인정보의 봉인된 자취를 장부에서 지우지 못하고 있습니다${told(f, 'error')}. 키는 이미 파기되어 아무도 읽을 수 없으며 저절로 다시 시도합니다. 장부(site.db)와 키 보관소를 확인하십시오.`,
  notify: (f) =>
    `경보를 알리는 일이 되지 않고 있습니다${told(f, 'error')}. 경보는 \`girok alarm list\`에 남아 있으며 저절로 다시 시도합니다. 장부(site.db)와 로그를 확인하십시오.`,
  daily_mail: (f) =>
    `날마다 보내는 메일이 나가지 못했습니다${told(f, 'error')}. 5분마다 다시 시도합니다. cameras.yml 의 notify.mail 과 메일 서버를 확인하십시오.`,
  overdue: (f) =>
    `파기 확인서와 장부 서명이 제때 나오는지 살피지 못하고 있습니다${told(f, 'error')}. 저절로 다시 시도합니다. 장부(site.db)와 그 디스크를 확인하십시오.`,
  verify: (f) =>
    `장부를 처음부터 검증하는 일이 되지 않고 있습니다${told(f, 'error')}. 장부는 그대로 쓰이고 서명되며 저절로 다시 시도하지만, 그동안 누가 고쳤더라도 알아차리지 못합니다. \`girok ledger verify\`로 까닭을 보십시오.`,
  heartbeat: (f) =>
    `증인에게 파기 소식을 전하지 못하고 있습니다${told(f, 'error')}. 증인이 26시간 뒤에 파기가 멈춘 줄로 압니다. 증인의 컴퓨터에 같은 판의 Girok 이 있는지 확인하십시오.`,
};

import type { Facts } from '../../lib/errors.ts';
import type { DutyName } from '../../stewardship/schedule.ts';
import { told } from '../facts.ts';

/** 청지기가 때마다 하는 일이 되지 않을 때: 무엇이 안 되고, 무슨 뜻이며, 무엇을 하면 되는지. */
export const duties: Record<DutyName, (facts: Facts) => string> = {
  evidence: (f) =>
    `시간별 영상 증거를 장부에 올리지 못하고 있습니다${told(f, 'error')}. 영상과 그 해시는 그대로이며 저절로 다시 시도합니다. 목록(catalogue.db)과 장부(site.db)를 확인하십시오.`,
};

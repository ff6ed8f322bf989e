import type { HoldView } from '../../../src/contract/holds.ts';
import { siteTimeText } from '../../app/site-time.ts';
import { words } from './words.ts';

/** What a hold covers, in the site's time, to the second. */
export const rangeText = ({ from, to }: Pick<HoldView, 'from' | 'to'>): string =>
  words().holds.range({
    from: siteTimeText(Date.parse(from), { seconds: true }),
    to: siteTimeText(Date.parse(to), { show: 'clock', seconds: true }),
  });

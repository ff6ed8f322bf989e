import type { ViewingRow } from '../../../src/db/site/viewing-rows.ts';
import type { ViewingDeps } from '../../../src/http/resources/viewings.ts';
import type { OpenedViewing } from '../../../src/viewing/grants.ts';
import type { Grant } from '../../../src/viewing/rules.ts';
import { AN_ID } from './noted-people.ts';

const AT_US = Date.parse('2026-11-23T01:00:00Z') * 1000;
const opened = (): OpenedViewing => ({ viewing: AN_ID, grant: AN_ID, untilUs: AT_US });
const nothing = () => undefined;

const GRANT: Grant = {
  id: AN_ID,
  account: AN_ID,
  kind: 'recorded',
  state: 'made',
  basis: 'right',
  purpose: 'FIRE_PREVENTION',
  cameras: ['cam01'],
  fromUs: AT_US,
  toUs: AT_US,
  askedUs: AT_US,
  madeUs: AT_US,
  untilUs: AT_US,
  approvedBy: null,
  reviewedUs: null,
  seq: 1,
};
const VIEWING: ViewingRow = {
  id: AN_ID,
  grantId: AN_ID,
  account: AN_ID,
  kind: 'recorded',
  openedUs: AT_US,
  closedUs: null,
  outcome: null,
  unentered: '[]',
};

/** A gate that opens for everybody: what is tested before it is who gets as far as asking. */
export const notedGrants: ViewingDeps['grants'] = () => ({
  ownViewing: () => ({ viewing: VIEWING, grant: GRANT }),
  open: opened,
  openGranted: opened,
  breakGlass: opened,
  request: () => AN_ID,
  approve: nothing,
  refuse: nothing,
  revoke: nothing,
  review: nothing,
  list: () => [GRANT],
  viewings: () => [VIEWING],
});

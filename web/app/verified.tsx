import { standingSchema } from '../../src/contract/registers.ts';
import type { Role } from '../../src/contract/roles.ts';
import { get } from '../api/client.ts';
import { useResource } from '../api/resource.ts';
import { Icon } from '../ui/icon.tsx';
import { second } from './clock.ts';
import styles from './frame.module.css';
import { Link } from './router.tsx';
import { session } from './session.ts';
import { siteTimeText } from './site-time.ts';
import { words } from './words.ts';

const LOOK_MS = 60_000;
const MINUTE_MS = 60_000;
/** It is verified each hour: after a day and a bit something keeps it from being. */
const STALE_MS = 26 * 60 * MINUTE_MS;
const READS_RECORDS: readonly Role[] = ['officer', 'auditor'];

/** When the whole ledger was verified last, and what came of it; in words where that is not as it should be. */
export function Verified({ role }: { readonly role: Role }) {
  const said = words().bar.verified;
  const isIn = session.value.state === 'somebody';
  const standing = useResource((signal) => get('/api/ledger', standingSchema, { signal }), {
    everyMs: LOOK_MS,
    of: [isIn],
  });
  if (standing.state !== 'ready') return null;
  const { verified, incident } = standing.value;
  const agoMs = verified && Math.max(0, second.value - Date.parse(verified.at));
  const isFailed = incident || verified?.sound === false;
  const isStale = agoMs !== undefined && agoMs > STALE_MS;
  const text = isFailed
    ? said.failed
    : agoMs === undefined
      ? said.never
      : isStale
        ? said.stale
        : said.ago({ ago: agoText(agoMs) });
  const isWell = !isFailed && !isStale && verified !== undefined;
  const title =
    verified &&
    said.at({ at: siteTimeText(Date.parse(verified.at), { seconds: true }), entries: verified.entries });
  const shown = (
    <>
      <Icon name={isWell ? 'seal' : 'alarm'} size={18} /> {text} {isWell && '✓'}
    </>
  );
  const style = `${styles.recording} figures ${isFailed || isStale ? styles.notAll : ''}`;
  return (
    <span class={style} title={title}>
      {READS_RECORDS.includes(role) ? <Link to="/records">{shown}</Link> : shown}
    </span>
  );
}

function agoText(ms: number): string {
  const said = words().bar.verified;
  const minutes = Math.floor(ms / MINUTE_MS);
  if (minutes < 1) return said.now;
  return minutes < 60 ? said.minutes({ count: minutes }) : said.hours({ count: Math.floor(minutes / 60) });
}

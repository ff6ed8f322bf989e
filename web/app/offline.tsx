import { connection } from '../api/connection.ts';
import { siteTimeText } from './site-time.ts';
import { words } from './words.ts';

/** That what is on screen is of a while ago, since the server does not answer. */
export function Offline({ class: name }: { readonly class: string | undefined }) {
  const { reachable, seenMs } = connection.value;
  // There before it is needed, so that it is spoken.
  return (
    <div role="status" aria-live="polite" class={reachable ? undefined : name}>
      {!reachable &&
        words().offline({
          at: seenMs === undefined ? undefined : siteTimeText(seenMs, { show: 'clock', seconds: true }),
        })}
    </div>
  );
}

import { useEffect } from 'preact/hooks';
import { isApiError } from '../../api/api-error.ts';
import { askSite, site } from '../../app/site.ts';
import { Icon } from '../../ui/icon.tsx';
import styles from './set-up.module.css';
import { words } from './words.ts';

const STEPS = ['administrator', 'factor', 'officer', 'done'] as const;
export type Step = (typeof STEPS)[number];

/** Where one is on the way. */
export function Steps({ now }: { readonly now: Step }) {
  const said = words();
  const at = STEPS.indexOf(now);
  return (
    <>
      <span class="only-spoken">{said.stepNow({ at: at + 1, of: STEPS.length })}</span>
      <ol class={styles.steps} aria-label={said.steps}>
        {STEPS.map((step, place) => (
          <li
            key={step}
            class={place === at ? styles.now : place < at ? styles.past : undefined}
            aria-current={place === at ? 'step' : undefined}
          >
            {place < at && <Icon name="check" size={16} />}
            {said.stepNames[step]}
          </li>
        ))}
      </ol>
    </>
  );
}

const LOOK_MS = 2000;

/** How many cameras record, all the while: the first thing that one sees is that it works. */
export function RecordingCount() {
  const said = words();
  useEffect(() => {
    const timer = setInterval(() => {
      askSite().catch((error: unknown) => {
        // That the server is away, the banner says.
        if (!isApiError(error)) throw error;
      });
    }, LOOK_MS);
    return () => clearInterval(timer);
  }, []);
  const count = site.value?.recording;
  if (site.value?.missing === undefined) return null;
  return (
    <span class={`${styles.recording} figures`} role="status">
      <Icon name={count && count.recording === count.of ? 'check' : 'cameras'} size={18} />
      {count ? said.recording(count) : said.recordingUnknown}
    </span>
  );
}

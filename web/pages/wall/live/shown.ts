import { type ReadonlySignal, type Signal, signal } from '@preact/signals';
import { after } from '../../../app/clock.ts';

/** Whoever looks at another tab for a moment does not wait for thirteen pictures afterwards. */
const GRACE_MS = 5000;

const current: Signal<boolean> = signal(document.visibilityState === 'visible');
/** Whether the tab is in front: behind, no picture is fetched. */
export const isShown: ReadonlySignal<boolean> = current;

let stop: (() => void) | undefined;
document.addEventListener('visibilitychange', () => {
  stop?.();
  if (document.visibilityState === 'visible') current.value = true;
  else
    stop = after(GRACE_MS, () => {
      current.value = false;
    });
});

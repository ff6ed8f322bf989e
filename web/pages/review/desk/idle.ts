import { useEffect, useState } from 'preact/hooks';
import { after } from '../../../app/clock.ts';
import { session } from '../../../app/session.ts';

/** Nobody touches anything for so long: the picture goes, since nobody knows who stands before the screen. */
const IDLE_MS = 5 * 60_000;
const TOUCHES = ['pointermove', 'pointerdown', 'keydown', 'wheel'] as const;

/** Whether the desk is blank, and how it comes back. Also while nobody is signed in any more. */
export function useIdle(): { readonly isBlank: boolean; wake(): void } {
  const [isIdle, setIdle] = useState(false);
  const isSignedIn = session.value.state === 'somebody';
  useEffect(() => {
    if (isIdle) return;
    let cancel = after(IDLE_MS, () => setIdle(true));
    const touched = () => {
      cancel();
      cancel = after(IDLE_MS, () => setIdle(true));
    };
    for (const touch of TOUCHES) addEventListener(touch, touched, { passive: true });
    return () => {
      cancel();
      for (const touch of TOUCHES) removeEventListener(touch, touched);
    };
  }, [isIdle]);
  return { isBlank: isIdle || !isSignedIn, wake: () => setIdle(false) };
}

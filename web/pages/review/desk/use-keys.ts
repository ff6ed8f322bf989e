import { useEffect, useRef } from 'preact/hooks';
import { type Command, commandOf } from './keys.ts';

/** Where keys are letters, or move something else. */
const TYPED = 'input, textarea, select, [contenteditable], dialog';
/** Where the space bar presses what has the focus. */
const PRESSED = 'button, a, summary';

/** The keys of the desk, wherever on the page the focus is and as long as it means nothing else there. */
export function useKeys(run: (command: Command) => void, isOn: boolean): void {
  const latest = useRef(run);
  latest.current = run;
  useEffect(() => {
    if (!isOn) return;
    const pressed = (event: KeyboardEvent) => {
      const target = event.target instanceof Element ? event.target : undefined;
      if (event.defaultPrevented || target?.closest(TYPED)) return;
      if (event.code === 'Space' && target?.closest(PRESSED)) return;
      if (event.key.startsWith('Arrow') && target?.closest('[data-scrolls], [role="tablist"]')) return;
      const command = commandOf(event);
      if (!command) return;
      event.preventDefault();
      latest.current(command);
    };
    addEventListener('keydown', pressed);
    return () => removeEventListener('keydown', pressed);
  }, [isOn]);
}

import { useEffect, useRef, useState } from 'preact/hooks';
import { Button } from '../ui/button.tsx';
import { Actions } from '../ui/card.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { nowMs, second, steadyMs } from './clock.ts';
import { askSession, session } from './session.ts';
import { words } from './words.ts';

/** Said before it ends. */
const WARNED_MS = 60_000;
/** Whoever uses the page without asking the server anything, as before a wall of pictures, is told of so often. */
const TOLD_EVERY_MS = 60_000;
/** How long it still lasts is asked anew no more often than this. */
const LOOK_EVERY_MS = 15_000;

const USES = ['keydown', 'pointerdown', 'wheel'] as const;

/**
 * A session ends by itself where nobody uses it. Whoever is there and has only looked is asked a minute before; any key
 * goes on. Not for the end of its longest time, which nobody can put off.
 */
export function Attended() {
  const me = session.value.state === 'somebody' ? session.value.me : undefined;
  const leftMs = me === undefined ? Number.POSITIVE_INFINITY : Date.parse(me.session.ends) - second.value;
  const [isAsked, setAsked] = useState(false);
  const lookedMs = useRef(steadyMs());
  const toldMs = useRef(steadyMs());
  /** An end that using it did not put off. */
  const lastEnd = useRef<string | undefined>(undefined);
  const end = me?.session.ends;
  const isIn = me !== undefined;

  useEffect(() => {
    if (!isIn) return setAsked(false);
    const use = () => {
      // A warning is an answer of its own.
      if (!isAsked && steadyMs() - toldMs.current < TOLD_EVERY_MS) return;
      toldMs.current = steadyMs();
      if (isAsked) lastEnd.current = end;
      setAsked(false);
      quietly(askSession());
    };
    for (const name of USES) window.addEventListener(name, use, { capture: true, passive: true });
    return () => {
      for (const name of USES) window.removeEventListener(name, use, { capture: true });
    };
  }, [isIn, isAsked, end]);

  const isNear = leftMs <= WARNED_MS;
  const isOver = leftMs <= 0;
  useEffect(() => {
    // Other requests have put the end off since it was last told.
    if (!isIn || !isNear || steadyMs() - lookedMs.current < (isOver ? 1000 : LOOK_EVERY_MS)) return;
    lookedMs.current = steadyMs();
    quietly(
      askSession({ byItself: true }).then(() => {
        const now = session.peek();
        if (now.state !== 'somebody') return;
        const { ends } = now.me.session;
        const left = Date.parse(ends) - nowMs();
        setAsked(left <= WARNED_MS && ends !== lastEnd.current);
      }),
    );
  }, [isIn, isNear, isOver, second.value]);

  if (!isAsked || !isIn) return null;
  const said = words().attended;
  const goOn = () => setAsked(false);
  return (
    <Dialog title={said.title} onClose={goOn}>
      <p role="timer">{said.text({ seconds: Math.max(0, Math.ceil(leftMs / 1000)) })}</p>
      <Actions>
        <Button kind="primary" onPress={goOn}>
          {said.goOn}
        </Button>
      </Actions>
    </Dialog>
  );
}

/** What keeps it from being asked has its own words on screen: the banner of a server that is away, the sign-in. */
const quietly = (asking: Promise<void>): void => void asking.catch(() => undefined);

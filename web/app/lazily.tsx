import type { ComponentType } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { Button } from '../ui/button.tsx';
import { EmptyState, Skeleton } from '../ui/states.tsx';
import { words } from './words.ts';

export interface Lazy<Props> {
  (props: Props): preact.JSX.Element;
  /** Loads it before it is shown: then it is there in the first picture of the screen. */
  ahead(): void;
}

/** A component of a chunk of its own, which is loaded when it is first shown. */
export function lazily<Props extends object>(
  load: () => Promise<{ readonly default: ComponentType<Props> }>,
): Lazy<Props> {
  let Known: ComponentType<Props> | undefined;
  const loadOnce = async () => {
    Known = (await load()).default;
    return Known;
  };
  const ahead = () => {
    loadOnce().catch(() => {
      // Said when it is to be shown.
    });
  };
  return Object.assign(Lazily, { ahead });

  function Lazily(props: Props) {
    const [Shown, setShown] = useState(() => Known);
    const [failed, setFailed] = useState(false);
    useEffect(() => {
      let isGone = false;
      if (Shown) return;
      loadOnce().then(
        (loaded) => {
          if (!isGone) setShown(() => loaded);
        },
        (error: unknown) => {
          console.error(error);
          if (!isGone) setFailed(true);
        },
      );
      return () => {
        isGone = true;
      };
    }, []);
    const said = words().errors;
    if (failed)
      return (
        <EmptyState
          title={said.title}
          action={<Button onPress={() => location.reload()}>{said.refresh}</Button>}
        >
          {said.chunk}
        </EmptyState>
      );
    return Shown ? <Shown {...props} /> : <Skeleton lines={6} />;
  }
}

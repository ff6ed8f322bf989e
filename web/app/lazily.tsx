import type { ComponentType } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { Button } from '../ui/button.tsx';
import { EmptyState, Skeleton } from '../ui/states.tsx';
import { words } from './words.ts';

/** A component of a chunk of its own, which is loaded when it is first shown. */
export function lazily<Props extends object>(
  load: () => Promise<{ readonly default: ComponentType<Props> }>,
): (props: Props) => preact.JSX.Element {
  let Known: ComponentType<Props> | undefined;
  return function Lazy(props: Props) {
    const [Shown, setShown] = useState(() => Known);
    const [failed, setFailed] = useState(false);
    useEffect(() => {
      let isGone = false;
      load().then(
        (module) => {
          Known = module.default;
          if (!isGone) setShown(() => module.default);
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
  };
}

import { useCallback, useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { session } from '../app/session.ts';
import { ApiError, isApiError } from './api-error.ts';
import { byItself } from './unasked.ts';

/** Something that the server has, as far as this page knows it. */
export type Resource<T> = ResourceState<T> & {
  /** Asks anew, and keeps on screen what there is until then. */
  reload(): void;
};
type ResourceState<T> =
  | { readonly state: 'loading' }
  /** `stale`: the last time that it was asked for, it could not be had. */
  | { readonly state: 'ready'; readonly value: T; readonly stale?: ApiError }
  | { readonly state: 'failed'; readonly error: ApiError };

interface Options {
  /** What it is of: when one changes, it is another thing, and asked for anew. */
  readonly of?: readonly (string | number | boolean | undefined)[];
  /** Asks again so often, ms, while the tab is in front and its person signed in. */
  readonly everyMs?: number;
}

/** @param ask throws ApiError; called with a signal that is aborted when nobody waits any more */
export function useResource<T>(
  ask: (signal: AbortSignal) => Promise<T>,
  { of = [], everyMs }: Options = {},
): Resource<T> {
  const [known, setKnown] = useState<ResourceState<T>>({ state: 'loading' });
  const [round, setRound] = useState(0);
  const asking = useRef(ask);
  asking.current = ask;
  const key = JSON.stringify(of);
  const shown = useRef(key);
  const isByItself = useRef(false);

  // Asked before the screen is painted and not after it: a first picture takes a tenth of a second, which is enough for
  // the answer. `round` asks again, `key` stands for what it is of.
  useLayoutEffect(() => {
    const aborting = new AbortController();
    if (isByItself.current) byItself(aborting.signal);
    isByItself.current = false;
    if (shown.current !== key) {
      shown.current = key;
      setKnown({ state: 'loading' });
    }
    asking.current(aborting.signal).then(
      (value) => {
        if (!aborting.signal.aborted) setKnown({ state: 'ready', value });
      },
      (thrown: unknown) => {
        if (aborting.signal.aborted) return;
        const error = errorOf(thrown);
        // Behind the sign-in everything stays as it is.
        if (error.code === 'not_signed_in') return;
        setKnown((before) =>
          before.state === 'ready' ? { ...before, stale: error } : { state: 'failed', error },
        );
      },
    );
    return () => aborting.abort();
  }, [key, round]);

  const reload = useCallback(() => setRound((before) => before + 1), []);
  useEffect(() => {
    if (everyMs === undefined) return;
    const timer = setInterval(() => {
      if (document.visibilityState !== 'visible' || session.peek().state === 'ended') return;
      isByItself.current = true;
      reload();
    }, everyMs);
    return () => clearInterval(timer);
  }, [everyMs, reload]);
  const who = session.value.state;
  const before = useRef(who);
  useEffect(() => {
    // Back behind the sign-in: what was not answered is asked for again.
    if (before.current === 'ended' && who === 'somebody') reload();
    before.current = who;
  }, [who, reload]);
  return { ...known, reload };
}

/** What is thrown by anything but the server is a fault of the page, and said as such. */
export function errorOf(thrown: unknown): ApiError {
  if (isApiError(thrown)) return thrown;
  console.error(thrown);
  return new ApiError({ code: 'page_fault', sentence: '', status: 0 });
}

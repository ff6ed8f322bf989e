const unasked = new WeakSet<AbortSignal>();

/** Of what the page asks by itself: the session is not kept by it, so that it ends when nobody is there. */
export function byItself(signal: AbortSignal): AbortSignal {
  unasked.add(signal);
  return signal;
}

export const isUnasked = (signal: AbortSignal | undefined): boolean =>
  signal !== undefined && unasked.has(signal);

import type { Log } from '../../src/lib/logger.ts';

/** A log that is read instead of printed. */
export function notedLog(): { readonly log: Log; events(): string[] } {
  const noted: string[] = [];
  const note = (event: string) => void noted.push(event);
  return { log: { info: note, warn: note, error: note }, events: () => noted };
}

import { type Signal, signal } from '@preact/signals';

/** Whether the server answers. */
export interface Connection {
  readonly reachable: boolean;
  /** When it last did, by the server's clock; undefined: not yet. */
  readonly seenMs: number | undefined;
}

export const connection: Signal<Connection> = signal({ reachable: true, seenMs: undefined });

/** Told that the session of this browser is over: `app/session` puts the sign-in in front. */
export const sessionEnds: Signal<number> = signal(0);

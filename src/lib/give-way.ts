import { constants, setPriority } from 'node:os';

/** Niceness of a thread: the first gets half of what others get where they need it all, the second next to nothing. */
export const GIVES_WAY = { toOthers: 3, toEverything: constants.priority.PRIORITY_LOW } as const;

/**
 * The thread that calls this gives way to others from now on. Linux knows a niceness of each thread, and its
 * `setpriority(2)` takes 0 for the calling one, which need not be the process.
 */
export const giveWay = (niceness: (typeof GIVES_WAY)[keyof typeof GIVES_WAY]): void =>
  setPriority(0, niceness);

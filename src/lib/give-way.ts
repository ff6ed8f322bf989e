import { readlinkSync } from 'node:fs';
import { setPriority } from 'node:os';

/** Half of what others get where they need it all: whoever answers people comes first, and a sign-in still comes through. */
const NICE = 3;

/**
 * The thread that calls this gives way to every other from now on: Linux knows a niceness of each thread, and its
 * `setpriority(2)` takes a thread's id for a process's. For work that has cores to itself or can wait.
 */
export function giveWay(): void {
  const thread = Number(readlinkSync('/proc/thread-self').split('/').at(-1));
  setPriority(thread, NICE);
}

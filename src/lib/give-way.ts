import { readlinkSync } from 'node:fs';
import { setPriority } from 'node:os';

/** So little that whoever answers people comes first, and still something on a machine that is never idle. */
const NICE = 5;

/**
 * The thread that calls this gives way to every other from now on: Linux knows a niceness of each thread, and its
 * `setpriority(2)` takes a thread's id for a process's. For work that has cores to itself or can wait.
 */
export function giveWay(): void {
  const thread = Number(readlinkSync('/proc/thread-self').split('/').at(-1));
  setPriority(thread, NICE);
}

import { readdirSync, readFileSync } from 'node:fs';

/** Clock ticks per second of /proc/PID/stat on Linux. */
const TICKS_PER_SECOND = 100;

export interface TreeUse {
  /** User and system time of the process and of everything it ever started and waited for. */
  readonly cpuSeconds: number;
  /** Proportional set size: shared pages counted by share. */
  readonly pssBytes: number;
  readonly processes: number;
}

/** What a process and its descendants have used so far, by the kernel's own accounts. */
export function useOfTree(root: number): TreeUse {
  const parents = new Map<number, number>();
  const stats = new Map<number, { live: number; waited: number }>();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const stat = readProc(`/proc/${name}/stat`);
    if (!stat) continue;
    // The command's name stands in brackets and may hold anything.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const at = (index: number) => Number(fields[index]);
    parents.set(Number(name), at(1));
    stats.set(Number(name), { live: at(11) + at(12), waited: at(13) + at(14) });
  }
  const inTree = (pid: number): boolean =>
    pid === root || (parents.has(pid) && inTree(parents.get(pid) as number));
  let ticks = 0;
  let pssBytes = 0;
  let processes = 0;
  for (const [pid, { live, waited }] of stats) {
    if (!inTree(pid)) continue;
    processes += 1;
    ticks += live + waited;
    const pss = /^Pss:\s+(\d+) kB/m.exec(readProc(`/proc/${pid}/smaps_rollup`) ?? '');
    pssBytes += Number(pss?.[1] ?? 0) * 1024;
  }
  return { cpuSeconds: ticks / TICKS_PER_SECOND, pssBytes, processes };
}

/** A process may end between two looks; then it has nothing more to tell. */
function readProc(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Clock } from './clock.ts';
import { writeFileDurably } from './durable.ts';

/** A small file that follows what a process has in memory. */
export interface KeptFile {
  /** Within a second, together with what else changes until then. */
  soon(): void;
  /** @returns whether it is durable now; a disk that refuses is tried again by itself */
  now(): Promise<boolean>;
  stop(): void;
}

export interface KeptFileDeps {
  readonly path: string;
  readonly clock: Clock;
  /** What has to stand in it at this moment. */
  text(): string;
  failed(error: unknown): void;
}

const SOON_MS = 1000;
/** A disk that refuses is not asked, nor complained of, every second. */
const RETRY_MS = 30_000;

/** Writes one after the other, each whole; the folder is made where it is missing. */
export function createKeptFile({ path, clock, text, failed }: KeptFileDeps): KeptFile {
  let turn: Promise<boolean> = Promise.resolve(true);
  let cancel: (() => void) | undefined;
  let isStopped = false;

  const within = (ms: number) => {
    if (!isStopped) cancel ??= clock.after(ms, () => void now());
  };
  const write = async () => {
    try {
      await mkdir(dirname(path), { recursive: true, mode: 0o700 });
      await writeFileDurably(path, text());
      return true;
    } catch (error) {
      failed(error);
      within(RETRY_MS);
      return false;
    }
  };
  const now = () => {
    cancel?.();
    cancel = undefined;
    turn = turn.then(write);
    return turn;
  };
  return {
    soon: () => within(SOON_MS),
    now,
    stop() {
      isStopped = true;
      cancel?.();
    },
  };
}

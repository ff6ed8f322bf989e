import type { Config } from '../config/config.ts';
import { type PurgeMessage, type PurgeOutcome, purgeMessageSchema } from '../contract/purge-outcome.ts';
import { entryPath } from '../lib/entry.ts';
import { type ErrorCode, GirokError } from '../lib/errors.ts';
import type { CommandContext } from './command.ts';
import { EXIT_OF_ERROR } from './exit-code.ts';
import { startNodeProcess } from './serve-process.ts';

export interface PurgeRun {
  /** Of `src/main/purge.ts`, besides `--config` and `--storage`. */
  readonly args: readonly string[];
  readonly onLine?: ((line: string) => void) | undefined;
  readonly onProgress?: (done: number, of: number) => void;
}

/**
 * Runs the purge in a process of its own, which can open no footage: the one that runs commands could.
 * An abort ends it between two files.
 *
 * @throws GirokError what the process failed with; `internal` when it ended without a word
 */
export async function runPurge(
  config: Config,
  context: CommandContext,
  run: PurgeRun,
): Promise<PurgeOutcome> {
  let last: Exclude<PurgeMessage, { kind: 'progress' }> | undefined;
  const child = startNodeProcess(
    {
      entry: entryPath(import.meta.url, '../main/purge'),
      args: ['--config', config.file, '--storage', config.storage.folder, ...run.args],
      env: context.env,
      onLine: run.onLine,
    },
    purgeMessageSchema,
    (message) => {
      if (message.kind === 'progress') run.onProgress?.(message.done, message.of);
      else last = message;
    },
  );
  const onAbort = () => child.end('SIGTERM');
  context.signal.addEventListener('abort', onAbort, { once: true });
  if (context.signal.aborted) onAbort();
  try {
    const { code, signal } = await child.ended;
    const said = last as typeof last | undefined;
    if (said?.kind === 'outcome') return said.outcome;
    if (said && isKnown(said.code)) throw new GirokError(said.code, said.facts);
    throw new GirokError('internal', { reason: 'the purge ended', how: signal ?? code ?? undefined });
  } finally {
    context.signal.removeEventListener('abort', onAbort);
  }
}

const isKnown = (code: string): code is ErrorCode => Object.hasOwn(EXIT_OF_ERROR, code);

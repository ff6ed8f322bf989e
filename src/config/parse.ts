import { basename } from 'node:path';
import { type Document, LineCounter, parseDocument } from 'yaml';
import type { Config } from './config.ts';
import { crossCheck } from './cross-check.ts';
import { ConfigFaulty, type Fault } from './fault.ts';
import { faultsOfIssue } from './issue.ts';
import { knownKeys } from './known-keys.ts';
import { createLocator } from './locate.ts';
import { configSchema, type WrittenConfig } from './schema.ts';
import { type SettleOptions, settle } from './settle.ts';

/** A file with more is not a cameras.yml; reading on would only cost memory. */
export const CONFIG_MAX_BYTES = 1 << 20;

/**
 * Checks the text of a cameras.yml and fills in its defaults.
 *
 * @throws {ConfigFaulty} with every fault of the file, in its order.
 */
export function parseConfig(source: string, options: SettleOptions): Config {
  const file = basename(options.file);
  const lines = new LineCounter();
  const document = parseDocument(source, { lineCounter: lines, prettyErrors: false, stringKeys: true });
  if (document.errors.length > 0) {
    throw new ConfigFaulty(
      options.file,
      document.errors.map((error): Fault => {
        const { line, col } = lines.linePos(error.pos[0]);
        return { file, line, column: col, path: '', kind: 'syntax', facts: { detail: error.message } };
      }),
    );
  }
  const locate = createLocator(document, lines, file);
  const written = plainValues(document, options.file, file);
  const result = configSchema.safeParse(written, { reportInput: true });
  const shape = result.success
    ? []
    : result.error.issues.flatMap((issue) => faultsOfIssue(issue, (path) => knownKeys(configSchema, path)));
  const faults = [...shape, ...crossCheck(isRecord(written) ? (written as Partial<WrittenConfig>) : {})]
    .map((fault) => locate(fault))
    .sort((a, b) => a.line - b.line || a.column - b.column);
  if (!result.success || faults.length > 0) throw new ConfigFaulty(options.file, faults);
  return settle(result.data, options);
}

/** Aliases are followed here: one that leads nowhere, or that unfolds to far more than the file, is a fault. */
function plainValues(document: Document, path: string, file: string): unknown {
  try {
    return document.toJS({ maxAliasCount: 100 });
  } catch (error) {
    if (!(error instanceof ReferenceError)) throw error;
    const facts = { detail: error.message };
    throw new ConfigFaulty(path, [{ file, line: 1, column: 1, path: '', kind: 'syntax', facts }]);
  }
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

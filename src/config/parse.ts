import { basename, dirname, resolve } from 'node:path';
import { type Document, LineCounter, parseDocument } from 'yaml';
import type { z } from 'zod';
import type { Language } from '../i18n/language.ts';
import type { Config, NotifyConfig } from './config.ts';
import { type CrossFault, crossCheck } from './cross-check.ts';
import { ConfigFaulty, type Fault } from './fault.ts';
import { faultsOfIssue } from './issue.ts';
import { knownKeys } from './known-keys.ts';
import { createLocator } from './locate.ts';
import { configSchema, notifySchema, type WrittenConfig } from './schema.ts';
import { type SettleOptions, settle, settleNotify } from './settle.ts';

/** A file with more is not a cameras.yml; reading on would only cost memory. */
export const CONFIG_MAX_BYTES = 1 << 20;

/**
 * Checks the text of a cameras.yml and fills in its defaults.
 *
 * @throws {ConfigFaulty} with every fault of the file, in its order.
 */
export function parseConfig(source: string, options: SettleOptions): Config {
  const written = parseWritten(source, options.file, configSchema, (text) =>
    crossCheck(isRecord(text) ? (text as Partial<WrittenConfig>) : {}),
  );
  return settle(written, options);
}

/**
 * Checks the text of a file that says, as the section `notify` of cameras.yml does, who is told and how.
 *
 * @param file absolute; relative paths start from its folder. @throws {ConfigFaulty}
 */
export function parseNotify(source: string, file: string, language: Language): NotifyConfig {
  const written = parseWritten(source, file, notifySchema, () => []);
  return settleNotify(written, language, (path) => resolve(dirname(file), path));
}

function parseWritten<S extends z.ZodType>(
  source: string,
  path: string,
  schema: S,
  more: (written: unknown) => readonly CrossFault[],
): z.output<S> {
  const file = basename(path);
  const lines = new LineCounter();
  const document = parseDocument(source, { lineCounter: lines, prettyErrors: false, stringKeys: true });
  if (document.errors.length > 0) {
    throw new ConfigFaulty(
      path,
      document.errors.map((error): Fault => {
        const { line, col } = lines.linePos(error.pos[0]);
        return { file, line, column: col, path: '', kind: 'syntax', facts: { detail: error.message } };
      }),
    );
  }
  const locate = createLocator(document, lines, file);
  const written = plainValues(document, path, file);
  const result = schema.safeParse(written, { reportInput: true });
  const shape = result.success
    ? []
    : result.error.issues.flatMap((issue) => faultsOfIssue(issue, (at) => knownKeys(schema, at)));
  const faults = [...shape, ...more(written)]
    .map((fault) => locate(fault))
    .sort((a, b) => a.line - b.line || a.column - b.column);
  if (!result.success || faults.length > 0) throw new ConfigFaulty(path, faults);
  return result.data;
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

import { pino } from 'pino';
import { GirokError } from './errors.ts';

/** Structured logs, one JSON object a line, to standard error. Facts must never hold a secret. */
export interface Log {
  info(event: string, facts?: Readonly<Record<string, unknown>>): void;
  warn(event: string, facts?: Readonly<Record<string, unknown>>): void;
  error(event: string, facts?: Readonly<Record<string, unknown>>): void;
}

/** @param writer the process, e.g. `recorder` */
export function createLog(writer: string): Log {
  const logger = pino(
    {
      base: { writer },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    pino.destination({ dest: 2, sync: true }),
  );
  return {
    info: (event, facts = {}) => logger.info({ event, ...facts }),
    warn: (event, facts = {}) => logger.warn({ event, ...facts }),
    error: (event, facts = {}) => logger.error({ event, ...facts }),
  };
}

/** What a log may say of an error: code and facts of ours, name and message of a stranger's. */
export function factsOf(error: unknown): Readonly<Record<string, unknown>> {
  if (error instanceof GirokError) return { code: error.code, ...error.facts };
  if (error instanceof Error) return { error: error.name, message: error.message, stack: error.stack };
  return { error: String(error) };
}

/**
 * Node finds out by a caught exception that a plain buffer is no KeyObject (which we may not use: it keeps copies
 * of the key), and the stack trace of that exception costs more than sealing the chunk: 17 µs against 8.
 */
export function withoutStackTraces<T>(make: () => T): T {
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = 0;
  try {
    return make();
  } finally {
    Error.stackTraceLimit = limit;
  }
}

import type { z } from 'zod';
import type { CrossFault } from './cross-check.ts';
import type { FaultFacts, FaultKind } from './fault.ts';
import { nearest } from './nearest.ts';

type Issue = z.core.$ZodIssue;

/** One zod issue → our faults (an `unrecognized_keys` issue names several keys). */
export function faultsOfIssue(
  issue: Issue,
  keysAt: (path: readonly PropertyKey[]) => readonly string[],
): CrossFault[] {
  const path = issue.path.map((step) => (typeof step === 'number' ? step : String(step)));
  const one = (kind: FaultKind, facts: FaultFacts = {}): CrossFault[] => [{ path, kind, facts }];
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => ({
        path: [...path, key],
        kind: 'unknown_key',
        facts: { key, meant: nearest(key, keysAt(path)) },
      }));
    case 'invalid_type':
      return issue.input === undefined
        ? one('missing', { key: String(path.at(-1) ?? '') })
        : one('wrong_type', { expected: issue.expected, found: typeName(issue.input) });
    case 'invalid_union':
      return issue.input === undefined
        ? one('missing', { key: String(path.at(-1) ?? '') })
        : one('wrong_type', { expected: 'string', found: typeName(issue.input) });
    case 'invalid_value': {
      if (issue.input === undefined) return one('missing', { key: String(path.at(-1) ?? '') });
      const choices = issue.values.map(String);
      const found = typeof issue.input === 'string' ? issue.input.slice(0, 60) : typeName(issue.input);
      return one('not_one_of', { found, choices: choices.join(', '), meant: nearest(found, choices) });
    }
    case 'too_small':
      return issue.origin === 'string' || issue.origin === 'array'
        ? one('empty')
        : one('out_of_range', { minimum: Number(issue.minimum) });
    case 'too_big':
      return issue.origin === 'string' || issue.origin === 'array'
        ? one('too_long', { maximum: Number(issue.maximum) })
        : one('out_of_range', { maximum: Number(issue.maximum) });
    case 'custom': {
      const { kind, ...facts } = issue.params as { kind: FaultKind } & FaultFacts;
      return one(kind, facts);
    }
    default:
      return one('wrong_type', { expected: issue.code, found: typeName(issue.input) });
  }
}

function typeName(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'array' : typeof value;
}

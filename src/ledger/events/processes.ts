import { z } from 'zod';
import { count, kind, names, word } from './shapes.ts';

/** Programs that began and ended, what they were told, and what needed a person. */
export const PROCESSES = [
  kind('recorder.started', { pid: count, cameras: count }),
  kind('recorder.stopped', { signal: word }),
  kind('steward.started', { pid: count }),
  kind('steward.stopped', { signal: word }),
  kind('alarm.raised', { alarm: word, subject: z.string().max(64) }),
  kind('alarm.cleared', { alarm: word, subject: z.string().max(64) }),
  kind('config.changed', {
    added: names,
    removed: names,
    changed: names,
    applied: names,
    needsRestart: names,
  }),
] as const;

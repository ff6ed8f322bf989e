import { z } from 'zod';
import { count, instant, kind, names, word } from './shapes.ts';

/** How a recorder ended that ran before this one; `host_restart`: together with its machine. */
export const ENDS_BEFORE = ['first_start', 'stop', 'crash', 'host_restart'] as const;

/** A summary holds so many lines; more come in the next one. */
export const MOST_FOLDED_LINES = 500;

/** Programs that began and ended, what they were told, and what needed a person. */
export const PROCESSES = [
  kind('recorder.started', {
    pid: count,
    cameras: count,
    /** Absent: nobody knows. */
    after: z.enum(ENDS_BEFORE).optional(),
  }),
  kind('recorder.stopped', { signal: word }),
  kind('steward.started', { pid: count }),
  kind('steward.stopped', { signal: word }),
  kind('alarm.raised', { alarm: word, subject: z.string().max(64) }),
  kind('alarm.cleared', { alarm: word, subject: z.string().max(64) }),
  /** Somebody has taken it on, or took note; personal fields: by, note. */
  kind('alarm.assigned', { id: word, alarm: word, subject: z.string().max(64) }),
  kind('alarm.acknowledged', { id: word, alarm: word, subject: z.string().max(64) }),
  kind('config.changed', {
    added: names,
    removed: names,
    changed: names,
    applied: names,
    needsRestart: names,
    /** Edited while no recorder ran. */
    atStart: z.literal(true).optional(),
  }),
  /** The host's wall clock was set, or stood still for the length of a sleep: from … to at the same moment. */
  kind('clock.stepped', {
    from: instant,
    to: instant,
    byMs: z.int(),
    /** Seen when the recorder began: `from` is the latest time that it knew of, so it was at least this much. */
    atStart: z.literal(true).optional(),
  }),
  /** The storage folder is another volume than the last one that this site recorded on, or the first. */
  kind('volume.changed', { volume: z.uuid(), previous: z.uuid().optional() }),
  kind('keyring.made', { epoch: count }),
  /** The keyring or its mirror was missing and was made again out of the other. */
  kind('keyring.repaired', { place: z.enum(['folder', 'mirror']) }),
  /** Entries that came too fast to stand each for itself, counted by what they would have said. */
  kind('recorder.folded', {
    from: instant,
    to: instant,
    entries: count,
    lines: z
      .array(
        z.strictObject({
          event: word,
          subject: z.string().max(110),
          count,
          /** Sum of what each lasted. */
          lastedMs: count.optional(),
          /** Of the last one. */
          cause: word.optional(),
        }),
      )
      .max(MOST_FOLDED_LINES),
  }),
] as const;

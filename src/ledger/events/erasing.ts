import { z } from 'zod';
import { camera, count, instant, kind, namesNobody, sha256, word } from './shapes.ts';

const erasing = <Name extends string>(event: Name) =>
  z.strictObject({
    event: z.literal(event),
    facts: z.looseObject({ run: word.optional() }).refine(namesNobody),
  });

/** Of the certificate what readers rely on; the rest goes along as it is. */
const certificate = z.looseObject({
  run: word,
  startedAt: instant,
  finishedAt: instant,
  state: z.enum(['complete', 'incomplete']),
  epoch: count,
  days: z.array(
    z.looseObject({
      camera,
      day: z.iso.date(),
      files: count,
      bytes: count,
      /** Of a run with too many days for one entry: its last day, and how many of `day` … `to` there are. */
      to: z.iso.date().optional(),
      days: count.optional(),
    }),
  ),
  /** Camera-days that did not fit at all. */
  daysOmitted: count.optional(),
  failures: z.array(z.unknown()),
  deferred: z.array(z.unknown()),
  /** How many there were, where the list is not all of them. */
  failuresCount: count.optional(),
  deferredCount: count.optional(),
  /** All runs from that one on (ids sort by time) that were incomplete: with this one they are not. */
  finishes: z.looseObject({ since: word, runs: count }).optional(),
  /** Of the certificate's file, which has what does not fit in here. */
  certificateSha256: sha256.optional(),
});

/** The facts are those of src/contract/purge-outcome.ts, which may come to say more. Personal fields of a confirmation: by, reason. */
export const ERASING = [
  erasing('erase.intent'),
  z.strictObject({ event: z.literal('erase.done'), facts: certificate.refine(namesNobody) }),
  z.strictObject({ event: z.literal('erase.incomplete'), facts: certificate.refine(namesNobody) }),
  erasing('erase.waits'),
  erasing('erase.confirmed'),
  /** Once a day while it stands: what had to go five days ago may still be opened. */
  kind('erase.overdue', { run: word.optional(), oldestDay: z.iso.date(), cameras: count }),
] as const;

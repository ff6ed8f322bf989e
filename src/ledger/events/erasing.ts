import { z } from 'zod';
import { camera, count, instant, word } from './shapes.ts';
import { withoutPersons } from './without-persons.ts';

const erasing = <Name extends string>(event: Name) =>
  z.strictObject({
    event: z.literal(event),
    facts: z.looseObject({ run: word.optional() }).transform(withoutPersons),
  });

/** Of the certificate what the destruction log needs; the rest goes along as it is. */
const certificate = z.looseObject({
  run: word,
  startedAt: instant,
  finishedAt: instant,
  state: z.enum(['complete', 'incomplete']),
  epoch: count,
  days: z.array(z.looseObject({ camera, day: z.iso.date(), files: count, bytes: count })),
  failures: z.array(z.unknown()),
  deferred: z.array(z.unknown()),
});

/** The facts are those of src/contract/purge-outcome.ts, which may come to say more. */
export const ERASING = [
  erasing('erase.intent'),
  z.strictObject({ event: z.literal('erase.done'), facts: certificate.transform(withoutPersons) }),
  z.strictObject({ event: z.literal('erase.incomplete'), facts: certificate.transform(withoutPersons) }),
  erasing('erase.waits'),
  erasing('erase.confirmed'),
] as const;

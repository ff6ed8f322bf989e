import { z } from 'zod';
import { word } from './shapes.ts';
import { withoutPersons } from './without-persons.ts';

const holding = <Name extends string>(event: Name) =>
  z.strictObject({
    event: z.literal(event),
    facts: z.looseObject({ hold: word }).transform(withoutPersons),
  });

/** Holds, as src/retention tells them. */
export const HOLDS = [
  holding('hold.made'),
  holding('hold.copied'),
  holding('hold.taken_over'),
  holding('hold.renewed'),
  holding('hold.reviewed'),
  holding('hold.ended'),
] as const;

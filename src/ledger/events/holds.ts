import { z } from 'zod';
import { namesNobody, word } from './shapes.ts';

const holding = <Name extends string>(event: Name) =>
  z.strictObject({
    event: z.literal(event),
    facts: z.looseObject({ hold: word }).refine(namesNobody),
  });

/** Holds, as src/retention tells them. Personal fields: by, reason. */
export const HOLDS = [
  holding('hold.made'),
  holding('hold.copied'),
  holding('hold.taken_over'),
  holding('hold.renewed'),
  holding('hold.reviewed'),
  holding('hold.ended'),
] as const;

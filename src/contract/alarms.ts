import { z } from 'zod';

/** An alarm as the API shows it. Instants: ISO 8601, UTC. */
export const alarmSchema = z.strictObject({
  id: z.string(),
  /** Who raised it: `recorder`, `steward`, `purge`, `web`. */
  process: z.string(),
  alarm: z.string(),
  subject: z.string(),
  severity: z.string(),
  since: z.iso.datetime(),
  ended: z.iso.datetime().optional(),
  /** How often it began. */
  count: z.int(),
  /** What stands, what it means and what to do, in the caller's language. */
  sentence: z.string(),
  taken: z.boolean(),
  acknowledged: z.boolean(),
});
export type AlarmView = z.infer<typeof alarmSchema>;

export const alarmsSchema = z.strictObject({ alarms: z.array(alarmSchema) });

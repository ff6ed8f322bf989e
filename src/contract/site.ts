import { z } from 'zod';

/** What anybody may know who can open the page: what its sign says, and what signing in needs. */
export const siteSchema = z.strictObject({
  name: z.strictObject({ ko: z.string(), en: z.string() }),
  /** IANA. */
  timeZone: z.string(),
  /** The site's own: for whoever wishes neither. */
  language: z.enum(['ko', 'en']),
  /** Who is not there yet of those who set a site up: first whoever manages people, then the privacy officer. */
  missing: z.enum(['administrator', 'officer']).optional(),
  passkeys: z.boolean(),
  password: z.strictObject({ length: z.int(), lengthWithFactor: z.int() }),
  /** While the site is being set up and nobody could be told otherwise: how many of its cameras record. */
  recording: z.strictObject({ recording: z.int(), of: z.int() }).optional(),
});
export type SiteView = z.infer<typeof siteSchema>;

import { z } from 'zod';
import { purposeSchema } from './viewings.ts';

const words = z.strictObject({ ko: z.string(), en: z.string() });

/** What the site publishes of itself (운영·관리 방침), and with what its ledger is verified. */
export const aboutSchema = z.strictObject({
  version: z.string(),
  /** Those that are switched on. */
  cameras: z.int(),
  retentionDays: z.int(),
  purposes: z.array(purposeSchema),
  /** 관리책임자, as on the sign. */
  officer: z.strictObject({
    name: words,
    title: words,
    department: words,
    phone: z.string(),
    email: z.string(),
  }),
  ledger: z.strictObject({
    /** First line of every checkpoint. */
    origin: z.string(),
    /** Public key, `name+id+key`. */
    key: z.string(),
  }),
});
export type AboutView = z.infer<typeof aboutSchema>;

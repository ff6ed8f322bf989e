import { z } from 'zod';
import { cameraText, wordsOfPerson } from './inputs.ts';
import { instantUs } from './people.ts';
import { ROLES } from './roles.ts';
import { toldText } from './told-text.ts';
import { VIEWING_KINDS } from './viewing-kinds.ts';

/** Viewings and what they rest on, as the API shows them. Instants: ISO 8601, UTC. */

/** What somebody wants to see, and why. */
export const askingInput = z.strictObject({
  kind: z.enum(VIEWING_KINDS),
  purpose: z.string().max(32),
  reason: wordsOfPerson(1, 1000),
  requester: wordsOfPerson(1, 200).optional(),
  cameras: z.array(z.string().max(32)).min(1).max(256),
  /** The footage's own time; of `recorded` alone. */
  range: z.strictObject({ from: instantUs, to: instantUs }).optional(),
});

export const openedSchema = z.strictObject({
  viewing: z.string(),
  grant: z.string(),
  until: z.iso.datetime(),
});

export const grantSchema = z.strictObject({
  id: z.string(),
  account: z.string(),
  kind: z.enum(['recorded', 'live']),
  state: z.enum(['requested', 'made', 'refused', 'revoked']),
  basis: z.enum(['right', 'approval', 'breakglass']).optional(),
  purpose: z.string(),
  cameras: z.array(z.string()),
  from: z.iso.datetime().optional(),
  to: z.iso.datetime().optional(),
  asked: z.iso.datetime(),
  until: z.iso.datetime().optional(),
  approvedBy: z.string().optional(),
  reviewed: z.iso.datetime().optional(),
});

/** A grant for whoever has to decide on it: who asks, and in which words. */
export const decidedGrantSchema = grantSchema.extend({
  /** Absent once there is no such account. */
  by: z.strictObject({ name: z.string(), role: z.enum(ROLES) }).optional(),
  reason: toldText.optional(),
  requester: toldText.optional(),
});

export const viewingSchema = z.strictObject({
  id: z.string(),
  grant: z.string(),
  kind: z.enum(VIEWING_KINDS),
  opened: z.iso.datetime(),
  closed: z.iso.datetime().optional(),
  outcome: z.string().optional(),
});

/** A moment that somebody marks while they look; `at`: the footage's own time. */
export const markInput = z.strictObject({
  camera: cameraText,
  at: instantUs,
  note: wordsOfPerson(1, 200).optional(),
});

export const markSchema = z.strictObject({
  camera: z.string(),
  at: z.iso.datetime(),
  note: z.string().optional(),
});

/** What a camera may be installed for, in the site's words. */
export const purposeSchema = z.strictObject({ id: z.string(), ko: z.string(), en: z.string() });

import type { z } from 'zod';
import type { cameraSchema } from '../../../src/contract/cameras.ts';
import type { calendarSchema, timelineSchema } from '../../../src/contract/footage.ts';
import type { grantSchema, viewingSchema } from '../../../src/contract/viewings.ts';

/** What this page works with, as the server gives and takes it. */

export type Camera = z.infer<typeof cameraSchema>;
export type Grant = z.infer<typeof grantSchema>;
export type Viewing = z.infer<typeof viewingSchema>;
export type Calendar = z.infer<typeof calendarSchema>;
export type Timeline = z.infer<typeof timelineSchema>;

/** What somebody wants to see, and why; instants ISO 8601, UTC. */
export interface Asking {
  readonly kind: 'recorded';
  readonly purpose: string;
  readonly reason: string;
  readonly requester?: string;
  readonly cameras: readonly string[];
  readonly range: { readonly from: string; readonly to: string };
}

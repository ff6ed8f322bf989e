/**
 * Why footage is kept beyond its time (domain rules §4.6). `desk`: any member of staff, until a request is
 * entered. The others have a reason of their own to end.
 */
export const HOLD_KINDS = ['desk', 'subject_request', 'authority', 'incident', 'operating_room'] as const;
export type HoldKind = (typeof HOLD_KINDS)[number];

/** What can take a hold over. */
export const TAKING_OVER = ['subject_request', 'authority', 'incident', 'operating_room'] as const;

/** Longest and usual time a hold may stand, days; counted anew when it is taken over or renewed. */
export const HOLD_DAYS: Readonly<Record<HoldKind, { readonly usual: number; readonly most: number }>> = {
  desk: { usual: 3, most: 3 },
  subject_request: { usual: 30, most: 90 },
  authority: { usual: 30, most: 365 },
  incident: { usual: 30, most: 30 },
  operating_room: { usual: 30, most: 30 },
};

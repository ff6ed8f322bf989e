/** In the words that stand in the ledger for ever, and on every screen. */

/** Who a person is here (domain rules §5.5). `technician`: the outsourced CCTV company. */
export const ROLES = [
  'security',
  'officer',
  'reviewer',
  'auditor',
  'technician',
  'administrator',
  'kiosk',
] as const;

/** What a right allows. */
export const ACTIONS = [
  'live',
  'playback',
  'still',
  'export',
  'mask',
  'approve',
  'hold',
  'confirm_erasure',
  'read_logs',
  'manage_people',
] as const;

export type Role = (typeof ROLES)[number];
export type Action = (typeof ACTIONS)[number];

/**
 * The most that a role can be given. A right names some of these for some cameras; what is not here, nobody can
 * grant. Domain rules §5.5: staff export nothing, the technician and the administrator see nothing, the auditor
 * reads and does nothing else.
 */
export const MOST: Readonly<Record<Role, readonly Action[]>> = {
  security: ['live', 'playback', 'hold'],
  officer: ['live', 'playback', 'still', 'export', 'mask', 'approve', 'hold', 'confirm_erasure', 'read_logs'],
  reviewer: ['mask'],
  auditor: ['read_logs'],
  technician: [],
  administrator: ['manage_people'],
  // One masked clip, which its grant names.
  kiosk: ['playback'],
};

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

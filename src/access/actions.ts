import { ACTIONS, type Action, MOST, ROLES, type Role } from '../contract/roles.ts';

/** Who a person is here, and what a right allows: in the words that stand in the ledger for ever. */
export { ACTIONS, type Action, MOST, ROLES, type Role };

/** What every account of a role may do, without a right of its own: none of it shows footage. */
export const FUNCTIONS = [
  'own_account',
  'health',
  'alarms',
  'configuration',
  'tasks',
  'cameras',
  'camera_addresses',
  'camera_search',
  'camera_views',
  'documentation',
] as const;
export type RoleFunction = (typeof FUNCTIONS)[number];

/** Actions that show a person's image, and need a grant with a purpose besides the right. */
export const SEEING: ReadonlySet<Action> = new Set(['live', 'playback', 'still', 'export', 'mask']);

/** Actions on footage of one camera; the others concern the site. */
export const OF_CAMERAS: ReadonlySet<Action> = new Set([...SEEING, 'hold']);

export const OF_ROLE: Readonly<Record<Role, readonly RoleFunction[]>> = {
  security: ['own_account', 'health', 'alarms', 'cameras', 'tasks'],
  officer: [
    'own_account',
    'health',
    'alarms',
    'cameras',
    'camera_addresses',
    'camera_search',
    'camera_views',
    'tasks',
    'configuration',
  ],
  reviewer: ['own_account', 'tasks'],
  auditor: ['own_account', 'health', 'alarms', 'cameras', 'camera_addresses', 'tasks', 'configuration'],
  technician: ['own_account', 'health', 'alarms', 'cameras', 'camera_addresses', 'camera_views'],
  administrator: [
    'own_account',
    'health',
    'alarms',
    'cameras',
    'camera_addresses',
    'camera_search',
    'tasks',
    'configuration',
    'documentation',
  ],
  kiosk: [],
};

/** Who needs a second factor wherever they sit; from outside the site's networks everybody does. */
export const NEEDS_FACTOR: ReadonlySet<Role> = new Set(['officer', 'reviewer', 'auditor', 'administrator']);

/** What a person proves themselves again for, however recently they signed in. */
export const NEEDS_REAUTHENTICATION: ReadonlySet<Action> = new Set([
  'manage_people',
  'export',
  'approve',
  'confirm_erasure',
]);

import type { ComponentType } from 'preact';
import type { Role } from '../../src/contract/roles.ts';
import type { frame } from '../../src/i18n/ko/screens/frame.ts';
import type { IconName } from '../ui/icon.tsx';

export interface PageProps {
  /** Of the names in the path. */
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
}

export interface Page {
  /** `/requests/:id`; steps with a colon are names. */
  readonly path: string;
  /** Its own chunk, loaded when it is first opened. */
  readonly load: () => Promise<{ readonly default: ComponentType<PageProps> }>;
  /** Who sees it at all. What they may do there, the server says. */
  readonly who: readonly Role[];
  /** Of the title and the rail: `words().pages`. */
  readonly word: keyof (typeof frame)['pages'];
  /** In the rail, in the order of this list. */
  readonly icon?: IconName;
}

const EVERYBODY: readonly Role[] = [
  'security',
  'officer',
  'reviewer',
  'auditor',
  'technician',
  'administrator',
];

const STAFF: readonly Role[] = EVERYBODY.filter((role) => role !== 'reviewer');

/** Every page behind the sign-in, the day's work first. The first that somebody may see is where they begin. */
export const PAGES: readonly Page[] = [
  {
    path: '/today',
    load: () => import('../pages/today/today.tsx'),
    who: EVERYBODY,
    word: 'today',
    icon: 'today',
  },
  {
    path: '/wall',
    load: () => import('../pages/wall/wall.tsx'),
    who: ['security', 'officer'],
    word: 'wall',
    icon: 'live',
  },
  {
    path: '/review',
    load: () => import('../pages/review/review.tsx'),
    who: ['security', 'officer'],
    word: 'review',
    icon: 'review',
  },
  {
    path: '/review/:id',
    load: () => import('../pages/review/viewing.tsx'),
    who: ['security', 'officer'],
    word: 'viewing',
  },
  {
    path: '/approvals',
    load: () => import('../pages/approvals/approvals.tsx'),
    who: ['security', 'officer', 'auditor', 'administrator'],
    word: 'approvals',
    icon: 'check',
  },
  {
    path: '/retention',
    load: () => import('../pages/retention/retention.tsx'),
    who: ['security', 'officer', 'auditor', 'administrator'],
    word: 'retention',
    icon: 'erasing',
  },
  {
    path: '/records',
    load: () => import('../pages/records/records.tsx'),
    who: ['officer', 'auditor'],
    word: 'records',
    icon: 'records',
  },
  {
    path: '/records/checkpoint',
    load: () => import('../pages/records/checkpoint.tsx'),
    who: ['officer', 'auditor'],
    word: 'checkpoint',
  },
  {
    path: '/alarms',
    load: () => import('../pages/alarms/alarms.tsx'),
    who: ['security', 'officer', 'auditor', 'technician', 'administrator'],
    word: 'alarms',
    icon: 'alarm',
  },
  {
    path: '/cameras',
    load: () => import('../pages/cameras/cameras.tsx'),
    who: STAFF,
    word: 'cameras',
    icon: 'cameras',
  },
  {
    path: '/cameras/find',
    load: () => import('../pages/cameras/find.tsx'),
    who: ['officer', 'administrator'],
    word: 'findCameras',
  },
  {
    path: '/cameras/:id',
    load: () => import('../pages/cameras/camera.tsx'),
    who: STAFF,
    word: 'camera',
  },
  {
    path: '/people',
    load: () => import('../pages/people/people.tsx'),
    who: ['administrator'],
    word: 'people',
    icon: 'people',
  },
  {
    path: '/people/:id',
    load: () => import('../pages/people/person.tsx'),
    who: ['administrator'],
    word: 'person',
  },
  {
    path: '/settings',
    load: () => import('../pages/settings/settings.tsx'),
    who: ['officer', 'auditor', 'administrator'],
    word: 'settings',
    icon: 'settings',
  },
  {
    path: '/account',
    load: () => import('../pages/account/account.tsx'),
    who: EVERYBODY,
    word: 'account',
    icon: 'account',
  },
  {
    path: '/about',
    load: () => import('../pages/about/about.tsx'),
    who: EVERYBODY,
    word: 'about',
    icon: 'info',
  },
];

/** Where a role begins. */
export const homeOf = (role: Role): string =>
  PAGES.find(({ who, path }) => who.includes(role) && !path.includes(':'))?.path ?? '/account';

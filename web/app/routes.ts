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

/** Every page behind the sign-in. The first that somebody may see is where they begin. */
export const PAGES: readonly Page[] = [
  {
    path: '/today',
    load: () => import('../pages/today/today.tsx'),
    who: EVERYBODY,
    word: 'today',
    icon: 'today',
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
    path: '/retention',
    load: () => import('../pages/retention/retention.tsx'),
    who: ['security', 'officer', 'auditor', 'administrator'],
    word: 'retention',
    icon: 'erasing',
  },
  {
    path: '/account',
    load: () => import('../pages/account/account.tsx'),
    who: EVERYBODY,
    word: 'account',
    icon: 'account',
  },
];

/** Where a role begins. */
export const homeOf = (role: Role): string =>
  PAGES.find(({ who, path }) => who.includes(role) && !path.includes(':'))?.path ?? '/account';

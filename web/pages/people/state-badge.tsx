import { Badge } from '../../ui/badge.tsx';
import type { Account } from './api.ts';
import { words } from './words.ts';

const KINDS = { active: 'well', suspended: 'due', closed: 'quiet' } as const;

export function StateBadge({ account: { state, suspendedFor } }: { readonly account: Account }) {
  const { states, suspendedFor: causes } = words();
  const known: Readonly<Record<string, string>> = causes;
  const cause =
    state === 'suspended' && suspendedFor !== undefined ? (known[suspendedFor] ?? suspendedFor) : '';
  return (
    <Badge kind={KINDS[state]}>
      {states[state]}
      {cause && ` · ${cause}`}
    </Badge>
  );
}

export const nameOf = ({ name, state }: Account): string => (state === 'closed' ? words().closedName : name);

import { type AllRights, decideOnRight, type Right } from './api.ts';
import type { Step } from './confirm.tsx';
import { personIn } from './right-words.ts';
import { words } from './words.ts';

/** Deciding on a right, or ending one. */
export function rightStep(right: Right, all: AllRights, name: 'approve' | 'refuse' | 'revoke'): Step {
  const said = words().rights;
  return {
    title: said[name],
    text: said.sure[name]({ name: personIn(all, right.account) }),
    recorded: said.recorded,
    button: said[name],
    danger: name === 'revoke',
    done: said.done[name],
    work: () => decideOnRight(right.id, name),
  };
}

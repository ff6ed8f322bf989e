import type { ComponentChildren } from 'preact';
import { siteTimeText } from '../../app/site-time.ts';
import { Badge } from '../../ui/badge.tsx';
import { Actions } from '../../ui/card.tsx';
import type { AllRights, Camera, Right, Terms } from './api.ts';
import styles from './people.module.css';
import { personIn, stateOf, termsWords } from './right-words.ts';
import { words } from './words.ts';

const KINDS = {
  requested: 'due',
  granted: 'well',
  later: 'quiet',
  over: 'quiet',
  refused: 'quiet',
  revoked: 'quiet',
} as const;

interface RightItemProps {
  readonly right: Right;
  readonly all: AllRights;
  readonly cameras: readonly Camera[];
  /** Whose it is, where that is not clear from where it stands. */
  readonly named?: boolean;
  /** What can be done with it. */
  readonly children?: ComponentChildren;
}

/** One right with who asked for it, who decided, and a change that waits. */
export function RightItem({ right, all, cameras, named = false, children }: RightItemProps) {
  const said = words().rights;
  const state = stateOf(right);
  const at = (iso: string) => siteTimeText(Date.parse(iso));
  return (
    <div class={styles.right}>
      <div class={styles.rightHead}>
        <Badge kind={KINDS[state]}>{said.states[state]}</Badge>
        <strong>
          {named && `${personIn(all, right.account)} · `}
          {termsWords(right.terms, cameras).actions}
        </strong>
      </div>
      <TermsList terms={right.terms} cameras={cameras} />
      <p>
        {said.requestedBy({ name: personIn(all, right.requestedBy), at: at(right.requested) })}
        {right.decided !== undefined &&
          right.approvedBy !== undefined &&
          ` · ${said.approvedBy({ name: personIn(all, right.approvedBy), at: at(right.decided) })}`}
      </p>
      {right.reason !== undefined && (
        <p>
          {said.reason}:{' '}
          {typeof right.reason === 'string' ? said.reasonGone[right.reason] : right.reason.text}
        </p>
      )}
      {right.proposed && (
        <div class={styles.change}>
          <strong>{said.changeWaits}</strong>
          <p>{termsWords(right.proposed, cameras).actions}</p>
          <TermsList terms={right.proposed} cameras={cameras} />
        </div>
      )}
      {children !== undefined && <Actions>{children}</Actions>}
    </div>
  );
}

function TermsList({ terms, cameras }: { readonly terms: Terms; readonly cameras: readonly Camera[] }) {
  const said = words().rights;
  const told = termsWords(terms, cameras);
  return (
    <dl class={styles.facts}>
      <dt>{said.where}</dt>
      <dd>{told.cameras}</dd>
      <dt>{said.lookBack}</dt>
      <dd>{told.lookBack}</dd>
      <dt>{said.term}</dt>
      <dd>{told.term}</dd>
    </dl>
  );
}

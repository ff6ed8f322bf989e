import { useState } from 'preact/hooks';
import { go, Link } from '../../../app/router.tsx';
import { Button } from '../../../ui/button.tsx';
import { Actions, Card } from '../../../ui/card.tsx';
import { told } from '../../../ui/toast.tsx';
import { begunOf } from '../purpose/begun.ts';
import { PurposeSheet } from '../purpose/sheet.tsx';
import type { Grant } from '../shapes.ts';
import { words } from '../words.ts';

interface OverProps {
  readonly outcome: string | undefined;
  readonly grant: Grant;
}

/** Why this viewing is over, and what can be done: the same once more, with everything filled in. */
export function Over({ outcome, grant }: OverProps) {
  const said = words().over;
  const [isAsking, setAsking] = useState(false);
  const reasons: Readonly<Record<string, string>> = said.outcomes;
  return (
    <Card>
      <h1>{said.title}</h1>
      <p role="alert">{(outcome !== undefined && reasons[outcome]) || said.other}</p>
      <p>{said.kept}</p>
      <Actions>
        <Button kind="primary" icon="refresh" onPress={() => setAsking(true)}>
          {said.again}
        </Button>
        <Link to="/review">{said.list}</Link>
      </Actions>
      {isAsking && (
        <PurposeSheet
          begun={begunOf(grant)}
          onClose={() => setAsking(false)}
          onOpened={(viewing) => go(`/review/${viewing}`)}
          onRequested={() => {
            told(words().requested);
            go('/review');
          }}
        />
      )}
    </Card>
  );
}

import { second } from '../../../app/clock.ts';
import type { Working } from '../../../app/working.ts';
import { Badge } from '../../../ui/badge.tsx';
import { Button } from '../../../ui/button.tsx';
import { Fault } from '../../../ui/field.tsx';
import type { Grant } from '../shapes.ts';
import { toldOf } from '../told.ts';
import { words } from '../words.ts';
import styles from './desk.module.css';

interface ViewingBarProps {
  readonly viewing: string;
  readonly purpose: string;
  readonly grant: Grant;
  readonly ending: Working;
  readonly onEnd: () => void;
  readonly onIncident: () => void;
  readonly onMore: () => void;
}

/** What is looked at what for, for how long still, and the two ways to end it. */
export function ViewingBar({ viewing, purpose, grant, ending, onEnd, onIncident, onMore }: ViewingBarProps) {
  const said = words().bar;
  const told = toldOf(viewing);
  return (
    <div class={styles.bar}>
      <p class={styles.about}>
        <strong>
          {said.purpose} {purpose}
        </strong>
        {told && ` · ${told.reason}`}
        {told && told.requester !== '' && ` · ${said.askedBy({ name: told.requester })}`}
        {grant.until !== undefined && ` · ${said.left} ${leftText(Date.parse(grant.until) - second.value)}`}{' '}
        {grant.basis === 'breakglass' && (
          <Badge kind="alarm" icon="alarm">
            {said.breakGlass}
          </Badge>
        )}
      </p>
      {ending.fault && <Fault sentence={ending.fault.sentence} />}
      <div class={styles.ends}>
        <Button small onPress={onMore}>
          {said.more}
        </Button>
        <Button small kind="danger" icon="alarm" busy={ending.busy} onPress={onIncident}>
          {said.incident}
        </Button>
        <Button small kind="primary" icon="check" busy={ending.busy} onPress={onEnd}>
          {said.end}
        </Button>
      </div>
    </div>
  );
}

/** `7:52:10`, `52:10` */
function leftText(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const two = (value: number) => String(value).padStart(2, '0');
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${two(minutes)}:${two(seconds % 60)}`;
}

import { Link } from '../../app/router.tsx';
import { Card } from '../../ui/card.tsx';
import { Time } from '../../ui/time.tsx';
import { cameraName, type Names, purposeName } from './names.ts';
import styles from './review.module.css';
import type { Grant, Viewing } from './shapes.ts';
import { words } from './words.ts';

interface RunningProps {
  readonly viewings: readonly Viewing[];
  readonly grants: readonly Grant[];
  readonly names: Names | undefined;
}

/** Viewings that are open still: a page that was closed by accident is returned to. */
export function Running({ viewings, grants, names }: RunningProps) {
  const said = words().running;
  const open = viewings.filter(({ closed, kind }) => closed === undefined && kind === 'recorded');
  if (open.length === 0) return null;
  return (
    <Card title={said.title}>
      <ul class={styles.list}>
        {open.map(({ id, grant, opened }) => {
          const rests = grants.find((one) => one.id === grant);
          return (
            <li key={id}>
              <Link to={`/review/${id}`}>{rests ? purposeName(names, rests.purpose) : said.go}</Link>
              <span class={styles.soft}>
                {said.since} <Time at={opened} />
                {rests && ` · ${rests.cameras.map((camera) => cameraName(names, camera)).join(', ')}`}
              </span>
            </li>
          );
        })}
      </ul>
    </Card>
  );
}

import { useEffect, useState } from 'preact/hooks';
import { isApiError } from '../../api/api-error.ts';
import { errorOf } from '../../api/resource.ts';
import { language } from '../../app/language.ts';
import { session } from '../../app/session.ts';
import { Button } from '../../ui/button.tsx';
import { Fault } from '../../ui/field.tsx';
import { toldFault } from '../../ui/toast.tsx';
import { askOutcome, type Camera, closeViewing, type Health, openViewing } from './api.ts';
import { cannotBeLive, HealthBadge, hasSubAlone } from './health.tsx';
import { isShown } from './live/shown.ts';
import { overWords } from './over.ts';
import { Picture } from './picture.tsx';
import styles from './wall.module.css';
import { words } from './words.ts';

interface FullViewProps {
  readonly camera: Camera;
  readonly health: Health | undefined;
  readonly purpose: { readonly id: string; readonly name: string };
  readonly reason: string;
  readonly onBack: () => void;
}

/** One camera, large: a viewing of its own, that ends when one goes back. */
export function FullView({ camera, health, purpose, reason, onBack }: FullViewProps) {
  const said = words().full;
  const name = camera.name[language.value];
  const { viewing, fault, look } = useOwnViewing(camera.id, purpose.id, reason);
  return (
    <section class={styles.full} aria-label={said.title({ name })}>
      <div class={styles.fullHead}>
        <h2>{said.title({ name })}</h2>
        <HealthBadge health={health} />
        <span role="status">
          {viewing !== undefined ? said.logged : fault === undefined ? said.opening : ''}
        </span>
        <span class={styles.spring}>
          <Button icon="back" onPress={onBack}>
            {said.back}
          </Button>
        </span>
      </div>
      {hasSubAlone(health) && !cannotBeLive(health) && <p>{said.substream}</p>}
      {fault !== undefined && <Fault sentence={fault} />}
      <div class={styles.fullPicture}>
        {viewing !== undefined && fault === undefined && (
          <Picture
            viewing={viewing}
            camera={camera.id}
            stream="main"
            purpose={purpose.name}
            wanted={isShown.value && session.value.state === 'somebody'}
            codecNotLive={cannotBeLive(health)}
            onDoubt={look}
          />
        )}
      </div>
    </section>
  );
}

/** Opens it once, and closes it whichever way one leaves. */
function useOwnViewing(camera: string, purpose: string, reason: string) {
  const [viewing, setViewing] = useState<string>();
  const [fault, setFault] = useState<string>();
  useEffect(() => {
    let isGone = false;
    let open: string | undefined;
    const begun = openViewing({ kind: 'live', purpose, reason, cameras: [camera] });
    begun.then(
      (opened) => {
        if (isGone) return close(opened.viewing);
        open = opened.viewing;
        setViewing(opened.viewing);
      },
      (error: unknown) => {
        if (!isGone) setFault(errorOf(error).sentence);
      },
    );
    return () => {
      isGone = true;
      if (open !== undefined) close(open);
    };
  }, [camera, purpose, reason]);
  const look = () => {
    if (viewing === undefined) return;
    askOutcome(viewing).then(
      (outcome) => {
        if (outcome !== undefined) setFault(overWords(outcome));
      },
      // As with any other: the picture is tried again, and it is asked again then.
      () => undefined,
    );
  };
  return { viewing, fault, look };
}

function close(viewing: string): void {
  closeViewing(viewing, 'no_finding').catch((error: unknown) => {
    // Over already, or with the session: then the server has closed it.
    if (isApiError(error, 'viewing_over') || isApiError(error, 'not_signed_in')) return;
    toldFault(errorOf(error).sentence);
  });
}

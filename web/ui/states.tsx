import type { ComponentChildren } from 'preact';
import type { ApiError } from '../api/api-error.ts';
import type { Resource } from '../api/resource.ts';
import { words } from '../app/words.ts';
import { Button } from './button.tsx';
import { Icon } from './icon.tsx';
import styles from './states.module.css';

/** As high as what will be there, so that nothing jumps. */
export function Skeleton({ lines = 3 }: { readonly lines?: number }) {
  return (
    <div class={styles.lines} aria-busy="true">
      <span class="only-spoken" role="status">
        {words().loading}
      </span>
      {Array.from({ length: lines }, (_, at) => (
        <div key={at} class={styles.bone} style={{ width: `${95 - ((at * 17) % 40)}%` }} />
      ))}
    </div>
  );
}

interface StateProps {
  readonly title: string;
  /** What would be here, and how it comes; or what to do. */
  readonly children?: ComponentChildren;
  readonly action?: ComponentChildren;
}

export const EmptyState = ({ title, children, action }: StateProps) => (
  <div class={styles.state}>
    <h3>{title}</h3>
    {children !== undefined && <p>{children}</p>}
    {action}
  </div>
);

/** Which right is missing, as the server says it, and who grants it. */
export const Denied = ({ sentence }: { readonly sentence: string }) => (
  <div class={styles.state}>
    <h2>
      <Icon name="hold" /> {words().denied.title}
    </h2>
    <p>{sentence}</p>
    <p>{words().denied.who}</p>
  </div>
);

interface ErrorProps {
  readonly error: ApiError;
  readonly onRetry?: () => void;
}

/** What went wrong and what to do, in the server's words, with what to name when one asks for help. */
export function ErrorState({ error, onRetry }: ErrorProps) {
  if (error.code === 'not_allowed') return <Denied sentence={error.sentence} />;
  const said = words().errors;
  return (
    <div class={styles.state} role="alert">
      <h2>
        <Icon name="alarm" /> {said.title}
      </h2>
      <p>{error.sentence || said.pageFault}</p>
      {onRetry && (
        <Button icon="refresh" onPress={onRetry}>
          {said.retry}
        </Button>
      )}
      <p class={styles.reference}>{said.reference({ code: error.code, status: error.status })}</p>
    </div>
  );
}

interface LoadedProps<T> {
  readonly of: Resource<T>;
  readonly skeleton?: ComponentChildren;
  readonly children: (value: T) => ComponentChildren;
}

/** One of the states of something that the server has: loading, failed or denied, there, there but of a while ago. */
export function Loaded<T>({ of, skeleton = <Skeleton />, children }: LoadedProps<T>) {
  if (of.state === 'loading') return <>{skeleton}</>;
  if (of.state === 'failed') return <ErrorState error={of.error} onRetry={of.reload} />;
  return (
    <>
      {of.stale && of.stale.code !== 'unreachable' && (
        <p class={styles.stale} role="status">
          <Icon name="alarm" /> {words().errors.stale({ sentence: of.stale.sentence })}
        </p>
      )}
      {children(of.value)}
    </>
  );
}

interface ProgressProps {
  readonly label: string;
  /** 0…1; undefined: nobody knows how far. */
  readonly done: number | undefined;
  readonly onCancel?: () => void;
}

export function Progress({ label, done, onCancel }: ProgressProps) {
  return (
    <div class={styles.progress}>
      <div class={styles.progressHead}>
        <span>
          {label}
          {done !== undefined && <span class="figures"> {Math.floor(done * 100)}%</span>}
        </span>
        {onCancel && (
          <Button small onPress={onCancel}>
            {words().cancel}
          </Button>
        )}
      </div>
      <progress aria-label={label} max={1} {...(done !== undefined && { value: done })} />
    </div>
  );
}

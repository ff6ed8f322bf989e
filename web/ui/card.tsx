import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';
import styles from './surfaces.module.css';

interface CardProps {
  readonly title?: string;
  /** Beside the title: a badge, a small button. */
  readonly aside?: ComponentChildren;
  readonly children: ComponentChildren;
}

export function Card({ title, aside, children }: CardProps) {
  const id = useId();
  return (
    <section class={styles.card} aria-labelledby={title === undefined ? undefined : id}>
      {(title !== undefined || aside !== undefined) && (
        <div class={styles.cardHead}>
          {title !== undefined && <h2 id={id}>{title}</h2>}
          {aside}
        </div>
      )}
      {children}
    </section>
  );
}

/** Buttons beside each other, the primary one first. */
export const Actions = ({ children }: { readonly children: ComponentChildren }) => (
  <div class={styles.actions}>{children}</div>
);

/** Cards under each other. */
export const Cards = ({ children }: { readonly children: ComponentChildren }) => (
  <div class={styles.cards}>{children}</div>
);

import type { ComponentChildren } from 'preact';
import styles from './page-head.module.css';

interface PageHeadProps {
  readonly title: string;
  /** The one thing that the page is for. */
  readonly action?: ComponentChildren;
  readonly children?: ComponentChildren;
}

export const PageHead = ({ title, action, children }: PageHeadProps) => (
  <div class={styles.head}>
    <div>
      <h1>{title}</h1>
      {children !== undefined && <p class={styles.about}>{children}</p>}
    </div>
    {action}
  </div>
);

import type { ComponentChildren } from 'preact';
import styles from './facts.module.css';

/** Names and what they are, under each other; what is undefined is left out. */
export const Facts = ({
  of,
}: {
  readonly of: readonly (readonly [string, ComponentChildren | undefined])[];
}) => (
  <dl class={styles.facts}>
    {of.map(
      ([name, value]) =>
        value !== undefined && (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ),
    )}
  </dl>
);

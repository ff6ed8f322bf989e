import type { ComponentChildren } from 'preact';
import { Icon, type IconName } from './icon.tsx';
import styles from './surfaces.module.css';

interface BadgeProps {
  readonly kind?: 'quiet' | 'well' | 'due' | 'alarm' | 'hold';
  readonly icon?: IconName;
  readonly children: ComponentChildren;
}

/** A state as a word; its colour only says it once more. */
export const Badge = ({ kind = 'quiet', icon, children }: BadgeProps) => (
  <span class={`${styles.badge} ${styles[kind]}`}>
    {icon && <Icon name={icon} size={14} />}
    {children}
  </span>
);

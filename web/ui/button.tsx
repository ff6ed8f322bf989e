import type { ComponentChildren } from 'preact';
import styles from './controls.module.css';
import { Icon, type IconName } from './icon.tsx';

interface ButtonProps {
  /** One of a page is `primary`: what it is for. `danger` destroys or discloses. */
  readonly kind?: 'primary' | 'secondary' | 'danger' | 'plain';
  readonly type?: 'button' | 'submit';
  readonly small?: boolean;
  readonly wide?: boolean;
  readonly icon?: IconName;
  /** Under way: it keeps the focus, and is not pressed twice. */
  readonly busy?: boolean;
  /** Why it cannot be pressed now, for whoever wonders; it stays in the order of the Tab key. */
  readonly blocked?: string | undefined;
  readonly onPress?: () => void;
  /** Where the words alone would say too little. */
  readonly spoken?: string;
  readonly pressed?: boolean;
  readonly expanded?: boolean;
  readonly children?: ComponentChildren;
}

export function Button({
  kind = 'secondary',
  type = 'button',
  small = false,
  wide = false,
  icon,
  busy = false,
  blocked,
  onPress,
  spoken,
  pressed,
  expanded,
  children,
}: ButtonProps) {
  const isOff = busy || blocked !== undefined;
  const names = [
    styles.button,
    kind !== 'secondary' && styles[kind],
    small && styles.small,
    wide && styles.wide,
  ];
  return (
    <button
      type={type}
      class={names.filter(Boolean).join(' ')}
      aria-disabled={isOff}
      aria-busy={busy}
      aria-label={spoken}
      aria-pressed={pressed}
      aria-expanded={expanded}
      title={blocked}
      onClick={(event) => {
        if (isOff) event.preventDefault();
        else onPress?.();
      }}
    >
      {icon && <Icon name={icon} />}
      {children}
    </button>
  );
}

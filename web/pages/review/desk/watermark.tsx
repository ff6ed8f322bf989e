import { second } from '../../../app/clock.ts';
import { whoIsIn } from '../../../app/session.ts';
import { siteTimeText } from '../../../app/site-time.ts';
import styles from './desk.module.css';

/** Who looks, what for and when, over the picture: a photograph of the screen says where it is from. */
export function Watermark({ purpose }: { readonly purpose: string }) {
  const text = `${whoIsIn()?.name ?? ''} · ${purpose} · ${siteTimeText(second.value, { seconds: true })}`;
  return (
    <div class={styles.watermark} aria-hidden="true">
      <span>{text}</span>
      <span>{text}</span>
      <span>{text}</span>
    </div>
  );
}

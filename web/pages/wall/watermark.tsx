import { second } from '../../app/clock.ts';
import { whoIsIn } from '../../app/session.ts';
import { siteTimeText } from '../../app/site-time.ts';
import styles from './picture.module.css';
import { words } from './words.ts';

/** Over each picture: whoever photographs the screen photographs who sat before it, why and when. */
export const Watermark = ({ purpose }: { readonly purpose: string }) => (
  <span class={`${styles.watermark} figures`} aria-hidden="true">
    {words().watermark({
      name: whoIsIn()?.name ?? '',
      purpose,
      time: siteTimeText(second.value, { seconds: true }),
    })}
  </span>
);

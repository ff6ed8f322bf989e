import { siteTimeText } from '../../../app/site-time.ts';
import { Button } from '../../../ui/button.tsx';
import { words } from '../words.ts';
import styles from './desk.module.css';

export interface Bookmark {
  readonly camera: string;
  readonly atUs: number;
  readonly note?: string | undefined;
}

interface BookmarksProps {
  readonly bookmarks: readonly Bookmark[];
  readonly nameOf: (camera: string) => string;
  readonly onChosen: (atUs: number) => void;
}

/** The moments that were marked, to go back to. */
export function Bookmarks({ bookmarks, nameOf, onChosen }: BookmarksProps) {
  const said = words().bookmarks;
  if (bookmarks.length === 0) return null;
  return (
    <section class={styles.bookmarks} aria-label={said.title}>
      <h2>{said.title}</h2>
      <ul>
        {bookmarks.map(({ camera, atUs, note }) => (
          <li key={`${camera} ${atUs}`}>
            <Button small onPress={() => onChosen(atUs)}>
              {siteTimeText(atUs / 1000, { show: 'clock', seconds: true })} · {nameOf(camera)}
              {note !== undefined && ` · ${note}`}
            </Button>
          </li>
        ))}
      </ul>
    </section>
  );
}

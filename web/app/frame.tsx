import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { Me } from '../../src/contract/auth.ts';
import { Icon } from '../ui/icon.tsx';
import { Bar } from './bar.tsx';
import styles from './frame.module.css';
import { Offline } from './offline.tsx';
import { Link, paramsOf, place } from './router.tsx';
import { PAGES } from './routes.ts';
import { words } from './words.ts';

interface FrameProps {
  readonly me: Me;
  readonly children: ComponentChildren;
}

/** Around every page: where one may go, whose site it is, what time it is there, and that it records. */
export function Frame({ me, children }: FrameProps) {
  const said = words();
  const main = useRef<HTMLElement>(null);
  const path = place.value.pathname;
  const before = useRef(path);
  useEffect(() => {
    // Whoever reads by ear is at the beginning of the new page, not where the old one's link was.
    if (before.current !== path) main.current?.focus();
    before.current = path;
  }, [path]);
  return (
    <>
      <a class={styles.skip} href="#main">
        {said.skip}
      </a>
      <div class={styles.frame}>
        <Bar me={me} />
        <div class={styles.line}>
          <Offline class={styles.banner} />
        </div>
        <nav class={styles.rail} aria-label={said.menu}>
          <ul>
            {PAGES.map(
              ({ path: to, icon, word, who }) =>
                icon &&
                who.includes(me.role) && (
                  <li key={to} title={said.pages[word]}>
                    <Link to={to} current={isWithin(to, path)}>
                      <Icon name={icon} />
                      <span>{said.pages[word]}</span>
                    </Link>
                  </li>
                ),
            )}
          </ul>
        </nav>
        <main class={styles.main} id="main" tabIndex={-1} ref={main}>
          {children}
        </main>
      </div>
    </>
  );
}

const isWithin = (page: string, path: string): boolean =>
  paramsOf(page, path) !== undefined || path.startsWith(`${page}/`);

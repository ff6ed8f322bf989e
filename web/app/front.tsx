import type { ComponentChildren } from 'preact';
import { useEffect } from 'preact/hooks';
import styles from './front.module.css';
import { language } from './language.ts';
import { Offline } from './offline.tsx';
import { LanguageChoice, ThemeChoice } from './preferences.tsx';
import { site } from './site.ts';
import { words } from './words.ts';

interface FrontProps {
  readonly title: string;
  /** In the corner: what is going on meanwhile. */
  readonly corner?: ComponentChildren;
  readonly children: ComponentChildren;
}

/** What stands before the pages: signing in, and what is still asked of whoever did. */
export function Front({ title, corner, children }: FrontProps) {
  const { product } = words();
  useEffect(() => {
    document.title = `${title} · ${product}`;
  }, [title, product]);
  return (
    <div class={styles.front}>
      <header class={styles.top}>
        <span class={styles.site}>
          <img src="/icon.svg" alt="" width={28} height={28} />
          {site.value?.name[language.value] ?? product}
        </span>
        {corner}
        <LanguageChoice />
        <ThemeChoice />
      </header>
      <Offline class={styles.banner} />
      <main class={styles.main}>
        <div class={styles.sheet}>
          <h1>{title}</h1>
          {children}
        </div>
      </main>
    </div>
  );
}

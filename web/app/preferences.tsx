import { isLanguage } from '../../src/i18n/language.ts';
import styles from './frame.module.css';
import { language } from './language.ts';
import { choose } from './speaking.ts';
import { THEMES, theme } from './theme.ts';
import { words } from './words.ts';

/** Each language in its own name: whoever looks for it does not read the other. */
export const LanguageChoice = () => (
  <select
    class={styles.small}
    aria-label={words().bar.language}
    value={language.value}
    onChange={({ currentTarget }) => {
      if (isLanguage(currentTarget.value)) choose(currentTarget.value);
    }}
  >
    <option value="ko" lang="ko">
      한국어
    </option>
    <option value="en" lang="en">
      English
    </option>
  </select>
);

export const ThemeChoice = () => {
  const said = words().bar;
  return (
    <select
      class={styles.small}
      aria-label={said.theme}
      value={theme.value}
      onChange={({ currentTarget }) => {
        const chosen = THEMES.find((one) => one === currentTarget.value);
        if (chosen) theme.value = chosen;
      }}
    >
      {THEMES.map((one) => (
        <option key={one} value={one}>
          {said.themes[one]}
        </option>
      ))}
    </select>
  );
};

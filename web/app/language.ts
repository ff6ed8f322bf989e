import { effect, type Signal, signal } from '@preact/signals';
import { isLanguage, type Language } from '../../src/i18n/language.ts';
import { keep, kept } from './kept.ts';

/** The browser's, where it is one of ours; Korean first for whoever wishes neither. */
const wished = (): Language => {
  const asked = kept('girok.language');
  if (isLanguage(asked)) return asked;
  return navigator.languages.map((tag) => tag.slice(0, 2).toLowerCase()).find(isLanguage) ?? 'ko';
};

export const language: Signal<Language> = signal(wished());

effect(() => {
  document.documentElement.lang = language.value;
});

/** A person chose it: this browser goes on with it. */
export function speak(chosen: Language): void {
  language.value = chosen;
  keep('girok.language', chosen);
}

/**
 * The words of one screen. Reading them in a component makes it follow the language.
 *
 * @example const words = wordsOf({ ko, en }); … words().title
 */
export const wordsOf =
  <Words>(both: { readonly ko: Words; readonly en: Words }): (() => Words) =>
  () =>
    both[language.value];

/** The two languages everything a person reads exists in. Korean is the language of record. */
export type Language = 'ko' | 'en';

/** One text in both languages, as written in cameras.yml. */
export interface Bilingual {
  readonly ko: string;
  readonly en: string;
}

export interface LanguageHints {
  /** `--lang`, already checked. */
  readonly asked?: string | undefined;
  /** The environment; only `LC_ALL` and `LANG` are looked at. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly site?: Language | undefined;
}

/** What was asked for, else the terminal's locale, else the site's language, else Korean. */
export function chooseLanguage(hints: LanguageHints): Language {
  const candidates = [hints.asked, languageOfLocale(hints.env.LC_ALL || hints.env.LANG), hints.site];
  return candidates.find(isLanguage) ?? 'ko';
}

export const isLanguage = (text: unknown): text is Language => text === 'ko' || text === 'en';

/** `ko_KR.UTF-8` → `ko`; `C`, `POSIX` and languages we do not speak say nothing. */
const languageOfLocale = (locale: string | undefined): string | undefined =>
  /^(ko|en)(?:[_.@-]|$)/i.exec(locale ?? '')?.[1]?.toLowerCase();

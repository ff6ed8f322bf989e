import { isLanguage, type Language } from '../i18n/language.ts';

/** More of them than anybody reads is no wish. */
const MOST_WISHES = 20;

/** The language that a request wishes most (RFC 9110, 12.5.4) of those that we speak; undefined for none. */
export function wishedLanguage(acceptLanguage: string | undefined): Language | undefined {
  const wishes = (acceptLanguage ?? '')
    .split(',', MOST_WISHES)
    .map((wish) => {
      const [tag = '', ...parameters] = wish.trim().toLowerCase().split(';');
      const weight = parameters.map((one) => /^\s*q=([01](?:\.\d{1,3})?)\s*$/.exec(one)?.[1]).find(Boolean);
      return { language: tag.split('-', 1)[0]?.trim(), weight: weight === undefined ? 1 : Number(weight) };
    })
    .filter(({ weight }) => weight > 0)
    .sort((a, b) => b.weight - a.weight);
  return wishes.map(({ language }) => language).find(isLanguage);
}

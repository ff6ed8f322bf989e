/** As the server counts it: characters of people, without the blanks around. */
export const LEAST_REASON = 10;
export const LONGEST_REASON = 500;

/** On one line, since the ledger takes it so. */
export const written = (text: string): string => text.replace(/\s+/gu, ' ').trim();

/** @returns how many characters there are where these are too few */
export function tooShort(text: string): number | undefined {
  const { length } = [...written(text)];
  return length < LEAST_REASON ? length : undefined;
}

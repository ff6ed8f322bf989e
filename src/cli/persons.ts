import type { CommandContext, CommandOption } from './command.ts';

/** Who did something, and in which words: sealed beside the ledger, never in it. */
export const BY: CommandOption = {
  type: 'string',
  value: 'NAME',
  help: { ko: '담당자', en: 'who does it' },
};
export const WITNESS: CommandOption = {
  type: 'string',
  value: 'NAME',
  help: { ko: '입회자', en: 'who was there' },
};
export const NOTE: CommandOption = {
  type: 'string',
  value: 'TEXT',
  help: { ko: '적어 둘 말', en: 'what is to be remembered' },
};

const LONGEST = 300;

/** @returns undefined when it was not given. @throws GirokError `usage` for an empty, long or unprintable text */
export function personalText(
  { options, usageError, words }: CommandContext,
  name: string,
): string | undefined {
  const text = options.text(name)?.trim();
  if (text === undefined) return undefined;
  if (text === '' || text.length > LONGEST || /\p{Cc}/u.test(text) || !text.isWellFormed())
    throw usageError(words.cli.badValue({ option: `--${name}`, expected: words.oversight.text }));
  return text;
}

import type { Sentences } from '../i18n/ko.ts';
import type { Language } from '../i18n/language.ts';
import { COMMON_OPTIONS, type CommonOption } from './arguments.ts';
import { columns } from './columns.ts';
import type { Command } from './command.ts';

/** The list of all commands. */
export function overview(commands: readonly Command[], words: Sentences, language: Language): string {
  const rows = [...commands]
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map(({ name, summary }) => [`  ${name}`, summary[language]]);
  return [
    words.cli.intro,
    '',
    `${words.cli.usage}: girok COMMAND [--config FILE] [--storage DIR] [--json] [--lang ko|en]`,
    '',
    `${words.cli.commands}:`,
    columns(rows),
    '',
    exitCodes(words),
  ].join('\n');
}

/** Everything about one command. */
export function helpOf(command: Command, words: Sentences, language: Language): string {
  const own = Object.entries(command.options).map(([name, option]) => [
    `  --${name}${option.value ? ` ${option.value}` : ''}`,
    option.help[language],
  ]);
  return [
    command.summary[language],
    '',
    `${words.cli.usage}: girok ${`${command.name} ${command.usage}`.trim()}`,
    ...(own.length > 0 ? ['', `${words.cli.options}:`, columns(own)] : []),
    '',
    `${words.cli.everyCommand}:`,
    columns(common(words)),
    '',
    `${words.cli.example}:`,
    ...command.examples.map((example) => `  ${example}`),
    '',
    `--json: ${command.json}`,
    '',
    exitCodes(words),
  ].join('\n');
}

const common = (words: Sentences): string[][] =>
  (Object.keys(COMMON_OPTIONS) as CommonOption[]).map((name) => {
    const option = COMMON_OPTIONS[name];
    return [`  --${name}${'value' in option ? ` ${option.value}` : ''}`, words.cli.option[name]];
  });

const exitCodes = (words: Sentences): string =>
  [
    `${words.cli.exitCodes}:`,
    columns(Object.entries(words.cli.exit).map(([code, meaning]) => [`  ${code}`, meaning])),
  ].join('\n');

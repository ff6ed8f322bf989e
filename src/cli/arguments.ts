import { parseArgs } from 'node:util';
import { nearest } from '../config/nearest.ts';
import type { Sentences } from '../i18n/ko.ts';
import { GirokError } from '../lib/errors.ts';
import type { Command, CommandOption, ListedCommand, OptionValues } from './command.ts';

/** What every command takes; help texts in `i18n/{ko,en}/cli.ts`, `option`. */
export const COMMON_OPTIONS = {
  config: { type: 'string', value: 'FILE' },
  storage: { type: 'string', value: 'DIR' },
  json: { type: 'boolean' },
  lang: { type: 'string', value: 'ko|en' },
  help: { type: 'boolean', short: 'h' },
} as const;

export type CommonOption = keyof typeof COMMON_OPTIONS;

type Kinds = Readonly<Record<string, Pick<CommandOption, 'type' | 'multiple'> & { readonly short?: string }>>;

/** What is needed before the command is known. Never complains: that is the strict reading's part. */
export function glance(argv: readonly string[], commands: readonly ListedCommand[]) {
  const { values, positionals } = parseArgs({
    args: [...argv],
    options: COMMON_OPTIONS,
    strict: false,
    allowPositionals: true,
  });
  const words = positionals[0] === 'help' ? positionals.slice(1) : positionals;
  const listed = commands
    .filter(({ name }) => name.split(' ').every((word, index) => words[index] === word))
    .sort((a, b) => b.name.length - a.name.length)[0];
  const text = (value: unknown) => (typeof value === 'string' ? value : undefined);
  return {
    listed,
    words,
    help: values.help === true || positionals[0] === 'help',
    json: values.json === true,
    lang: text(values.lang),
    config: text(values.config),
    storage: text(values.storage),
  };
}

/** Reads the command's own options and arguments. @throws {GirokError} `usage`. */
export function readArguments(argv: readonly string[], command: Command, words: Sentences) {
  const kinds: Kinds = { ...COMMON_OPTIONS, ...command.options };
  const { tokens } = parseArgs({
    args: [...argv],
    options: kinds,
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  const fail = (reason: string) => new GirokError('usage', { reason, command: `girok ${command.name}` });
  const values = new Map<string, (string | true)[]>();
  const positionals: string[] = [];
  for (const token of tokens) {
    if (token.kind === 'positional') positionals.push(token.value);
    if (token.kind !== 'option') continue;
    const kind = Object.hasOwn(kinds, token.name) ? kinds[token.name] : undefined;
    const option = token.rawName;
    if (!kind) {
      const meant = nearest(token.name, Object.keys(kinds));
      throw fail(words.cli.unknownOption({ option, meant: meant && `--${meant}` }));
    }
    if (kind.type === 'string' && (token.value === undefined || token.value === ''))
      throw fail(words.cli.valueMissing({ option }));
    if (kind.type === 'boolean' && token.value !== undefined) throw fail(words.cli.valueUnwanted({ option }));
    values.set(token.name, [...(values.get(token.name) ?? []), token.value ?? true]);
  }
  const own = positionals.slice(command.name.split(' ').length);
  if (own.length < command.positionals.min)
    throw fail(words.cli.argumentsMissing({ usage: `girok ${command.name} ${command.usage}` }));
  if (own.length > command.positionals.max)
    throw fail(words.cli.argumentsExtra({ argument: own[command.positionals.max] ?? '' }));
  const texts = (name: string) => (values.get(name) ?? []).filter((value): value is string => value !== true);
  const options: OptionValues = {
    texts,
    text: (name) => texts(name).at(-1),
    flag: (name) => values.has(name),
  };
  return { positionals: own, options };
}

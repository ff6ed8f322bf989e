import type { Config } from '../config/config.ts';
import type { Environment } from '../config/environment.ts';
import type { Sentences } from '../i18n/ko.ts';
import type { Bilingual, Language } from '../i18n/language.ts';
import type { Clock } from '../lib/clock.ts';
import type { ExitCode } from './exit-code.ts';

/** One command, in one file; it exists once it is in the list of `commands.ts`. */
export interface Command {
  /** As typed after `girok`: `config check`. */
  readonly name: string;
  readonly summary: Bilingual;
  /** What follows the name, e.g. `ID [--seconds N]`; empty when nothing does. */
  readonly usage: string;
  /** At least one whole command line that works. */
  readonly examples: readonly string[];
  readonly options: Readonly<Record<string, CommandOption>>;
  /** How many arguments besides options. */
  readonly positionals: { readonly min: number; readonly max: number };
  /** The shape of its `--json` document in words or TypeScript notation, printed in the help. */
  readonly json: string;
  /** @returns the exit code; nothing means 0. Errors are thrown and told by the frame. */
  run(context: CommandContext): Promise<ExitCode | undefined>;
}

/** How the list has a command: its file is read when it is asked for, so that none waits for what others need. */
export interface ListedCommand {
  readonly name: string;
  load(): Promise<Command>;
}

export interface CommandOption {
  readonly type: 'string' | 'boolean';
  readonly multiple?: boolean;
  /** What to type after it, e.g. `N`; for strings only. */
  readonly value?: string;
  readonly help: Bilingual;
}

export interface CommandContext {
  readonly language: Language;
  readonly words: Sentences;
  readonly clock: Clock;
  readonly env: Environment;
  readonly json: boolean;
  /** Standard error is a screen that a person looks at. */
  readonly live: boolean;
  readonly positionals: readonly string[];
  readonly options: OptionValues;
  /** `--config`, `--storage`. */
  readonly configPath: string;
  readonly storageFolder: string | undefined;
  /** Aborted by SIGINT and SIGTERM. */
  readonly signal: AbortSignal;
  /** Reads cameras.yml anew. @throws {GirokError} */
  config(): Config;
  /** For a person: standard output, or standard error under `--json`. */
  print(text: string): void;
  /** Standard error. */
  warn(text: string): void;
  /** What is going on while a person waits; standard error, one line that replaces the last on a terminal. */
  progress(text: string): void;
  /** The outcome, once: `document` under `--json`, else `human`. */
  result(document: unknown, human: string): void;
  /** A wrong argument, as an error to throw. @param reason whole sentence in `language`. */
  usageError(reason: string): Error;
}

export interface OptionValues {
  text(name: string): string | undefined;
  texts(name: string): readonly string[];
  flag(name: string): boolean;
}

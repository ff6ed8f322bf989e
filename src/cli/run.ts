import type { Config } from '../config/config.ts';
import type { Environment } from '../config/environment.ts';
import { ConfigFaulty } from '../config/fault.ts';
import { loadConfig } from '../config/load.ts';
import { nearest } from '../config/nearest.ts';
import { chooseLanguage, isLanguage, type Language } from '../i18n/language.ts';
import { faultLine, sentence, sentencesIn } from '../i18n/sentences.ts';
import type { Clock } from '../lib/clock.ts';
import { GirokError } from '../lib/errors.ts';
import { glance, readArguments } from './arguments.ts';
import type { ListedCommand } from './command.ts';
import { EXIT, EXIT_OF_ERROR, type ExitCode } from './exit-code.ts';
import { helpOf, overview } from './help.ts';
import { createOutput, type Terminal } from './output.ts';

export interface CliDeps {
  readonly commands: readonly ListedCommand[];
  readonly env: Environment;
  readonly clock: Clock;
  readonly terminal: Terminal;
  /** Aborted by SIGINT and SIGTERM. */
  readonly signal: AbortSignal;
}

/** Runs one command line (without `node` and the program). Never rejects; all errors end as sentence and exit code. */
export async function runCli(argv: readonly string[], deps: CliDeps): Promise<ExitCode> {
  const seen = glance(argv, deps.commands);
  const configPath = seen.config ?? deps.env.GIROK_CONFIG ?? 'cameras.yml';
  const load = (): Config => loadConfig(configPath, { storageFolder: seen.storage });
  const language = chooseLanguage({
    asked: seen.lang,
    env: deps.env,
    site: siteLanguage(load, seen.lang, deps.env),
  });
  const words = sentencesIn(language);
  const output = createOutput(deps.terminal, seen.json);
  try {
    if (seen.lang !== undefined && !isLanguage(seen.lang))
      throw new GirokError('usage', {
        reason: words.cli.badValue({ option: '--lang', expected: 'ko | en' }),
      });
    if (!seen.listed) {
      if (seen.words.length > 0) throw unknownCommand(seen.words, deps.commands, language);
      const commands = await Promise.all(deps.commands.map(({ load: read }) => read()));
      output.print(overview(commands, words, language));
      return EXIT.ok;
    }
    const command = await seen.listed.load();
    if (seen.help) {
      output.print(helpOf(command, words, language));
      return EXIT.ok;
    }
    const { positionals, options } = readArguments(argv, command, words);
    const code = await command.run({
      language,
      words,
      clock: deps.clock,
      env: deps.env,
      json: seen.json,
      live: deps.terminal.live,
      positionals,
      options,
      configPath,
      storageFolder: seen.storage,
      signal: deps.signal,
      config: load,
      ...output,
      usageError: (reason) => new GirokError('usage', { reason, command: `girok ${command.name}` }),
    });
    return code ?? EXIT.ok;
  } catch (error) {
    return tell(error, language, output);
  } finally {
    output.close();
  }
}

/** The one place where errors become words. An unexpected one keeps its stack, on standard error only. */
function tell(error: unknown, language: Language, output: ReturnType<typeof createOutput>): ExitCode {
  const known = error instanceof GirokError ? error : new GirokError('internal', { reason: reasonOf(error) });
  const faults = error instanceof ConfigFaulty ? error.faults : [];
  const said = sentence(known, language);
  output.fail(
    {
      error: {
        code: known.code,
        sentence: said,
        facts: known.facts,
        ...(faults.length > 0
          ? { faults: faults.map((fault) => ({ ...fault, sentence: faultLine(fault, language) })) }
          : {}),
      },
    },
    [said, ...faults.map((fault) => faultLine(fault, language))],
  );
  if (!(error instanceof GirokError) && error instanceof Error) output.warn(error.stack ?? '');
  return EXIT_OF_ERROR[known.code];
}

const reasonOf = (error: unknown) => (error instanceof Error ? error.message : String(error));

function unknownCommand(words: readonly string[], commands: readonly ListedCommand[], language: Language) {
  const typed = words.slice(0, 2).join(' ');
  const names = commands.map(({ name }) => name);
  const ofGroup = names.filter((name) => name.startsWith(`${words[0]} `));
  const meant = nearest(typed, names) ?? nearest(words[0] ?? '', names) ?? ofGroup[0];
  const { cli } = sentencesIn(language);
  return new GirokError('usage', { reason: cli.unknownCommand({ command: typed, meant }) });
}

/** The site's own language matters only where nothing else says one; an unreadable file is told by the command. */
function siteLanguage(load: () => Config, asked: string | undefined, env: Environment): Language | undefined {
  if (asked !== undefined || /^(ko|en)/i.test(env.LC_ALL || env.LANG || '')) return undefined;
  try {
    return load().site.language;
  } catch {
    return undefined;
  }
}

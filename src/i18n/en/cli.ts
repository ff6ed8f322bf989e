import type { cli as ko } from '../ko/cli.ts';

export const cli: typeof ko = {
  usage: 'Usage',
  options: 'Options',
  commands: 'Commands',
  example: 'Example',
  exitCodes: 'Exit codes',
  everyCommand: 'Options of every command',
  intro: 'Girok (기록): CCTV video-information management. Every command explains itself with --help.',
  option: {
    config: 'configuration file (default cameras.yml, or the variable GIROK_CONFIG)',
    storage: 'folder to use instead of storage.folder',
    json: 'exactly one JSON document on standard output, messages on standard error',
    lang: 'language ko | en',
    help: 'this help',
  },
  exit: {
    0: 'fine',
    1: 'something was found, or it failed',
    2: 'the command was not understood',
    3: 'configuration at fault',
    4: 'storage at fault',
    5: 'camera at fault',
    6: 'not running',
  },
  unknownCommand: (f) => `"${f.command}" is not a command.${f.meant ? ` Did you mean "${f.meant}"?` : ''}`,
  unknownOption: (f) => `"${f.option}" is not an option here.${f.meant ? ` Did you mean "${f.meant}"?` : ''}`,
  valueMissing: (f) => `"${f.option}" needs a value.`,
  valueUnwanted: (f) => `"${f.option}" takes no value.`,
  badValue: (f) => `The value of "${f.option}" must be ${f.expected}.`,
  argumentsMissing: (f) => `Something is missing. Usage: ${f.usage}`,
  argumentsExtra: (f) => `"${f.argument}" is one argument too many.`,
};

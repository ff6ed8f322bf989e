import { COMMANDS } from '../cli/commands.ts';
import { runCli } from '../cli/run.ts';
import { environment } from '../config/environment.ts';
import { systemClock } from '../lib/clock.ts';
import { systemCode } from '../lib/errors.ts';
import { SHARING_UMASK } from '../lib/sharing.ts';

process.umask(SHARING_UMASK);
const stop = new AbortController();
process.once('SIGINT', () => stop.abort());
process.once('SIGTERM', () => stop.abort());
// `girok … | head` closes the pipe early; there is nobody left to tell.
process.stdout.on('error', (error) => {
  if (systemCode(error) !== 'EPIPE') throw error;
});

process.exitCode = await runCli(process.argv.slice(2), {
  commands: COMMANDS,
  env: environment,
  clock: systemClock,
  signal: stop.signal,
  terminal: {
    out: (text) => process.stdout.write(text),
    err: (text) => process.stderr.write(text),
    live: process.stderr.isTTY === true,
  },
});

import type { Config } from '../config/config.ts';
import { storageFolders } from '../config/folders.ts';
import { loadConfig } from '../config/load.ts';
import { ensureSimulatedSitePassword } from '../config/simulated-site.ts';
import { childMessageSchema } from '../contract/child-message.ts';
import type { RecorderStatus } from '../contract/recorder-status.ts';
import { sleep } from '../lib/clock.ts';
import { entryPath } from '../lib/entry.ts';
import { isGirokError } from '../lib/errors.ts';
import { createSiteTime } from '../lib/site-time.ts';
import { readRecorderStatus } from '../live/recorder-client.ts';
import { createBackoff } from '../recording/backoff.ts';
import { RECORDER_NODE_FLAGS } from '../recording/node-flags.ts';
import { isRecording } from '../stewardship/health.ts';
import type { Command, CommandContext } from './command.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import { humanLogLine } from './log-line.ts';
import { changesBetween } from './serve-changes.ts';
import { createBeginning } from './serve-people.ts';
import { startNodeProcess } from './serve-process.ts';
import { purgeRegularly } from './serve-purge.ts';
import { welcome } from './serve-welcome.ts';
import { type Supervised, supervise } from './supervise.ts';

const LOOK_MS = 1000;
/** So long the steward and the erasing wait for a recorder that is not up. */
const PATIENCE_MS = 60_000;
/** So long a person waits for the cameras to appear before the summary is shown as it is. */
const SETTLE_LOOKS = 20;
/** Sealing what is open takes a second or two; a disk that hangs must not hold the end up for ever. */
const STOP_MS = 15_000;

type Program = 'recorder' | 'steward' | 'web' | 'simulatedSite';
const PROGRAMS: Readonly<Record<Program, string>> = {
  recorder: '../main/recorder',
  steward: '../main/steward',
  web: '../main/web',
  simulatedSite: '../main/simulated-site',
};

export const serve: Command = {
  name: 'serve',
  summary: {
    ko: '녹화기, 관리 프로세스, 웹 서버(시연이면 가상 현장도)를 켜고 지켜봅니다. `npm start`가 부르는 명령입니다.',
    en: 'Runs and watches the recorder, the steward, the web server and, for a demonstration, the simulated site: `npm start`.',
  },
  usage: '[--port N] [--verbose]',
  examples: ['npm start', 'npm start -- --config /etc/girok/cameras.yml --storage /srv/girok --port 8400'],
  options: {
    port: {
      type: 'string',
      value: 'N',
      help: { ko: 'http.port 대신 쓸 포트 (0: 빈 포트)', en: 'port instead of http.port (0: any free one)' },
    },
    verbose: {
      type: 'boolean',
      help: { ko: '화면에 모든 로그를 보여 줍니다', en: 'show every log line on a terminal' },
    },
  },
  positionals: { min: 0, max: 0 },
  json: '{ site, pid, address, storage, cameras: { recording, of }, forecast? } once it is up; logs go to standard error',
  run: async (context) => run(context),
};

async function run(context: CommandContext): Promise<ExitCode> {
  const config = loadConfig(context.configPath, {
    storageFolder: context.storageFolder,
    port: portOf(context),
  });
  await ensureSimulatedSitePassword(config);
  const { words } = context;
  const said = words.operation.serve;
  const children: { program: Program; child: Supervised }[] = [];
  let address = '';
  let purging: Promise<void> = Promise.resolve();

  /** @returns the exit code of one that refuses to start; undefined once it is ready. */
  const start = async (program: Program, progress?: (percent: number) => void) => {
    const label = said.process[program];
    const child = supervise({
      clock: context.clock,
      backoff: createBackoff(Math.random),
      start: (on) => startNodeProcess(processOf(program, config, context), childMessageSchema, on),
      ready(first, at) {
        if (at !== undefined) address = at;
        if (!first) context.print(stamped(context, config, said.restarted({ process: label })));
      },
      ...(progress ? { progress } : {}),
      // Recording needs no ledger: a steward that cannot begin ends nobody else, and is tried again.
      persists: program === 'steward',
      died({ code, signal }, delayMs) {
        const how = signal ?? String(code);
        const seconds = Math.max(1, Math.round(delayMs / 1000));
        context.warn(stamped(context, config, said.died({ process: label, how, seconds })));
      },
    });
    children.push({ program, child });
    const outcome = await child.firstStart;
    return outcome.kind === 'refused' ? (outcome.code as ExitCode) : undefined;
  };
  const stopAll = async () => {
    const stop = (...programs: Program[]) =>
      Promise.all(
        children.filter(({ program }) => programs.includes(program)).map(({ child }) => child.stop(STOP_MS)),
      );
    // The recorder seals before its cameras vanish, and the steward enters what it said last.
    await stop('recorder', 'web');
    await stop('steward');
    await stop('simulatedSite');
  };
  const onAbort = () => {
    context.print(said.stopping);
    void stopAll();
  };
  context.signal.addEventListener('abort', onAbort, { once: true });
  const ending = new AbortController();
  const inner = { ...context, signal: AbortSignal.any([context.signal, ending.signal]) };

  try {
    if (config.simulatedSite.enabled) {
      const refused = await start('simulatedSite', drawingProgress(context));
      if (refused !== undefined) return refused;
    }
    if (context.signal.aborted) return 0;
    if (context.live) context.progress(said.starting);
    const [recorder, web] = [start('recorder'), start('web')];
    const refusals = [recorder, web].map(whenRefused);
    // The recorder marks a new volume and makes its root key. One that cannot begin, or a web server that cannot, keeps
    // nobody from erasing what is due.
    const refused = await Promise.race([recorder, ...refusals, patience(inner)]);
    if (refused !== undefined) return refused;
    if (context.signal.aborted) return 0;
    void start('steward');
    purging = purgeRegularly(config, inner, {
      tell: (text) => context.warn(stamped(context, config, text)),
      onLine: onLine(context),
    });
    return await Promise.race([watch(config, inner, () => address), ...refusals]);
  } finally {
    context.signal.removeEventListener('abort', onAbort);
    ending.abort();
    await purging;
    await stopAll();
    if (context.signal.aborted) context.print(said.stopped);
  }
}

/** Resolves for one that refuses to start, with its exit code, and never for another. */
const whenRefused = async (started: Promise<ExitCode | undefined>): Promise<ExitCode> =>
  (await started) ?? new Promise<never>(() => undefined);

async function patience({ clock, signal }: CommandContext): Promise<undefined> {
  // The abort is a way out too.
  await sleep(clock, PATIENCE_MS, signal).catch(() => undefined);
}

/** Shows what there is, then what changes, until the signal. */
async function watch(config: Config, context: CommandContext, address: () => string): Promise<ExitCode> {
  const { socket, root } = storageFolders(config);
  const { words, language, signal } = context;
  const said = words.operation.serve;
  const pulled = ({ cameras }: RecorderStatus) => cameras.filter((camera) => camera.pulled);
  let before: RecorderStatus | undefined;
  const beginning = createBeginning(config, context);
  for (let looks = 1; !signal.aborted; looks++) {
    const status = await readRecorderStatus(socket).catch((error: unknown) => {
      // Between two starts of the recorder there is nothing to see; its end has been told already.
      if (isGirokError(error, 'recorder_not_running')) return undefined;
      throw error;
    });
    if (status) {
      const of = pulled(status).length;
      const recording = pulled(status).filter(isRecording).length;
      if (before) {
        for (const change of changesBetween(before, status, { words, language }))
          context.print(stamped(context, config, change));
        before = status;
      } else if (looks >= SETTLE_LOOKS || (recording === of && status.forecast && address() !== '')) {
        before = status;
        const { bytesPerDay, daysThatFit, fits } = status.forecast ?? {};
        context.result(
          {
            site: config.site.id,
            pid: process.pid,
            address: address(),
            storage: root,
            cameras: { recording, of },
            ...(status.forecast ? { forecast: { bytesPerDay, daysThatFit, fits } } : {}),
          },
          welcome({ config, status, recording, of, address: address() }, words, language),
        );
      } else if (context.live) context.progress(said.counting({ recording, of }));
    }
    if (before) await beginning.tell();
    // The signal's abort is the way out of this loop.
    await sleep(context.clock, LOOK_MS, signal).catch(() => undefined);
  }
  return EXIT.ok;
}

function processOf(program: Program, config: Config, context: CommandContext) {
  const locale = context.language === 'ko' ? 'ko_KR.UTF-8' : 'en_US.UTF-8';
  const port = program === 'web' ? ['--port', String(config.http.port)] : [];
  return {
    entry: entryPath(import.meta.url, PROGRAMS[program]),
    args: ['--config', config.file, '--storage', config.storage.folder, ...port],
    nodeFlags: program === 'recorder' ? RECORDER_NODE_FLAGS : [],
    // Their sentences are for the same person.
    env: { ...context.env, LC_ALL: locale, LANG: locale },
    onLine: onLine(context),
  };
}

/** On a terminal what a person should read; elsewhere a process writes its own lines. */
function onLine(context: CommandContext): ((line: string) => void) | undefined {
  if (!context.live) return undefined;
  return (line) => {
    const shown = humanLogLine(line, context.options.flag('verbose'));
    if (shown !== undefined) context.warn(shown);
  };
}

/** On a terminal every percent, elsewhere every tenth. */
function drawingProgress(context: CommandContext): (percent: number) => void {
  let told = -1;
  return (percent) => {
    const step = context.live ? percent : percent - (percent % 10);
    if (step > told) context.progress(context.words.operation.serve.drawing({ percent: step }));
    told = step;
  };
}

const stamped = ({ clock }: CommandContext, config: Config, text: string): string =>
  `${createSiteTime(config.site.timeZone).label(clock.utcUs()).slice(11)} ${text}`;

function portOf(context: CommandContext): number | undefined {
  const text = context.options.text('port');
  if (text === undefined) return undefined;
  const port = Number(text);
  if (/^\d{1,5}$/.test(text) && port <= 65_535) return port;
  throw context.usageError(context.words.cli.badValue({ option: '--port', expected: '0…65535' }));
}

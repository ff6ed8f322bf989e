import type { Config } from '../config/config.ts';
import type { PurgeOutcome } from '../contract/purge-outcome.ts';
import { sentence } from '../i18n/sentences.ts';
import { sizeText } from '../i18n/size-text.ts';
import { sleep } from '../lib/clock.ts';
import { GirokError } from '../lib/errors.ts';
import { createSiteTime } from '../lib/site-time.ts';
import { nextRunUs, secondLookUs } from '../retention/schedule.ts';
import type { CommandContext } from './command.ts';
import { runPurge } from './purge-process.ts';

/** The wall clock may be set while we wait: it is looked at so often. */
const LOOK_MS = 20_000;

/**
 * Runs the purge now, at each local midnight and every hour, until the signal. A run that fails is told and tried
 * again; it never ends anything else. Under systemd a timer does the same.
 */
export async function purgeRegularly(
  config: Config,
  context: CommandContext,
  { tell, onLine }: { tell: (text: string) => void; onLine: ((line: string) => void) | undefined },
): Promise<void> {
  const { clock, signal, words, language } = context;
  const siteTime = createSiteTime(config.site.timeZone);
  let told: string | undefined;
  let isSecondLook = false;
  while (!signal.aborted) {
    const beganUs = clock.utcUs();
    let looksAgain = false;
    try {
      const outcome = await runPurge(config, context, { args: [], onLine });
      looksAgain = !isSecondLook && outcome.kind === 'waiting' && outcome.plan.waiting?.why === 'clock';
      const said = looksAgain ? undefined : remarkable(outcome, words);
      // What stands is said with each certificate, not with each look at it.
      const run = outcome.kind === 'done' ? outcome.certificate?.run : undefined;
      if (said !== undefined && (run === undefined || run !== told)) tell(said);
      told = run;
    } catch (error) {
      // Also what nobody foresaw: it must not end the recording that runs beside.
      tell(
        sentence(
          error instanceof GirokError ? error : new GirokError('internal', {}, { cause: error }),
          language,
        ),
      );
    }
    isSecondLook = looksAgain;
    const nextUs = (looksAgain ? secondLookUs : nextRunUs)(beganUs, siteTime);
    // The abort is the way out; a clock that was set back is a reason to look at once.
    while (!signal.aborted && clock.utcUs() < nextUs && clock.utcUs() >= beganUs)
      await sleep(clock, LOOK_MS, signal).catch(() => undefined);
  }
}

/** What a person should hear of: something erased, or somebody needed. */
function remarkable(outcome: PurgeOutcome, words: CommandContext['words']): string | undefined {
  const { retention: said } = words;
  if (outcome.kind === 'waiting') {
    const { waiting, erase, lockers } = outcome.plan;
    // Nobody is needed while there is nothing to do: at a first start the cameras have not told their time yet.
    if (erase.length + lockers.length === 0 && !outcome.overdue) return undefined;
    const why = waiting ? said.waiting[waiting.why](waiting) : '';
    return outcome.overdue ? `${why} ${said.overdue}` : why;
  }
  if (outcome.kind !== 'done' || !outcome.certificate) return undefined;
  const { days, state, settled = [], keys } = outcome.certificate;
  const away = [...settled, ...(keys?.places ?? [])].find((place) => place.state === 'missing');
  if (outcome.overdue) return said.overdue;
  if (away) return said.placeMissing(away);
  if (days.length === 0) return state === 'complete' ? undefined : said.stillIncomplete;
  return said[state]({
    cameraDays: days.length,
    keys: days.reduce((sum, { hours }) => sum + hours.length, 0),
    files: days.reduce((sum, { files }) => sum + files, 0),
    size: sizeText(days.reduce((sum, { bytes }) => sum + bytes, 0)),
  });
}

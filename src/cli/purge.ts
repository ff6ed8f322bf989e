import type { ErasedDay, PlanDocument, PurgeOutcome } from '../contract/purge-outcome.ts';
import { sizeText } from '../i18n/size-text.ts';
import { LONGEST_PERSONAL } from '../ledger/personal.ts';
import { createSiteTime } from '../lib/site-time.ts';
import { certificateText } from '../oversight/certificate-text.ts';
import { columns } from './columns.ts';
import type { Command, CommandContext } from './command.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import { runPurge } from './purge-process.ts';

export const purge: Command = {
  name: 'purge',
  summary: {
    ko: '보관 기간이 지난 영상을 되살릴 수 없게 파기합니다. 매일 0시와 매시간 저절로 돕니다.',
    en: 'Erases footage past its retention beyond recovery. Runs by itself at midnight and every hour.',
  },
  usage: '[--dry-run] [--confirm clock|days|place --by NAME --reason TEXT]',
  examples: [
    'npm run -s girok -- purge --dry-run',
    "npm run -s girok -- purge --confirm days --by '홍길동' --reason '보관 기간을 30일로 줄임'",
  ],
  options: {
    'dry-run': {
      type: 'boolean',
      help: { ko: '무엇을 왜 파기할지만 보여 줍니다', en: 'only show what would be erased, and why' },
    },
    confirm: {
      type: 'string',
      multiple: true,
      value: 'clock|days|place',
      help: {
        ko: '시계가 맞음(clock), 밀린 날수가 맞음(days), 키의 둘째 자리를 영영 잃음(place)을 관리자가 확인; 기록됩니다',
        en: 'an officer vouches for the clock, for the number of days, or that the second place of the keys is lost for good; recorded',
      },
    },
    by: {
      type: 'string',
      value: 'NAME',
      help: { ko: '확인한 사람', en: 'who confirms' },
    },
    reason: {
      type: 'string',
      value: 'TEXT',
      help: { ko: '확인한 까닭', en: 'why' },
    },
  },
  positionals: { min: 0, max: 0 },
  json: 'the outcome of src/contract/purge-outcome.ts: { kind: "planned", plan } | { kind: "done", plan, certificate?, overdue } | { kind: "waiting", plan, overdue } | { kind: "broken_off" | "busy" }; exit code 1 when something waits or is left',
  async run(context) {
    const config = context.config();
    const { retention: said } = context.words;
    const outcome = await runPurge(config, context, {
      args: [...(context.options.flag('dry-run') ? ['--dry-run'] : []), ...confirmation(context)],
      onProgress: (done, of) => context.progress(said.removing({ done, of })),
      // The outcome says it; the lines are for a service's log.
      onLine: () => undefined,
    });
    context.result(outcome, textOf(outcome, context, config.site.timeZone));
    return exitCodeOf(outcome);
  },
};

const CONFIRMABLE = ['clock', 'days', 'place'];

function confirmation({ options, usageError, words }: CommandContext): string[] {
  const asked = options.texts('confirm');
  const [by, reason] = [options.text('by'), options.text('reason')];
  if (!asked.every((each) => CONFIRMABLE.includes(each)))
    throw usageError(words.cli.badValue({ option: '--confirm', expected: CONFIRMABLE.join(' | ') }));
  if (asked.length === 0) return [];
  if (!by || !reason || Math.max(by.length, reason.length) > LONGEST_PERSONAL)
    throw usageError(words.retention.confirmNeeds);
  return [...asked.map((each) => `--confirm-${each}`), '--by', by, '--reason', reason];
}

function exitCodeOf(outcome: PurgeOutcome): ExitCode {
  if (outcome.kind === 'waiting' || outcome.kind === 'broken_off') return EXIT.failure;
  return outcome.kind === 'done' && outcome.certificate?.state === 'incomplete' ? EXIT.failure : EXIT.ok;
}

function textOf(outcome: PurgeOutcome, context: CommandContext, timeZone: string): string {
  const { retention: said } = context.words;
  switch (outcome.kind) {
    case 'busy':
      return said.busy;
    case 'broken_off':
      return said.brokenOff;
    case 'planned':
      return planText(outcome.plan, context, timeZone);
    case 'waiting':
      return [planText(outcome.plan, context, timeZone), ...(outcome.overdue ? [said.overdue] : [])].join(
        '\n',
      );
    case 'done':
      return [
        outcome.certificate ? certificateText(outcome.certificate, context.words) : said.nothingDue,
        ...(outcome.overdue ? [said.overdue] : []),
      ].join('\n');
  }
}

function planText(plan: PlanDocument, { words }: CommandContext, timeZone: string): string {
  const { retention: said } = words;
  const label = (iso: string) => createSiteTime(timeZone).label(Date.parse(iso) * 1000);
  return [
    plan.erase.length === 0
      ? said.nothingDue
      : `${said.wouldErase({ at: label(plan.at), days: plan.retentionDays })}\n${daysTable(plan.erase, words, label)}`,
    ...plan.lockers.map(said.willEmpty),
    ...plan.records.map(said.willForget),
    ...plan.deferred.map((each) => said.deferred({ ...each, until: label(each.until) })),
    ...plan.late.map((each) => said.late({ ...each, dueAt: label(each.dueAt) })),
    ...(plan.unfinished === undefined ? [] : [said.unfinished({ run: plan.unfinished })]),
    ...(plan.waiting ? [said.waiting[plan.waiting.why](plan.waiting)] : []),
  ].join('\n');
}

function daysTable(
  days: readonly ErasedDay[],
  words: CommandContext['words'],
  label: (iso: string) => string,
): string {
  const { column, reason } = words.retention;
  return columns([
    [column.camera, column.day, column.due, column.keys, column.files, column.size, column.reason],
    ...days.map((each) => [
      each.camera,
      each.day,
      label(each.dueAt),
      String(each.hours.length),
      String(each.files),
      sizeText(each.bytes),
      reason[each.reason],
    ]),
  ]);
}

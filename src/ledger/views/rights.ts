import type { Register } from './register.ts';
import { accountOf, labelOf, textsOf } from './source.ts';

const CHANGES = [
  'right.requested',
  'right.approved',
  'right.refused',
  'right.granted',
  'right.changed',
  'right.revoked',
  'right.suspended',
  'right.restored',
  'account.opened',
  'account.closed',
  'account.changed',
] as const;

/** 접근권한 부여·변경·말소 기록 (안전성 확보조치 기준 §5③). */
export const rightsLog: Register<(typeof CHANGES)[number]> = {
  events: CHANGES,
  words: ({ rights }) => rights,
  place({ event, facts }, index) {
    index.add({ kind: event, person: facts.account, ...('cameras' in facts && { cameras: facts.cameras }) });
  },
  cells(source, { number, entry }) {
    const { words } = source;
    const { roles, actions, suspensions } = words.rights;
    const { facts, event } = entry;
    const text = textsOf(source, entry);
    const scope = 'actions' in facts ? facts : undefined;
    return [
      number,
      labelOf(source, entry.at),
      'why' in facts ? `${words.events[event]} (${suspensions[facts.why]})` : words.events[event],
      facts.account,
      text('name'),
      'role' in facts ? roles[facts.role] : '',
      scope?.cameras.join(' ') ?? '',
      scope?.actions.map((action) => actions[action]).join(', ') ?? '',
      scope?.lookBackHours ?? '',
      labelOf(source, scope?.from),
      labelOf(source, scope?.until),
      text('reason'),
      accountOf(entry.actor),
      'requestedBy' in facts ? (facts.requestedBy ?? '') : '',
      'approvedBy' in facts ? (facts.approvedBy ?? '') : '',
    ];
  },
};

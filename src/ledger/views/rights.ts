import type { Table } from '../table-formats.ts';
import { accountOf, entriesOf, labelOf, textsOf, type ViewSource } from './source.ts';

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
export function rightsLog(source: ViewSource): Table {
  const { words } = source;
  const { name, titles, roles, actions, suspensions } = words.rights;
  const lines: (string | number)[][] = [];
  for (const entry of entriesOf(source, CHANGES)) {
    const { facts, event } = entry;
    const text = textsOf(source, entry);
    const scope = 'actions' in facts ? facts : undefined;
    lines.push([
      lines.length + 1,
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
    ]);
  }
  return { name, titles, rows: lines };
}

import { z } from 'zod';
import {
  confirmedSchema,
  confirmInput,
  erasingReportSchema,
  lookSchema,
  oneTask,
  type TaskView,
  taskSchema,
} from '../../contract/tasks.ts';
import type { TaskRow } from '../../db/site/task-rows.ts';
import { type Clock, isoFromUs } from '../../lib/clock.ts';
import type { ErasingConfirmation, Look } from '../../oversight/confirming.ts';
import { type Route, route } from '../route.ts';

export interface TaskDeps {
  tasks(): readonly TaskRow[];
  confirmation(): ErasingConfirmation;
  readonly clock: Clock;
}

const looks = { either: [{ action: 'read_logs' }, { action: 'confirm_erasure' }] } as const;

/** The monthly confirmation of erasing: seen, then confirmed exactly as it was seen. */
export function taskRoutes({ tasks, confirmation, clock }: TaskDeps): Route[] {
  return [
    route({
      method: 'GET',
      path: '/api/tasks',
      access: { function: 'tasks' },
      summary: 'What waits for a person again and again, and what was done, by month.',
      answer: z.strictObject({ tasks: z.array(taskSchema) }),
      handle: () => ({ tasks: tasks().map((row) => taskView(row, clock.utcUs())) }),
    }),
    route({
      method: 'GET',
      path: '/api/tasks/:id/report',
      access: looks,
      summary:
        'The report that was confirmed; else the last look, with a random attempt to restore. Where there is none a look begins: asked again, it is there.',
      params: oneTask,
      query: z.strictObject({ anew: z.literal('yes').optional() }),
      answer: lookSchema,
      handle: async ({ params: { id }, query: { anew } }) =>
        lookView(await confirmation().look(id, anew === 'yes')),
    }),
    route({
      method: 'POST',
      path: '/api/tasks/:id/confirm',
      access: { action: 'confirm_erasure' },
      summary:
        'Confirms the report that was seen, and fills the line of the management ledger; or enters that it was found not in order.',
      params: oneTask,
      body: confirmInput,
      answer: confirmedSchema,
      async handle({ params: { id }, body, session: { account, name } }) {
        const { report, notInOrder, witness, note } = body;
        const who = { actor: `person:${account}` as const, by: name, witness, note };
        return notInOrder
          ? confirmation().enterNotInOrder(id, report, who)
          : confirmation().confirm(id, report, who);
      },
    }),
  ];
}

function taskView(
  { id, kind, month, openedUs, dueUs, doneUs, doneSeq, faultedUs }: TaskRow,
  nowUs: number,
): TaskView {
  return {
    id,
    kind,
    month,
    opened: isoFromUs(openedUs),
    due: isoFromUs(dueUs),
    ...(doneUs !== null && { done: isoFromUs(doneUs) }),
    ...(doneSeq !== null && { entry: doneSeq }),
    ...(faultedUs !== null && { foundNotInOrder: isoFromUs(faultedUs) }),
    overdue: doneUs === null && nowUs >= dueUs,
  };
}

function lookView(look: Look): z.input<typeof lookSchema> {
  switch (look.state) {
    case 'looking':
      return { state: 'looking', since: isoFromUs(look.sinceUs) };
    case 'failed':
      return { state: 'failed', at: isoFromUs(look.atUs) };
    case 'looked':
      // A report that an older program kept has to be what this one shows: else it is said, and not shown in part.
      return { ...look, report: erasingReportSchema.parse(look.report) };
  }
}

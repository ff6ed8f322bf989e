import { z } from 'zod';
import { count, instant, kind, sha256 } from './shapes.ts';

/** What a person has to do again and again. */
export const TASK_KINDS = ['erasing_confirmation'] as const;

/** What is looked at before erasing is confirmed (src/oversight/examination.ts). */
export const ERASING_CHECKS = ['oldest', 'certificates', 'restore', 'control', 'monitor'] as const;

const task = z.string().regex(/^[a-z]{1,32}-\d{4}-\d{2}$/);

/** Personal fields: by, witness, note. */
export const OVERSIGHT = [
  kind('task.opened', {
    task,
    kind: z.enum(TASK_KINDS),
    month: z.string().regex(/^\d{4}-\d{2}$/),
    due: instant,
  }),
  /** `report`: SHA-256 of the document that the person saw; `row`: the entry in the management ledger. */
  kind('task.done', { task, report: sha256, row: count }),
  /** Somebody looked and found it not in order (부적합). The task stays open. */
  kind('task.not_in_order', { task, report: sha256, failed: z.array(z.enum(ERASING_CHECKS)).min(1) }),
] as const;

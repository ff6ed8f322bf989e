import { z } from 'zod';
import { count, instant, kind, line } from './shapes.ts';

/** 개인영상정보 관리대장; personal fields: officer, recipient. */
export const MANAGEMENT = [
  kind('management.entered', {
    kind: z.enum(['USE', 'PROVISION', 'ACCESS', 'DESTRUCTION']),
    appliedAt: instant,
    fileNameForm: line,
    purposeReason: line,
    legalBasis: line,
    form: line,
    period: line,
    result: line,
    safety: line,
  }),
  kind('management.updated', { row: count, result: line, safety: line }),
] as const;

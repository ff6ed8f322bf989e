import type { NewEntry } from '../../../src/ledger/entry.ts';

export const started = (pid: number): NewEntry => ({
  event: 'recorder.started',
  facts: { pid, cameras: 13 },
  actor: 'process:recorder',
});

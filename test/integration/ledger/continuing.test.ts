import { expect, it } from 'vitest';
import { continueLedger } from '../../../src/ledger/continuing.ts';
import { systemClock } from '../../../src/lib/clock.ts';
import { beginLedger } from '../../support/ledger/scratch.ts';
import { refusalBy } from '../../support/viewing/viewing-desk.ts';

it('is continued by nobody where its second place or a witness has seen what it does not contain', () => {
  const { path, ledger } = beginLedger({ clock: systemClock });
  const log = ledger.rows.log()!;
  const continued = (seen: Parameters<typeof continueLedger>[0]['seen'], site = log.site) =>
    continueLedger({ path, site, seen, clock: systemClock }).db.close();
  continued([]);
  const checkpoint = { origin: log.origin, size: 9999, root: Buffer.alloc(32), note: '' } as never;
  for (const reason of ['second place', 'witness'] as const)
    expect(refusalBy(() => continued([{ reason, checkpoint }]))).toMatchObject({
      code: 'ledger_damaged',
      facts: { reason },
    });
  expect(refusalBy(() => continued([], 'elsewhere')).code).toBe('storage_foreign');
  expect(
    refusalBy(() => continueLedger({ path: `${path}.no`, site: 'x', seen: [], clock: systemClock })).code,
  ).toBe('ledger_missing');
});

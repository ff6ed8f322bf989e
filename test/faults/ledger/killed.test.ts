import { join } from 'node:path';
import { expect, it } from 'vitest';
import { appendUntilKilled, lossesOf } from '../../support/ledger/killed-writer.ts';
import { scratchFolder } from '../../support/ledger/scratch.ts';

// The long form, a thousand kills, is `npm run -s bench -- ledger`.
it('a writer that is killed at any moment loses nothing that it acknowledged, and leaves no hole', async () => {
  const path = join(scratchFolder(), 'site.db');
  for (let kill = 0; kill < 12; kill++) {
    const acknowledged = await appendUntilKilled(path, Math.random() * 40);
    expect(lossesOf(path, acknowledged)).toMatchObject({ lost: 0, gaps: 0, rootHolds: true });
  }
});

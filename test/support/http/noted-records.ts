import { Readable } from 'node:stream';
import type { LedgerDeps } from '../../../src/http/resources/ledger.ts';
import type { LogDeps } from '../../../src/http/resources/logs.ts';
import type { LedgerEntry } from '../../../src/ledger/entry.ts';
import { NOTE_KEY, verifierKey, vkeyOf } from '../../../src/ledger/note.ts';
import type { EntryProof } from '../../../src/ledger/tlog-proof.ts';

const AT = '2026-11-23T01:00:00.000Z';
const HASH = Buffer.alloc(32, 1);
const log = verifierKey('girok.invalid/test', NOTE_KEY.log, HASH);
const entry = {
  seq: 7,
  at: AT,
  committedAt: AT,
  actor: 'person:guard',
  event: 'access.locked',
  facts: { account: 'guard', failures: 5 },
  v: 1,
} as LedgerEntry;
const whole: EntryProof = {
  index: 7,
  body: Buffer.from('{}'),
  path: [HASH],
  checkpoint: { origin: log.name, size: 8, root: HASH, note: '', signed: { text: 'x\n', signatures: [] } },
  log,
  witnesses: [],
};
const proved = {
  outcome: 'entered' as const,
  checkpoint: { size: 8, madeAt: AT, signers: [log.name] },
  whole,
};

/** Registers of which everything may be had: what is tested before them is who gets as far as asking. */
export function notedLogs(noted: string[]): LogDeps {
  return {
    desk: () => ({
      page(register) {
        noted.push(register);
        return { name: register, titles: ['n'], total: 0, lines: [], isMore: false };
      },
      takeOut: (name) => ({ name, titles: ['n'], rows: 0, lines: async function* () {} }),
      choices: () => ({
        kinds: ['access.locked'],
        persons: ['guard'],
        outcomes: ['refused'],
        cameras: ['cam01'],
      }),
    }),
    cameraName: () => '접수대',
    personName: () => undefined,
    file: () => ({ type: 'text/csv', body: Readable.from(['n\r\n']) }),
  };
}

export function notedLedger(): LedgerDeps {
  return {
    desk: () => ({
      entry: () => ({ ...proved, entry, body: '{}', texts: {} }),
      proof: () => proved,
    }),
    standing: async () => ({ entries: 8, unsigned: 0, incident: false }),
    checkpoint: () => ({
      ...proved.checkpoint,
      root: HASH.toString('hex'),
      key: vkeyOf(log),
      note: 'x',
      qr: ['1'],
    }),
    key: () => vkeyOf(log),
    verifying: () => ({
      start: async () => undefined,
      state: () => ({ state: 'never' }),
      cancel: () => undefined,
    }),
  };
}

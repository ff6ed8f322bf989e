import { join } from 'node:path';
import { storageFolders } from '../config/folders.ts';
import { createEvidenceRows } from '../db/site/evidence-rows.ts';
import { createLedgerRows } from '../db/site/ledger-rows.ts';
import { openSiteForReading } from '../db/site/open.ts';
import { partsOf } from '../ledger/evidence.ts';
import { createHoldCopies } from '../retention/hold-copies.ts';
import { holdBookOf, holdsFolder } from '../stewardship/holds/places.ts';
import { type HeldProof, verifyHeld } from '../stewardship/holds/verifying.ts';
import { lockerKey } from '../vault/locker-key.ts';
import type { Command } from './command.ts';
import { EXIT } from './exit-code.ts';
import { openReadingKeys } from './reading-keys.ts';

export const holdVerify: Command = {
  name: 'hold verify',
  summary: {
    ko: '보존한 사본마다 녹화된 그대로임을 장부로 확인합니다.',
    en: 'Proves by the ledger that each copy of a hold is what was recorded.',
  },
  usage: 'HOLD',
  examples: ['npm run -s girok -- hold verify 06h0a72vta2hwxnh'],
  options: {},
  positionals: { min: 1, max: 1 },
  json: '{ hold, files, proved, missed, findings: [{ file, proof: "not_entered"|"unreadable"|"changed"|"ledger_changed" }] }; exit code 1 unless all are proved',
  async run(context) {
    const config = context.config();
    const folders = storageFolders(config);
    const { hold: said } = context.words.retention;
    const [id = ''] = context.positionals;
    const page = await holdBookOf(folders).read(id);
    if (!page || page.state === 'erased') throw context.usageError(said.unknown({ hold: id }));
    const copies = await createHoldCopies(holdsFolder(folders), id).list();
    const files = copies.filter((each) => 'leaf' in each);
    const missed = copies.length - files.length;
    const keyring = openReadingKeys(config, context);
    const db = openSiteForReading(folders.site);
    const key = lockerKey(keyring, id);
    try {
      const evidence = createEvidenceRows(db);
      const deps = {
        locker: join(folders.evidence, id),
        key,
        partsOf: (camera: string, day: string, hour: number) => partsOf(evidence, camera, day, hour),
        entries: createLedgerRows(db),
      };
      const findings: { file: string; proof: Exclude<HeldProof, 'proved'> }[] = [];
      for (const [done, copy] of files.entries()) {
        context.signal.throwIfAborted();
        context.progress(said.verifying({ done, of: files.length }));
        const proof = await verifyHeld(deps, copy);
        if (proof !== 'proved') findings.push({ file: copy.file, proof });
      }
      const proved = files.length - findings.length;
      context.result(
        { hold: id, files: files.length, proved, missed, findings },
        [
          said.proved({ hold: id, proved, files: files.length }),
          ...findings.map(({ file, proof }) => `${file}: ${said.proof[proof]}`),
        ].join('\n'),
      );
      return findings.length === 0 ? EXIT.ok : EXIT.failure;
    } finally {
      key.fill(0);
      db.close();
      keyring.close();
    }
  },
};

import { join } from 'node:path';
import { storageFolders } from '../config/folders.ts';
import { rootKeyFile } from '../config/root-key-file.ts';
import { lockFile } from '../db/lock.ts';
import { beginAnew } from '../ledger/begin-anew.ts';
import { findIncident } from '../ledger/incident.ts';
import { vkeyOf } from '../ledger/note.ts';
import { readKeptCheckpoint } from '../ledger/second-place.ts';
import { GirokError } from '../lib/errors.ts';
import { loadRootKey } from '../vault/root-key.ts';
import type { Command } from './command.ts';
import { EXIT } from './exit-code.ts';
import { keptCheckpoints, TRUST_OPTIONS } from './ledger-trust.ts';

export const ledgerBeginAnew: Command = {
  name: 'ledger begin-anew',
  summary: {
    ko: '장부가 보관된 검증점과 어긋나거나 손상되었거나 없을 때, 옛것을 통째로 옮겨 두고 그 사실을 적은 새 장부를 시작합니다.',
    en: 'When the ledger contradicts a kept checkpoint, is damaged or gone: lays it aside whole and begins a new one that says so.',
  },
  usage: '--by NAME --reason TEXT [--checkpoint FILE]…',
  examples: [
    'npm run -s girok -- ledger begin-anew --by "Kim Jeongbo" --reason "disk replaced, last backup was a day old"',
  ],
  options: {
    by: { type: 'string', value: 'NAME', help: { ko: '결정한 사람', en: 'who decided it' } },
    reason: { type: 'string', value: 'TEXT', help: { ko: '까닭', en: 'why' } },
    checkpoint: TRUST_OPTIONS.checkpoint,
  },
  positionals: { min: 0, max: 0 },
  json: '{ origin, key, before: { origin, size, root, why: "smaller"|"different"|"damaged"|"missing", found }, folder, by, reason }; exit code 2 when no incident stands',
  async run(context) {
    const { ledger: said } = context.words;
    const [by, reason] = [context.options.text('by')?.trim(), context.options.text('reason')?.trim()];
    if (!by || !reason) throw context.usageError(said.needsWho);
    const config = context.config();
    const folders = storageFolders(config);
    const lock = lockFile(join(folders.root, 'steward.lock'));
    if (!lock) throw new GirokError('storage_in_use', { storage: folders.root });
    const keptCheckpoint = join(folders.keysMirror, 'ledger-checkpoint');
    try {
      const second = await readKeptCheckpoint(keptCheckpoint);
      const shown = await readKeptCheckpoint(folders.seenElsewhere);
      const kept = [
        ...(second ? [second] : []),
        ...(shown ? [shown] : []),
        ...(await keptCheckpoints(context)),
      ];
      const incident = findIncident(folders.site, kept);
      if (!incident) throw context.usageError(said.noIncident);
      const rootKey = loadRootKey(rootKeyFile(config.storage.keys.root, context.env), {
        createIfAbsent: false,
      });
      const { clock } = context;
      const { site: path, seenElsewhere } = folders;
      const deps = { path, keptCheckpoint, seenElsewhere, site: config.site.id, rootKey, clock };
      const { origin, key, folder } = await beginAnew(deps, incident).finally(() => rootKey.fill(0));
      const { seen, before } = incident;
      const { size, why, found } = before;
      const over = { origin: seen.origin, size, root: seen.root.toString('base64'), why, found };
      context.result(
        { origin, key: vkeyOf(key), before: over, folder, by, reason },
        said.begunAnew({ ...over, why: said.brokenOff[why], folder, key: vkeyOf(key), by, reason }),
      );
      return EXIT.ok;
    } finally {
      lock.release();
    }
  },
};

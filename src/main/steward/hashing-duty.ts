import { mkdir, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';
import { createCatalogueReader } from '../../catalogue/reader.ts';
import { writeFileDurably } from '../../lib/durable.ts';
import { isGirokError, systemCode } from '../../lib/errors.ts';
import type { Duty } from '../../stewardship/schedule.ts';
import { hashRound, type RoundState } from '../../vault/hash-rounds.ts';
import { createFolderStore } from '../../vault/segment-store.ts';
import type { StewardParts } from './parts.ts';

const LOOK_MS = 10 * 60_000;
/** Four times what thirteen cameras write, and a small part of what a disk can read. */
const BYTES_PER_SECOND = 32 * 1024 * 1024;

const finding = z.object({ file: z.string(), kind: z.enum(['missing', 'size', 'hash', 'unreadable']) });
const stateSchema = z.object({
  round: z.int(),
  startedAt: z.iso.datetime(),
  after: z.object({ camera: z.string(), day: z.string(), file: z.string() }).optional(),
  files: z.int(),
  bytes: z.int(),
  findings: z.array(finding),
});

/** Every sealed file is read and hashed again and again, so that a disk that forgets is noticed while it matters. */
export function hashingDuty({ folders, clock, keeper, alarms, log }: StewardParts): Duty {
  const path = folders.hashRound;
  const read = async (): Promise<RoundState | undefined> => {
    try {
      return stateSchema.parse(JSON.parse(await readFile(path, 'utf8')));
    } catch (error) {
      // It only says where to go on: without it a round begins at its beginning.
      if (systemCode(error) !== 'ENOENT') log.warn('hashing.begins_anew', { path });
      return undefined;
    }
  };
  const openReader = () => {
    try {
      return createCatalogueReader(folders.catalogue);
    } catch (error) {
      // Before the recorder has begun one there is nothing to hash.
      if (isGirokError(error, 'storage_missing') || isGirokError(error, 'recorder_not_running'))
        return undefined;
      throw error;
    }
  };
  return {
    name: 'hashing',
    when: { everyMs: LOOK_MS },
    atStart: true,
    async run(signal) {
      const reader = openReader();
      if (!reader) return;
      try {
        const { register } = reader;
        const state = await read();
        const after = await hashRound(
          {
            store: createFolderStore(folders.vault),
            register,
            clock,
            bytesPerSecond: BYTES_PER_SECOND,
            state,
            async save(next) {
              await mkdir(dirname(path), { recursive: true, mode: 0o700 });
              await writeFileDurably(path, JSON.stringify(next));
            },
            found(found) {
              log.error('hashing.found', { ...found });
              keeper.enter({ event: 'footage.damaged', facts: { ...found }, actor: 'process:steward' });
            },
          },
          signal,
        );
        const { round, files, bytes, findings } = after;
        if (findings.length > 0) alarms.raise('vault_findings', '', { findings: findings.length });
        else alarms.clear('vault_findings', '');
        if (after !== state && !signal.aborted) log.info('hashing.round', { round, files, bytes });
      } finally {
        await reader.close();
      }
    },
  };
}

import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openCatalogueForWriting } from '../../../src/db/catalogue/open.ts';
import { lockFile } from '../../../src/db/lock.ts';
import { openDatabase } from '../../../src/db/open.ts';
import { writeFileDurably, writeFileDurablySync } from '../../../src/lib/durable.ts';
import { folderModeIn, makePassage, makeSharedFolder, SHARING_UMASK } from '../../../src/lib/sharing.ts';

describe('who may do what with what is made', () => {
  let root: string;
  let umask: number;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'girok-sharing-'));
    umask = process.umask(SHARING_UMASK);
  });
  afterEach(() => {
    process.umask(umask);
    rmSync(root, { recursive: true });
  });
  const modeOf = (name: string) => (statSync(join(root, name)).mode & 0o7777).toString(8);
  const modes = (...names: string[]) => Object.fromEntries(names.map((name) => [name, modeOf(name)]));

  const makeAll = async () => {
    makePassage(join(root, 'spool'));
    makeSharedFolder(join(root, 'spool', 'purge'));
    makeSharedFolder(join(root, 'deep', 'deeper', 'keys'));
    mkdirSync(join(root, 'spool', 'purge', 'day'), {
      mode: await folderModeIn(join(root, 'spool', 'purge')),
    });
    await writeFileDurably(join(root, 'mine.json'), 'x');
    await writeFileDurably(join(root, 'spool', 'purge', 'a.json'), 'x');
    writeFileDurablySync(join(root, 'spool', 'purge', 'b.json'), 'x');
    lockFile(join(root, 'recorder.lock'))?.release();
    lockFile(join(root, 'spool', 'purge', 'purge.lock'))?.release();
    const open = [
      openDatabase({ path: join(root, 'site.db'), synchronous: 'full' }),
      openCatalogueForWriting(join(root, 'catalogue.db'), 1000),
      openDatabase({ path: join(root, 'deep', 'deeper', 'keys', 'keyring.db'), synchronous: 'full' }),
    ];
    for (const db of open) db.exec('create table x (y); insert into x values (1)');
    const beside = modes('site.db-wal', 'site.db-shm', 'catalogue.db-wal', 'catalogue.db-shm');
    for (const db of open) db.close();
    return beside;
  };

  it('is its owner’s alone, as it is shipped', async () => {
    chmodSync(root, 0o700);
    const beside = await makeAll();
    expect(new Set(Object.values(beside))).toEqual(new Set(['600']));
    const folders = ['spool', 'spool/purge', 'spool/purge/day', 'deep/deeper/keys'];
    expect(new Set(Object.values(modes(...folders)))).toEqual(new Set(['700']));
    const files = ['mine.json', 'spool/purge/a.json', 'spool/purge/b.json', 'spool/purge/purge.lock'];
    const databases = ['site.db', 'catalogue.db', 'recorder.lock', 'deep/deeper/keys/keyring.db'];
    expect(new Set(Object.values(modes(...files, ...databases)))).toEqual(new Set(['600']));
  });

  it('is the group’s where the storage folder hands its group down, and nothing else is', async () => {
    chmodSync(root, 0o2750);
    expect(await makeAll()).toEqual({
      'site.db-wal': '600',
      'site.db-shm': '600',
      'catalogue.db-wal': '660',
      'catalogue.db-shm': '660',
    });
    expect(
      modes('spool', 'spool/purge', 'spool/purge/day', 'deep', 'deep/deeper', 'deep/deeper/keys'),
    ).toEqual({
      spool: '2750',
      'spool/purge': '2770',
      'spool/purge/day': '2770',
      deep: '2750',
      'deep/deeper': '2750',
      'deep/deeper/keys': '2770',
    });
    expect(modes('mine.json', 'recorder.lock', 'site.db')).toEqual({
      'mine.json': '600',
      'recorder.lock': '600',
      'site.db': '600',
    });
    const shared = ['a.json', 'b.json', 'purge.lock'].map((name) => `spool/purge/${name}`);
    expect(new Set(Object.values(modes(...shared, 'catalogue.db', 'deep/deeper/keys/keyring.db')))).toEqual(
      new Set(['660']),
    );
  });

  it('leaves what is there as it is', async () => {
    chmodSync(root, 0o2750);
    mkdirSync(join(root, 'keys'), { mode: 0o700 });
    makeSharedFolder(join(root, 'keys'));
    makePassage(join(root, 'keys'));
    expect(modeOf('keys')).toBe('2700');
    writeFileSync(join(root, 'site.db'), '');
    chmodSync(join(root, 'site.db'), 0o640);
    openDatabase({ path: join(root, 'site.db'), synchronous: 'full' }).close();
    expect(modeOf('site.db')).toBe('640');
  });
});

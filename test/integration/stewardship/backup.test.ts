import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createLedgerRows } from '../../../src/db/site/ledger-rows.ts';
import { openSiteForReading } from '../../../src/db/site/open.ts';
import { DAY_US } from '../../../src/lib/clock.ts';
import { SHARING_UMASK } from '../../../src/lib/sharing.ts';
import type { LocalDay } from '../../../src/lib/site-time.ts';
import { readSlots } from '../../../src/vault/epoch-slots.ts';
import { findKeys } from '../../../src/vault/restore-keys.ts';
import {
  type BackupHome,
  backupHome,
  CAMERAS,
  filesBelow,
  opening,
  rowsOf,
} from '../../support/backup/backup-home.ts';
import { started } from '../../support/ledger/entries.ts';
import { mountSmallDisk } from '../../support/small-disk.ts';

let home: BackupHome;
beforeEach(() => {
  home = backupHome();
});
afterEach(() => home.remove());

const today = () => home.siteTime.dayOf(home.clock.utcUs());
const made = async () => String((await home.girok('backup')).said.backup);
const folderOf = (name: string) => join(home.backups, name);

describe('a backup', () => {
  it('has databases, ledger, keyring and what retention wrote, and no secret of any kind', async () => {
    home.record(today(), { initialise: true });
    home.ledger.append(started(1), started(2));
    const [camera] = CAMERAS as [(typeof CAMERAS)[0]];
    const key = home.hourKey(camera, today(), 7);
    const { code, said } = await home.girok('backup');
    expect(code).toBe(0);
    expect(said).toMatchObject({ epoch: 1, keys: 48, entries: 3, sameDisk: true, omitted: [], removed: [] });
    const folder = folderOf(String(said.backup));
    expect(readdirSync(folder).sort()).toEqual([
      'backup.json',
      'cameras.yml',
      'catalogue.db',
      'keyring.db',
      'retention.json',
      'site.db',
    ]);
    const secrets = home.places.flatMap(readSlots).map(({ secret }) => secret);
    expect(secrets).toHaveLength(2);
    for (const { path, bytes } of filesBelow(home.backups)) {
      expect(statSync(path).mode & 0o077, path).toBe(0);
      for (const secret of [...secrets, home.rootKey, key]) expect(bytes.includes(secret), path).toBe(false);
    }
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    expect(opening(rowsOf(join(folder, 'keyring.db')), home.places, home.rootKey)).toHaveLength(48);
    // The ledger is told with the hash that the manifest has.
    const [told] = filesBelow(join(home.storage, 'spool', 'backup'));
    expect(JSON.parse(String(told?.bytes))).toMatchObject({
      event: 'backup.made',
      facts: { backup: said.backup, sha256: said.sha256, epoch: 1 },
    });
  });

  it('is listed as none yet before the first one, and not as a disk that is away', async () => {
    expect(await home.girok('backup', 'list')).toMatchObject({ code: 0, said: { backups: [] } });
    await made();
    rmSync(home.backups, { recursive: true });
    expect(await home.girok('backup', 'list')).toMatchObject({
      code: 4,
      said: { error: { code: 'backup_place_missing' } },
    });
  });

  it('that cannot be put back leaves nothing of itself where it was looked at', async () => {
    const name = await made();
    const staging = join(home.storage, 'restore-staging');
    rmSync(join(folderOf(name), 'site.db'));
    expect((await home.girok('restore', name)).code).not.toBe(0);
    expect(existsSync(staging)).toBe(false);
  });

  it('has a manifest that is small: of a larger file only the beginning is read', async () => {
    const name = await made();
    truncateSync(join(folderOf(name), 'backup.json'), 8 * 2 ** 30);
    expect(await home.girok('backup', 'list')).toMatchObject({
      code: 1,
      said: { unreadable: [{ name, code: 'backup_unknown' }] },
    });
  });

  it('is not begun anew where its disk is away, and is again when somebody says so', async () => {
    home.record(today(), { initialise: true });
    await made();
    renameSync(home.backups, `${home.backups}.away`);
    expect(await home.girok('backup')).toMatchObject({
      code: 4,
      said: { error: { code: 'backup_place_missing' } },
    });
    expect(existsSync(home.backups)).toBe(false);
    expect(await home.girok('backup', '--new-place')).toMatchObject({ code: 0 });
    // The old disk is known by its own mark.
    renameSync(home.backups, `${home.backups}.new`);
    renameSync(`${home.backups}.away`, home.backups);
    expect(await home.girok('backup')).toMatchObject({ code: 0 });
    expect((await home.girok('backup', 'list')).said.backups).toHaveLength(2);
  });

  it('leaves nothing of itself on a full disk, says so, and is made once there is room', async ({ skip }) => {
    home.record(today(), { initialise: true });
    const disk = mountSmallDisk(home.backups, 4 * 1024 * 1024);
    if ('refused' in disk) return skip(disk.refused);
    try {
      expect(await home.girok('backup')).toMatchObject({ code: 0 });
      disk.fill();
      expect(await home.girok('backup')).toMatchObject({
        code: 4,
        said: { error: { code: 'backup_no_room' } },
      });
      expect(readdirSync(home.backups).filter((name) => name.startsWith('.'))).toEqual([]);
      disk.empty();
      expect(await home.girok('backup')).toMatchObject({ code: 0 });
      expect((await home.girok('backup', 'list')).said).toMatchObject({ unreadable: [] });
    } finally {
      disk.unmount();
    }
  });

  it('never bears a name before the one before it, also when the clock is set back', async () => {
    home.record(today(), { initialise: true });
    const first = await made();
    home.clock.setWall(-5 * 3600 * 1e6);
    const second = await made();
    expect(second > first).toBe(true);
  });

  it('goes on without a damaged catalogue and says so, and does not pretend to have a damaged ledger', async () => {
    home.record(today(), { initialise: true });
    for (const path of filesBelow(home.storage).map((file) => file.path))
      if (path.includes('catalogue.db')) writeFileSync(path, 'not a database at all, whatever its name');
    expect(await home.girok('backup')).toMatchObject({
      code: 0,
      said: { omitted: [{ name: 'catalogue.db', code: 'database_damaged' }] },
    });
    home.ledger.db.close();
    writeFileSync(join(home.storage, 'site.db'), 'not a database at all, whatever its name');
    expect(await home.girok('backup')).toMatchObject({
      code: 4,
      said: { error: { code: 'database_damaged' } },
    });
    // Nothing half-made stands beside the good one.
    expect((await home.girok('backup', 'list')).said).toMatchObject({ backups: [{}], unreadable: [] });
  });
});

it('forty daily backups revive nothing that was erased, and the newest opens all that lives', async () => {
  const retention = 10;
  const first = today();
  const dayOf = (n: number): LocalDay => home.siteTime.addDays(first, n);
  const real = new Map<string, Buffer>();
  const secrets: Buffer[] = [];
  const names: string[] = [];
  for (let n = 0; n < 40; n++) {
    home.record(dayOf(n), { initialise: n === 0 });
    for (const camera of CAMERAS)
      for (const hour of [0, 7, 23])
        real.set(`${camera}/${dayOf(n)}/${hour}`, home.hourKey(camera, dayOf(n), hour));
    secrets.push(...home.places.flatMap(readSlots).map(({ secret }) => secret));
    if (n > retention) expect(home.erase(dayOf(n - retention - 1)).proof.opened).toBe(0);
    names.push(await made());
    home.clock.advance(DAY_US / 1000);
  }
  expect((await home.girok('backup', 'list')).said.backups).toHaveLength(40);

  const live = new Set(Array.from({ length: retention + 1 }, (_, n) => dayOf(39 - n)));
  const current = home.places.flatMap(readSlots).map(({ secret }) => secret);
  const dead = secrets.filter((secret) => !current.some((one) => one.equals(secret)));
  expect(dead.length).toBeGreaterThan(50);
  const erasedKeys = [...real]
    .filter(([id]) => !live.has(id.split('/')[1] as LocalDay))
    .map(([, key]) => key);
  expect(erasedKeys).toHaveLength(29 * 2 * 3);
  for (const { path, bytes } of filesBelow(home.backups))
    for (const gone of [...dead, ...erasedKeys]) expect(bytes.includes(gone), path).toBe(false);

  for (const file of home.keyringFiles) rmSync(file);
  for (const name of names) {
    const keyring = join(folderOf(name), 'keyring.db');
    const rows = rowsOf(keyring);
    const open = opening(rows, home.places, home.rootKey);
    expect(open.filter(({ day }) => !live.has(day as LocalDay))).toEqual([]);
    // Only the one of this epoch opens at all.
    expect(open).toHaveLength(name === names.at(-1) ? live.size * 48 : 0);
    const found = findKeys({
      folder: join(home.storage, 'keys'),
      mirrorFolder: home.mirror,
      backup: keyring,
      rootKey: home.rootKey,
      erasedThrough: 0,
    });
    expect(found.opens.filter(({ day }) => !live.has(day as LocalDay))).toEqual([]);
    expect(found.opens).toHaveLength(open.length);
    expect(found.gone).toHaveLength(rows.length - open.length);
  }

  // All of them by the command: an old one changes nothing and says why, the newest brings back every live key.
  for (const name of [names[0], names[20], names[38]]) {
    const { code, said, err } = await home.girok('restore', String(name), '--only', 'keyring');
    expect({ code, said }).toMatchObject({
      code: 1,
      said: { restored: [], keyring: { action: 'lost', back: 0 } },
    });
    expect(err).toMatch(/no key of the backup opens/i);
    expect(home.keyringFiles.some(existsSync)).toBe(false);
  }
  const newest = await home.girok('restore', String(names.at(-1)), '--only', 'keyring');
  expect(newest).toMatchObject({
    code: 0,
    said: {
      restored: ['keyring'],
      keyring: { back: live.size * 48, goneErased: 0, goneOther: 0 },
      footage: { closed: [] },
    },
  });
  for (const [id, key] of real) {
    const [camera, day, hour] = id.split('/') as [(typeof CAMERAS)[0], LocalDay, string];
    if (live.has(day)) expect(home.hourKey(camera, day, Number(hour))).toEqual(key);
    else expect(() => home.hourKey(camera, day, Number(hour))).toThrow(/key_missing/);
  }
}, 300_000);

describe('a restore', () => {
  const lose = (...paths: string[]) => {
    for (const path of paths)
      for (const ending of ['', '-wal', '-shm']) rmSync(path + ending, { force: true });
  };
  const site = () => join(home.storage, 'site.db');
  const entries = () => {
    const db = openSiteForReading(site());
    try {
      return createLedgerRows(db).size();
    } finally {
      db.close();
    }
  };

  it('is rehearsed without changing a byte', async () => {
    home.record(today(), { initialise: true });
    const name = await made();
    home.ledger.db.close();
    lose(site(), ...home.keyringFiles);
    const before = filesBelow(home.folder);
    const { code, said, err } = await home.girok('restore', name, '--rehearse');
    expect({ code, said }).toMatchObject({
      code: 0,
      said: {
        rehearsed: true,
        restored: [],
        site: { present: 'missing', action: 'replace', entries: 1 },
        keyring: { action: 'add', back: 48, opens: 48 },
        catalogue: { present: 'sound', action: 'keep' },
      },
    });
    expect(err).not.toMatch(/error/i);
    expect(filesBelow(home.folder)).toEqual(before);
  });

  it('puts a lost ledger back, and says which entries it lacks', async () => {
    home.record(today(), { initialise: true });
    home.ledger.append(started(1));
    const name = await made();
    home.ledger.append(started(2), started(3));
    const kept = home.ledger.checkpoints.make();
    writeFileSync(join(home.mirror, 'ledger-checkpoint'), String(kept?.note));
    home.ledger.db.close();
    lose(site());
    const { code, said, err } = await home.girok('restore', name);
    expect({ code, said }).toMatchObject({
      code: 1,
      said: { restored: ['site'], site: { action: 'replace', entries: 2, missing: { from: 2, to: 4 } } },
    });
    expect(err).toMatch(/Ledger entries 2 to 3 \(2 in all\) cannot be brought back/);
    expect(entries()).toBe(2);
    const [told] = filesBelow(join(home.storage, 'spool', 'restore'));
    expect(JSON.parse(String(told?.bytes))).toMatchObject({
      event: 'backup.restored',
      facts: { backup: name, parts: ['site'], keysBack: 0, entriesMissing: 2 },
    });
  });

  it('lays a damaged ledger aside whole, and leaves a sound newer one alone unless it is forced', async () => {
    home.record(today(), { initialise: true });
    const name = await made();
    home.ledger.append(started(1));
    expect(await home.girok('restore', name)).toMatchObject({
      code: 0,
      said: { restored: [], site: { action: 'keep', presentEntries: 2, entries: 1 } },
    });
    home.ledger.db.close();
    expect(entries()).toBe(2);
    const forced = await home.girok('restore', name, '--only', 'site', '--force-older');
    expect(forced).toMatchObject({
      code: 1,
      said: { restored: ['site'], site: { missing: { from: 1, to: 2 } } },
    });
    expect(entries()).toBe(1);
    const laidAside = join(String(forced.said.aside), 'site.db');
    expect(existsSync(laidAside)).toBe(true);

    const junk = Buffer.from('no database, and evidence all the same');
    writeFileSync(site(), junk);
    home.clock.advance(1000);
    const damaged = await home.girok('restore', name);
    expect(damaged).toMatchObject({ said: { restored: ['site'], site: { present: 'damaged' } } });
    expect(readFileSync(join(String(damaged.said.aside), 'site.db'))).toEqual(junk);
    expect(entries()).toBe(1);
  });

  it('adds the keys of this epoch to those that are here, and brings back none of an older one', async () => {
    const day = today();
    home.record(day, { initialise: true });
    home.record(home.siteTime.addDays(day, 1));
    const before = await made();
    home.erase(day);
    const after = await made();
    const newer = home.siteTime.addDays(day, 2);
    home.record(newer);
    // The keyring and its mirror as they would be after a disk has lost the middle of both.
    const [camera] = CAMERAS as [(typeof CAMERAS)[0]];
    const key = home.hourKey(camera, home.siteTime.addDays(day, 1), 3);
    expect(await home.girok('restore', before, '--only', 'keyring')).toMatchObject({
      code: 0,
      said: { restored: [], keyring: { action: 'keep', back: 0, goneOther: 48 } },
    });
    lose(...home.keyringFiles);
    expect(await home.girok('restore', before, '--only', 'keyring')).toMatchObject({
      code: 1,
      said: { restored: [], keyring: { action: 'lost' } },
    });
    // What was made since the backup is lost, and is named.
    expect(await home.girok('restore', after, '--only', 'keyring')).toMatchObject({
      code: 1,
      said: {
        restored: ['keyring'],
        keyring: { action: 'add', back: 48 },
        footage: {
          cameraDays: 4,
          closed: [
            { camera: 'cam01', day: newer, due: false },
            { camera: 'cam02', day: newer, due: false },
          ],
        },
      },
    });
    expect(home.hourKey(camera, home.siteTime.addDays(day, 1), 3)).toEqual(key);
    expect(() => home.hourKey(camera, day, 3)).toThrow(/key_missing/);
  });

  it('lets no backup of before a certificate open anything, even while the old secret is still there', async () => {
    const day = today();
    home.record(day, { initialise: true });
    home.record(home.siteTime.addDays(day, 1));
    const before = await made();
    const secret = readFileSync(home.places[0]!);
    home.erase(day);
    // A place that refused to be overwritten; the certificate says so, and the run counts as done for the keys.
    writeFileSync(home.places[0]!, secret);
    lose(...home.keyringFiles);
    const certificates = join(home.storage, 'retention', 'certificates');
    expect(await home.girok('restore', before, '--only', 'keyring', '--rehearse')).toMatchObject({
      said: { keyring: { action: 'add', back: 96 } },
    });
    mkdirSync(certificates, { recursive: true });
    writeFileSync(join(certificates, 'run.json'), JSON.stringify({ epoch: 2 }));
    expect(await home.girok('restore', before, '--only', 'keyring', '--rehearse')).toMatchObject({
      code: 1,
      said: { keyring: { action: 'lost', back: 0 } },
    });
  });

  it('says that footage is lost for good where both places of the secret are', async () => {
    home.record(today(), { initialise: true });
    const name = await made();
    lose(...home.places, ...home.keyringFiles);
    const { code, said } = await home.girok('restore', name, '--rehearse');
    expect({ code, said }).toMatchObject({ code: 1, said: { keyring: { action: 'lost', opens: 0 } } });
    expect(String(said.sentences)).toMatch(/nobody can bring back/);
  });

  it('puts back a lost catalogue, certificates and the hold book, and never over one that is there', async () => {
    home.record(today(), { initialise: true });
    const certificates = join(home.storage, 'retention', 'certificates');
    mkdirSync(certificates, { recursive: true });
    writeFileSync(join(certificates, 'a.json'), '{"epoch":1}');
    writeFileSync(join(certificates, 'b.json'), '{"epoch":1}');
    writeFileSync(
      join(home.storage, 'retention', 'purge.json'),
      '{"v":1,"intent":{"run":"x"},"unaccounted":["x"]}',
    );
    for (const [inside, file] of [
      ['holds', 'x.json'],
      ['holds', 'x.files'],
      ['confirmations', 'c.json'],
    ] as const) {
      mkdirSync(join(home.storage, 'retention', inside), { recursive: true });
      writeFileSync(join(home.storage, 'retention', inside, file), inside);
    }
    const name = await made();
    rmSync(join(home.storage, 'retention', 'holds'), { recursive: true });
    rmSync(join(home.storage, 'retention', 'confirmations'), { recursive: true });
    rmSync(join(certificates, 'a.json'));
    writeFileSync(join(certificates, 'b.json'), '{"epoch":1,"newer":true}');
    rmSync(join(home.storage, 'retention', 'purge.json'));
    lose(join(home.storage, 'catalogue.db'));
    expect(await home.girok('restore', name)).toMatchObject({
      code: 0,
      said: {
        restored: ['catalogue', 'retention'],
        catalogue: { present: 'missing', action: 'replace' },
        retention: {
          missing: [
            'certificates/a.json',
            'confirmations/c.json',
            'holds/x.files',
            'holds/x.json',
            'purge.json',
          ],
        },
      },
    });
    expect(readFileSync(join(home.storage, 'retention', 'holds', 'x.files'), 'utf8')).toBe('holds');
    expect(readFileSync(join(certificates, 'a.json'), 'utf8')).toBe('{"epoch":1}');
    expect(readFileSync(join(certificates, 'b.json'), 'utf8')).toContain('newer');
    // Nobody finishes a second time what was going on then.
    expect(JSON.parse(readFileSync(join(home.storage, 'retention', 'purge.json'), 'utf8'))).toEqual({ v: 1 });
    expect(existsSync(join(home.storage, 'catalogue.db'))).toBe(true);
  });

  it('leaves to the user that erases what is its to work on, and nothing else', async () => {
    home.record(today(), { initialise: true });
    const retention = join(home.storage, 'retention');
    mkdirSync(join(retention, 'certificates'), { recursive: true });
    writeFileSync(join(retention, 'certificates', 'a.json'), '{"epoch":1}');
    const name = await made();
    home.ledger.db.close();
    lose(...home.keyringFiles, join(home.storage, 'catalogue.db'), site());
    rmSync(retention, { recursive: true });
    rmSync(join(home.storage, 'spool'), { recursive: true, force: true });
    chmodSync(home.storage, 0o2750);
    chmodSync(join(home.storage, 'keys'), 0o2770);
    const umask = process.umask(SHARING_UMASK);
    try {
      expect(await home.girok('restore', name)).toMatchObject({
        said: { restored: ['keyring', 'catalogue', 'retention', 'site'] },
      });
    } finally {
      process.umask(umask);
    }
    const paths = ['site.db', 'catalogue.db', 'keys/keyring.db', 'retention/certificates/a.json'];
    const folders = ['spool', 'spool/restore', 'retention', 'retention/certificates'];
    const modes = [...paths, ...folders].map((path) => statSync(join(home.storage, path)).mode & 0o7777);
    expect(modes.map((mode) => mode.toString(8))).toEqual([
      ...['600', '660', '660', '660'],
      ...['2750', '2700', '2770', '2770'],
    ]);
  });

  it('goes onto a new disk only when it is told so', async () => {
    home.record(today(), { initialise: true });
    const name = await made();
    home.ledger.db.close();
    const elsewhere = join(home.folder, 'backups');
    renameSync(home.backups, elsewhere);
    rmSync(home.storage, { recursive: true });
    mkdirSync(home.storage);
    const path = join(elsewhere, name);
    expect(await home.girok('restore', path)).toMatchObject({
      code: 4,
      said: { error: { code: 'storage_unmarked' } },
    });
    expect(await home.girok('restore', path, '--other-volume')).toMatchObject({
      code: 0,
      said: {
        restored: ['keyring', 'site'],
        sameVolume: false,
        // The mirror had every key.
        keyring: { action: 'add', back: 0, opens: 48 },
        catalogue: { action: 'reindex' },
      },
    });
    expect(entries()).toBe(1);
    // A recorder goes on with the keys that the mirror had, and its slots.
    home.record(home.siteTime.addDays(today(), 1));
    expect(opening(rowsOf(home.keyringFiles[0]!), home.places, home.rootKey)).toHaveLength(96);
    // From now on it is not the empty disk that it was, but still another volume than the backup's.
    expect(await home.girok('restore', path)).toMatchObject({
      code: 4,
      said: { error: { code: 'backup_foreign' } },
    });
  });

  it.each(['site.db', 'keyring.db', 'catalogue.db', 'retention.json', 'cameras.yml'])(
    'refuses a backup whose %s was changed, and names it',
    async (file) => {
      home.record(today(), { initialise: true });
      const name = await made();
      const path = join(folderOf(name), file);
      const bytes = readFileSync(path);
      bytes[bytes.length >> 1]! ^= 1;
      writeFileSync(path, bytes);
      const before = filesBelow(home.folder);
      const refused = await home.girok('restore', name, '--rehearse');
      expect(refused).toMatchObject({
        code: 4,
        said: { error: { code: 'backup_damaged', facts: { file } } },
      });
      expect(filesBelow(home.folder)).toEqual(before);
      rmSync(path);
      expect(await home.girok('restore', name)).toMatchObject({
        said: { error: { code: 'backup_damaged' } },
      });
    },
  );

  it('refuses what is no backup, one of a newer program or another site, and one that the ledger names otherwise', async () => {
    home.record(today(), { initialise: true });
    const name = await made();
    const refusal = async (path: string) => (await home.girok('restore', path, '--rehearse')).said.error;
    expect(await refusal(home.folder)).toMatchObject({ code: 'backup_unknown' });
    expect(await refusal('20200101T000000000Z')).toMatchObject({ code: 'backup_unknown' });
    const manifest = join(folderOf(name), 'backup.json');
    const text = readFileSync(manifest, 'utf8');
    writeFileSync(manifest, text.replace('"v":1', '"v":2'));
    expect(await refusal(name)).toMatchObject({ code: 'backup_newer' });
    writeFileSync(manifest, text.replace('"site":"test"', '"site":"other"'));
    expect(await refusal(name)).toMatchObject({ code: 'backup_foreign' });
    writeFileSync(manifest, text);
    home.ledger.append({
      event: 'backup.made',
      facts: { backup: name, sha256: '0'.repeat(64), bytes: 1 },
      actor: 'process:backup',
    });
    expect(await refusal(name)).toMatchObject({ code: 'backup_damaged', facts: { reason: /ledger/ } });
    expect(existsSync(join(home.storage, 'restore-staging'))).toBe(false);
  });

  it('is broken off by nothing that it cannot finish, and nobody else takes the storage meanwhile', async () => {
    home.record(today(), { initialise: true });
    const name = await made();
    home.ledger.db.close();
    lose(site());
    await home.girok('restore', name);
    const journal = {
      v: 1,
      backup: name,
      aside: 'before-restore-x',
      steps: [],
      parts: [],
      told: { name: 'x.json', text: '{}' },
    };
    writeFileSync(join(home.storage, 'restore.json'), JSON.stringify(journal));
    expect(await home.girok('backup')).toMatchObject({
      code: 4,
      said: { error: { code: 'restore_unfinished' } },
    });
    expect(await home.girok('restore', '20200101T000000000Z')).toMatchObject({
      said: { error: { code: 'restore_unfinished', facts: { backup: name } } },
    });
    expect(await home.girok('restore', name)).toMatchObject({ code: 0 });
    expect(await home.girok('backup')).toMatchObject({ code: 0 });
  });
});

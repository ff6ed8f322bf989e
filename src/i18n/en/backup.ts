import type { backup as ko } from '../ko/backup.ts';

/** Words of backing up and restoring. */
export const backup: typeof ko = {
  made: (f) => `Backed up: ${f.path} (${f.size})`,
  contents: (f) =>
    `${f.entries} ledger entries, ${f.keys} footage keys (epoch ${f.epoch}). No epoch secret and no footage is in it.`,
  omitted: (f) => `${f.name}: damaged, and could not be backed up (${f.code}).`,
  sameDisk:
    'The backup lies on the disk of the storage folder and is lost together with it; name another disk in backup.folder.',
  removed: (f) => (f.count === 1 ? '1 old backup was removed.' : `${f.count} old backups were removed.`),
  none: (f) =>
    `There are no backups in ${f.folder} yet. The steward makes one after each rotation; \`girok backup\` makes one now.`,
  unreadable: (f) => `${f.name}: cannot be read (${f.code}).`,
  kind: { full: 'full', quick: 'ledger and keys' },
  column: {
    backup: 'backup',
    at: 'made',
    kind: 'kind',
    entries: 'ledger',
    keys: 'keys',
    epoch: 'epoch',
    size: 'size',
  },
  part: {
    site: 'ledger (site.db)',
    keyring: 'keyring',
    catalogue: 'catalogue (catalogue.db)',
    retention: 'records of erasing',
  },
  checking: 'Checking the backup',
  of: (f) => `Backup ${f.backup}: ${f.at}, ${f.kind}`,
  vouched: 'All its hashes are right, and the ledger knows this backup.',
  notVouched: 'All its hashes are right. The ledger does not name this backup.',
  site: {
    keep: (f) =>
      `Ledger: the present one (${f.here} entries) is sound and no older than the backup (${f.entries}); it stays.`,
    replace: (f) => `Ledger: put back with ${f.entries} entries.`,
    refuse: (f) =>
      `Ledger: that of the backup (${f.entries} entries) is not put in; look into it and into the present one (${f.here}) first.`,
    nothing: (_) => 'Ledger: there is none in this backup.',
  },
  siteFault: (f) => `The ledger in the backup is not whole: ${f.fault}`,
  siteForeign: 'The ledger in the backup is another one than the present one or the kept checkpoint.',
  siteMissing: (f) =>
    `Ledger entries ${f.from} to ${f.to - 1} (${f.to - f.from} in all) cannot be brought back. The steward will raise an incident, since the ledger is shorter than what was seen of it, and enter nothing more until the officer decides (\`girok ledger begin-anew\`).`,
  keyring: {
    keep: (f) => `Keyring: the present one is whole (${f.opens} keys); it stays.`,
    add: (f) => `Keyring: ${f.back} keys come back (${f.days}); ${f.opens} open in all.`,
    nothing: (_) => 'Keyring: there is none in this backup, and none here that opens.',
    lost: (_) =>
      'Keyring: no key of the backup opens under an epoch secret that exists. Take a newer backup; where none opens either, both places of the secret are lost, and nobody can bring back the footage recorded so far.',
  },
  goneErased: (f) =>
    `${f.keys} keys of the backup (${f.days}) have been erased since, on their time. They open under nothing, as it must be.`,
  goneOther: (f) =>
    `${f.keys} keys of the backup open under nothing although their time had not come: lost, unless they were of holds or records that have ended.`,
  catalogue: {
    keep: 'Catalogue: the present one is whole; it stays.',
    replace: 'Catalogue: put back. What was recorded since, the recorder finds in the files when it starts.',
    reindex:
      'Catalogue: not from this backup. `girok vault reindex` makes it from the files; only the causes of gaps are lost.',
  },
  retention: (f) => `${f.files} missing certificates or pages of the hold book are put back.`,
  footage: (f) =>
    f.closed === 0
      ? `Footage here: ${f.cameraDays} camera-days open.`
      : `Footage here: ${f.cameraDays} camera-days open; ${f.closed} whose time has not come have no key.`,
  closed: (f) => `  ${f.camera} ${f.day}: cannot be brought back.`,
  rehearsed: 'This was a rehearsal. Nothing was changed.',
  restored: (f) =>
    `Put back: ${f.parts.join(', ')}. What was there is laid aside in ${f.aside}; the secrets of erased keys are gone, so nothing erased opens from there either.`,
  nothing: 'There was nothing to put back; nothing was changed.',
};

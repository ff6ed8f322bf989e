import type { Migration } from '../migrate.ts';

/** The keyring and its mirror have the same tables. Keys lie here only wrapped. */
export const keyringMigrations: readonly Migration[] = [
  {
    version: 1,
    name: 'epoch and hour keys',
    up: (db) =>
      db.exec(`
        CREATE TABLE epoch (
          one INTEGER PRIMARY KEY CHECK (one = 1),
          number INTEGER NOT NULL CHECK (number > 0),
          secret_hash BLOB NOT NULL CHECK (length(secret_hash) = 32),
          kek_check BLOB NOT NULL CHECK (length(kek_check) = 32),
          created_us INTEGER NOT NULL
        ) STRICT;
        CREATE TABLE hour_key (
          camera TEXT NOT NULL,
          day TEXT NOT NULL,
          hour INTEGER NOT NULL CHECK (hour BETWEEN 0 AND 24),
          wrapped BLOB NOT NULL CHECK (length(wrapped) = 60),
          epoch INTEGER NOT NULL CHECK (epoch > 0),
          created_us INTEGER NOT NULL,
          PRIMARY KEY (camera, day, hour)
        ) STRICT, WITHOUT ROWID;`),
  },
];

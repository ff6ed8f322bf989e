import type { Migration } from '../migrate.ts';

/**
 * site.db, version by version. A released step is never edited: it is history. The comments inside the
 * statements stay in the file, for whoever meets the database without the program.
 */
export const SITE_MIGRATIONS: readonly Migration[] = [
  { version: 1, name: 'ledger', up: (db) => db.exec(VERSION_1) },
  { version: 2, name: 'evidence', up: (db) => db.exec(VERSION_2) },
  { version: 3, name: 'alarms', up: (db) => db.exec(VERSION_3) },
  { version: 4, name: 'tasks and handed-out items', up: (db) => db.exec(VERSION_4) },
  { version: 5, name: 'personal texts by key', up: (db) => db.exec(VERSION_5) },
  { version: 6, name: 'people', up: (db) => db.exec(VERSION_6) },
  { version: 7, name: 'grants and viewings', up: (db) => db.exec(VERSION_7) },
  { version: 8, name: 'alarms by their end', up: (db) => db.exec(VERSION_8) },
  { version: 9, name: 'rows of the registers', up: (db) => db.exec(VERSION_9) },
  { version: 10, name: 'views of cameras', up: (db) => db.exec(VERSION_10) },
  { version: 11, name: 'the language of an account', up: (db) => db.exec(VERSION_11) },
];

const VERSION_1 = `
create table ledger_log (
  -- The one log of this site. All instants: µs since 1970-01-01 UTC.
  one integer primary key check (one = 1),
  site text not null check (length(site) between 1 and 32),
  origin text not null check (length(origin) between 1 and 200), -- first line of every checkpoint
  public_key blob not null check (length(public_key) = 32), -- Ed25519
  sealed_seed blob not null check (length(sealed_seed) = 60), -- nonce, seed under the root key, tag
  begun_us integer not null check (begun_us > 0)
) strict;

create table ledger_entry (
  -- Append-only. body is canonical JSON (RFC 8785) and is what the tree is over; the rest repeats it for look-ups.
  seq integer primary key check (seq >= 0), -- 0, 1, 2 … without holes: the leaf's index in the tree
  event text not null,
  spooled text unique, -- name of the spool file it came from: recognised when it comes again
  body text not null check (length(body) between 2 and 262144)
) strict;
create index ledger_entry_by_event on ledger_entry (event, seq);

create table ledger_hash (
  -- RFC 6962: hash of the whole subtree over entries number·2^level … (number+1)·2^level − 1. Level 0: leaves.
  level integer not null check (level between 0 and 62),
  number integer not null check (number >= 0),
  hash blob not null check (length(hash) = 32),
  primary key (level, number)
) strict, without rowid;

-- Against mistakes, not against whoever owns the machine: for those there are the checkpoints elsewhere.
create trigger ledger_entry_stays before update on ledger_entry
  begin select raise(abort, 'ledger entries are never changed'); end;
create trigger ledger_entry_remains before delete on ledger_entry
  begin select raise(abort, 'ledger entries are never deleted'); end;
create trigger ledger_hash_stays before update on ledger_hash
  begin select raise(abort, 'ledger hashes are never changed'); end;
create trigger ledger_hash_remains before delete on ledger_hash
  begin select raise(abort, 'ledger hashes are never deleted'); end;

create table ledger_personal (
  -- Personal fields of entries. The entry has only the salted hash, so that a row, or the key it is sealed under,
  -- can be erased in its time without breaking a proof. sealed: salt and text, under the key of that name.
  seq integer not null references ledger_entry (seq),
  field text not null check (length(field) between 1 and 32),
  key text not null check (length(key) between 1 and 200),
  sealed blob not null,
  primary key (seq, field)
) strict, without rowid;

create table ledger_checkpoint (
  size integer primary key check (size > 0),
  note text not null, -- C2SP signed note; cosignatures of witnesses are added to it
  made_us integer not null check (made_us > 0)
) strict;
`;

const VERSION_2 = `
create table evidence_hour (
  -- The leaves behind an entry evidence.hour: needed to prove one segment, of no use once the footage is erased.
  camera text not null check (length(camera) between 1 and 32),
  day text not null check (length(day) = 10),
  hour integer not null check (hour between 0 and 24),
  part integer not null check (part >= 0),
  seq integer not null references ledger_entry (seq),
  leaves blob not null, -- 48 bytes each: id of the segment (16 ASCII characters), hash of its evidence leaf
  primary key (camera, day, hour, part)
) strict, without rowid;
`;

const VERSION_3 = `
create table alarm (
  -- The alarm book: one row from an alarm's first raising to its end, written together with the entry that tells it.
  id text primary key check (length(id) = 16),
  process text not null check (length(process) between 1 and 32), -- who raised it
  alarm text not null check (length(alarm) between 1 and 64),
  subject text not null check (length(subject) <= 64), -- a camera, a stream, a duty; empty: the site
  since_us integer not null check (since_us > 0),
  raised_us integer not null, -- the last time that it began
  count integer not null default 1 check (count > 0), -- how often: what comes back within ten minutes is the same
  ended_us integer, -- null: it stands
  facts text not null check (length(facts) between 2 and 4096), -- JSON object, for its sentence
  taken_seq integer references ledger_entry (seq), -- the entry of whoever has taken it on; names are sealed beside it
  acknowledged_seq integer references ledger_entry (seq), -- the entry of whoever took note
  acknowledged_us integer
) strict, without rowid;
create index alarm_by_name on alarm (process, alarm, subject, since_us);
create index alarm_standing on alarm (process) where ended_us is null;

create table alarm_told (
  -- What was sent of an alarm by each way (mail, webhook). Everything else is still to be sent: nothing is queued.
  alarm_id text not null references alarm (id),
  channel text not null check (length(channel) between 1 and 32),
  told_us integer not null, -- first
  last_us integer not null, -- again
  end_us integer, -- that it is over
  primary key (alarm_id, channel)
) strict, without rowid;

create table alarm_mark (
  -- When something was last done about telling.
  name text primary key check (length(name) between 1 and 64),
  at_us integer not null check (at_us > 0)
) strict, without rowid;
`;

const VERSION_4 = `
create table task (
  -- What waits for a person, month by month: 파기 확인. Written together with its entries.
  id text primary key check (length(id) between 9 and 40),
  kind text not null check (length(kind) between 1 and 32),
  month text not null check (length(month) = 7), -- YYYY-MM of the site
  opened_us integer not null check (opened_us > 0),
  due_us integer not null check (due_us > opened_us),
  done_us integer, -- null: it waits
  done_seq integer references ledger_entry (seq),
  faulted_us integer, -- when somebody last found it not in order
  unique (kind, month)
) strict, without rowid;

create table handed_out (
  -- Printouts, discs and sticks that left the house, numbered without gaps within a year. What each is, to whom it
  -- went and who did it is sealed beside the entries that the numbers here lead to.
  number text primary key check (length(number) between 9 and 11), -- YYYY-NNNN
  year integer not null check (year between 2000 and 9999),
  ordinal integer not null check (ordinal > 0),
  kind text not null check (kind in ('print', 'disc', 'usb')),
  hold text check (length(hold) between 1 and 64),
  due_day text check (length(due_day) = 10), -- local days
  handed_day text not null check (length(handed_day) = 10),
  seq integer not null references ledger_entry (seq),
  returned_day text check (length(returned_day) = 10),
  destroyed_day text check (length(destroyed_day) = 10),
  method text check (method in ('shred', 'burn', 'wipe')),
  last_seq integer not null references ledger_entry (seq),
  unique (year, ordinal),
  check ((destroyed_day is null) = (method is null))
) strict, without rowid;
`;

const VERSION_5 = `
-- Erasing goes key by key.
create index ledger_personal_by_key on ledger_personal (key);
`;

const VERSION_6 = `
create table account (
  -- Whoever may sign in. Its id stands in the ledger as person:ID. Rows stay when an account is closed, without what
  -- names anybody: who it was tells the ledger for as long as the law asks.
  id text primary key check (length(id) = 16),
  login text unique check (length(login) between 2 and 32), -- null: closed
  name blob, -- nonce, display name, tag; sealed under the root key; null: closed
  role text not null check (length(role) between 1 and 32),
  kind text not null check (kind in ('staff', 'trustee')),
  state text not null check (state in ('active', 'suspended', 'closed')),
  suspended_for text check (length(suspended_for) between 1 and 32), -- the ledger's word
  contract_until_us integer, -- from then on it suspends itself
  training_until_us integer,
  created_us integer not null check (created_us > 0),
  used_us integer, -- last signing in
  restored_us integer, -- from then on its days without use are counted anew
  password text check (length(password) <= 200), -- Argon2id in PHC form, keyed under the root key; null: none yet
  password_until_us integer, -- one that was handed out; null: the person's own
  must_change integer not null check (must_change in (0, 1)),
  factor_failures integer not null default 0, -- in a row, behind a right password
  check ((state = 'closed') = (login is null)),
  check ((state = 'suspended') = (suspended_for is not null))
) strict, without rowid;

create table factor (
  -- Second factors. secret: sealed under the root key and bound to the row (TOTP secret, public key of a passkey), or
  -- the keyed hash of a recovery code.
  id text primary key check (length(id) between 16 and 64),
  account text not null references account (id),
  kind text not null check (kind in ('totp', 'webauthn', 'recovery')),
  credential text unique check (length(credential) <= 1400), -- id of a passkey, base64url
  secret blob not null,
  counter integer not null default 0, -- last time step of a TOTP; signature counter of a passkey
  confirmed integer not null check (confirmed in (0, 1)), -- 0: begun, not shown to work yet
  created_us integer not null check (created_us > 0),
  used_us integer
) strict, without rowid;
create index factor_by_account on factor (account);

create table session (
  -- Who is signed in. A row that is gone is a session that is over; the ledger tells when and why it ended.
  id text primary key check (length(id) = 16),
  token blob not null unique check (length(token) = 32), -- SHA-256 of 32 random bytes that only the browser has
  account text not null references account (id),
  created_us integer not null,
  used_us integer not null,
  ends_us integer not null check (ends_us > created_us),
  proven_us integer not null,
  factor text check (factor in ('totp', 'webauthn', 'recovery')),
  address text not null check (length(address) between 1 and 64),
  outside integer not null check (outside in (0, 1))
) strict, without rowid;
create index session_by_account on session (account);

create table ceremony (
  -- What one request begins and another one ends, once: a sign-in that waits for its factor, a passkey's challenge.
  token blob primary key check (length(token) = 32), -- SHA-256 of what the browser has
  kind text not null check (length(kind) between 1 and 32),
  account text not null references account (id),
  data text not null check (length(data) <= 4096), -- JSON object
  tries integer not null default 0,
  ends_us integer not null
) strict, without rowid;
create index ceremony_by_account on ceremony (account);

create table sign_in_failure (
  -- Failures in a row, by keyed hashes: of a login (known or not) and the address, of a login alone, of an address.
  key blob primary key check (length(key) = 32),
  count integer not null check (count > 0),
  last_us integer not null,
  shut_until_us integer not null
) strict, without rowid;
create index sign_in_failure_by_time on sign_in_failure (last_us);

create table known_device (
  -- From where an account has signed in: a browser that keeps a token of ours, or an address. Keyed hashes.
  key blob primary key check (length(key) = 32),
  account text not null references account (id),
  used_us integer not null
) strict, without rowid;
create index known_device_by_account on known_device (account);

create table first_code (
  -- For the first administrator alone, and only while there is none.
  one integer primary key check (one = 1),
  hash blob not null check (length(hash) = 32), -- keyed
  ends_us integer not null,
  tries integer not null default 0
) strict;

create table access_right (
  -- 접근권한: asked for, approved by another person, changed, taken away.
  id text primary key check (length(id) = 16),
  account text not null references account (id),
  state text not null check (state in ('requested', 'granted', 'refused', 'revoked')),
  terms text not null check (length(terms) between 2 and 16384), -- JSON object: cameras, actions, lookBackHours, term
  proposal text check (length(proposal) between 2 and 16384), -- a change that waits: terms, who asked, when
  requested_by text not null check (length(requested_by) between 1 and 64),
  approved_by text check (length(approved_by) between 1 and 64),
  requested_us integer not null,
  decided_us integer
) strict, without rowid;
create index access_right_by_account on access_right (account);
`;

const VERSION_7 = `
create table viewing_grant (
  -- Who may see what, why and until when (열람 승인). The reason is sealed beside the entry of seq. Instants: µs UTC.
  id text primary key check (length(id) = 16),
  account text not null check (length(account) between 1 and 64),
  kind text not null check (kind in ('recorded', 'live')),
  state text not null check (state in ('requested', 'made', 'refused', 'revoked')),
  basis text check (basis in ('right', 'approval', 'breakglass')), -- null until it is made
  purpose text not null check (length(purpose) between 1 and 32),
  cameras text not null check (length(cameras) between 4 and 9000), -- JSON array of ids
  from_us integer, -- the footage's own time; null for live pictures
  to_us integer,
  asked_us integer not null check (asked_us > 0),
  made_us integer,
  until_us integer,
  approved_by text check (approved_by <> account), -- null where nobody had to approve
  reviewed_us integer, -- basis breakglass: when somebody else has looked at it
  seq integer not null references ledger_entry (seq),
  check ((kind = 'live') = (from_us is null) and (from_us is null) = (to_us is null)),
  check ((basis is null) = (made_us is null) and (basis is null) = (until_us is null)),
  check ((basis = 'approval') = (approved_by is not null) or basis is null)
) strict, without rowid;
create index viewing_grant_by_account on viewing_grant (account, id);
create index viewing_grant_unreviewed on viewing_grant (id) where basis = 'breakglass' and reviewed_us is null;

create table viewing (
  -- One look at footage, from its opening to its outcome (열람기록); what was handed out stands in the ledger.
  id text primary key check (length(id) = 16),
  grant_id text not null references viewing_grant (id),
  account text not null check (length(account) between 1 and 64),
  kind text not null check (kind in ('recorded', 'live', 'shift')),
  opened_us integer not null check (opened_us > 0),
  closed_us integer, -- null: it is open
  outcome text,
  unentered text not null default '[]', -- JSON: handed out in the last seconds; entered with the next entry
  check ((closed_us is null) = (outcome is null))
) strict, without rowid;
create index viewing_by_account on viewing (account, id);
create index viewing_open on viewing (id) where closed_us is null;
`;

/** Some databases of version 3 have it already. */
const VERSION_8 = `
create index if not exists alarm_by_end on alarm (ended_us);
`;

const VERSION_9 = `
-- Where the rows of the registers are (관리대장, 열람기록, …), so that a page of one is found without reading what lies
-- before it. All of it is made out of the entries, by which it can be made again; nothing here proves anything.
create table register_row (
  register text not null check (length(register) between 1 and 32),
  seq integer not null references ledger_entry (seq), -- the entry that the row begins with
  number integer not null check (number > 0), -- 번호: 1, 2, 3 … without holes
  at_us integer not null, -- when it happened, µs UTC
  late integer not null check (late in (0, 1)), -- entered more than a minute after it
  person text, -- id of an account
  kind text not null, -- an event, or a kind within it
  outcome text,
  bytes integer not null default 0, -- of a viewing: what was handed out
  primary key (register, seq)
) strict, without rowid;
create index register_row_by_person on register_row (register, person, seq);
create index register_row_by_kind on register_row (register, kind, seq);
create index register_row_by_outcome on register_row (register, outcome, seq);
create index register_row_late on register_row (register, at_us) where late = 1;

create table register_camera (
  -- Whose footage a row is about.
  register text not null,
  camera text not null check (length(camera) between 1 and 32),
  seq integer not null,
  primary key (register, camera, seq)
) strict, without rowid;

create table register_more (
  -- Other entries that say something of a row: its end, its correction, why it was asked for.
  register text not null,
  seq integer not null references ledger_entry (seq),
  row_seq integer not null,
  primary key (register, seq, row_seq)
) strict, without rowid;
create index register_more_by_row on register_more (register, row_seq, seq);

create table register_name (
  -- What later entries call a row, or an entry that a row will need: a viewing, a grant.
  register text not null,
  name text not null check (length(name) between 1 and 80),
  seq integer not null,
  primary key (register, name)
) strict, without rowid;

create table register_read (
  one integer primary key check (one = 1),
  entries integer not null check (entries >= 0) -- so many of the ledger's first entries are in here
) strict;
insert into register_read (one, entries) values (1, 0);
`;

const VERSION_10 = `
create table view_standing (
  -- How each camera's view stands against its reference. No picture is here: of the reference only where it lies in
  -- recorded footage, so that it is gone with the keys of its day.
  camera text primary key check (length(camera) between 1 and 32),
  reference_us integer check (reference_us > 0), -- µs UTC; null: none yet
  reference_stream text check (reference_stream in ('main', 'sub')),
  reference_day text check (length(reference_day) = 10), -- local day of the site
  doubts integer not null check (doubts >= 0), -- looks in a row that found another view
  last_us integer not null check (last_us > 0), -- when the picture was taken that was looked at last
  last_stream text not null check (last_stream in ('main', 'sub')),
  last_state text not null check (last_state in ('same', 'changed', 'covered'))
) strict, without rowid;

create table view_score (
  -- The last look of a day: a number, and what was made of it.
  camera text not null check (length(camera) between 1 and 32),
  day text not null check (length(day) = 10), -- local day of the site
  at_us integer not null check (at_us > 0),
  agreement real check (agreement between 0 and 1.000001), -- null: there was nothing to compare with
  state text not null check (state in ('same', 'changed', 'covered')),
  primary key (camera, day)
) strict, without rowid;
`;

const VERSION_11 = `
-- In which language its person reads; null: as the browser wishes.
alter table account add column language text check (language in ('ko', 'en'));
`;

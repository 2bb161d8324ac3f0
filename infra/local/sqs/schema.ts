/**
 * Tables of the queues. Times are milliseconds. A message is in flight when it has a receipt and `visible_at` is to
 * come, delayed when it has none; both therefore survive a killed process and come back at their time.
 */
export const SQS_SCHEMA = `
  CREATE TABLE IF NOT EXISTS queues (
    name        TEXT PRIMARY KEY,
    arn         TEXT NOT NULL,
    created_at  INTEGER NOT NULL,
    modified_at INTEGER NOT NULL,
    settings    TEXT NOT NULL,
    tags        TEXT NOT NULL
  ) STRICT;

  CREATE TABLE IF NOT EXISTS messages (
    number            INTEGER PRIMARY KEY AUTOINCREMENT,
    queue             TEXT NOT NULL,
    message_id        TEXT NOT NULL,
    body              TEXT NOT NULL,
    attributes        TEXT NOT NULL,
    trace_header      TEXT,
    group_id          TEXT,
    deduplication_id  TEXT,
    sent_at           INTEGER NOT NULL,
    visible_at        INTEGER NOT NULL,
    first_received_at INTEGER,
    receive_count     INTEGER NOT NULL DEFAULT 0,
    moved_at_count    INTEGER NOT NULL DEFAULT 0,
    receipt           TEXT,
    source_arn        TEXT
  ) STRICT;
  CREATE INDEX IF NOT EXISTS messages_visible ON messages (queue, visible_at, number);
  CREATE INDEX IF NOT EXISTS messages_sent ON messages (queue, sent_at);
  CREATE INDEX IF NOT EXISTS messages_order ON messages (queue, number);
  CREATE INDEX IF NOT EXISTS messages_group ON messages (queue, group_id, visible_at) WHERE group_id IS NOT NULL;

  CREATE TABLE IF NOT EXISTS deduplications (
    queue            TEXT NOT NULL,
    deduplication_id TEXT NOT NULL,
    message_id       TEXT NOT NULL,
    number           INTEGER NOT NULL,
    sent_at          INTEGER NOT NULL,
    PRIMARY KEY (queue, deduplication_id)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS deduplications_sent ON deduplications (queue, sent_at);

  CREATE TABLE IF NOT EXISTS move_tasks (
    number          INTEGER PRIMARY KEY AUTOINCREMENT,
    source_arn      TEXT NOT NULL,
    destination_arn TEXT,
    started_at      INTEGER NOT NULL,
    moved           INTEGER NOT NULL,
    to_move         INTEGER NOT NULL
  ) STRICT;
`;

/**
 * Tables of the object store. The bytes are files; a row makes them visible. Times are milliseconds. The notifications
 * of a change commit with it and stay until they are delivered.
 */
export const S3_SCHEMA = `
  CREATE TABLE IF NOT EXISTS buckets (
    name       TEXT PRIMARY KEY,
    created_at INTEGER NOT NULL
  ) STRICT;

  CREATE TABLE IF NOT EXISTS objects (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    bucket      TEXT NOT NULL,
    key         TEXT NOT NULL,
    size        INTEGER NOT NULL,
    etag        TEXT NOT NULL,
    modified_at INTEGER NOT NULL,
    metadata    TEXT NOT NULL,
    checksum    TEXT,
    upload_id   TEXT,
    UNIQUE (bucket, key)
  ) STRICT;

  CREATE TABLE IF NOT EXISTS segments (
    object_id INTEGER NOT NULL,
    position  INTEGER NOT NULL,
    blob      TEXT NOT NULL,
    size      INTEGER NOT NULL,
    PRIMARY KEY (object_id, position)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE IF NOT EXISTS uploads (
    id         TEXT PRIMARY KEY,
    bucket     TEXT NOT NULL,
    key        TEXT NOT NULL,
    metadata   TEXT NOT NULL,
    algorithm  TEXT,
    started_at INTEGER NOT NULL
  ) STRICT;

  CREATE TABLE IF NOT EXISTS parts (
    upload_id   TEXT NOT NULL,
    number      INTEGER NOT NULL,
    blob        TEXT NOT NULL,
    size        INTEGER NOT NULL,
    etag        TEXT NOT NULL,
    checksum    TEXT,
    modified_at INTEGER NOT NULL,
    PRIMARY KEY (upload_id, number)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE IF NOT EXISTS notifications (
    number     INTEGER PRIMARY KEY AUTOINCREMENT,
    target_arn TEXT NOT NULL,
    event      TEXT NOT NULL
  ) STRICT;

  CREATE TABLE IF NOT EXISTS changes (
    only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
    count    INTEGER NOT NULL
  ) STRICT;
  INSERT OR IGNORE INTO changes (only_row, count) VALUES (1, 0);
`;

/** Measured best size of one JSON_TABLE document: larger ones hold locks longer and win nothing. */
const CHUNK_BYTES = 512 * 1024;
/** The Data API takes 4 MiB a request, so one row must stay far below. */
const ROW_LIMIT_BYTES = 1024 * 1024;

/** The rows as JSON arrays of at most 512 KB each, for `JSON_TABLE(:rows, '$[*]' COLUMNS (... PATH '$[0]' ...))`. */
export function* jsonChunks(rows: Iterable<readonly unknown[]>, chunkBytes = CHUNK_BYTES): Generator<string> {
  const all = [...rows];
  if (all.length === 0) return;
  // Rows are much alike: as many at once as the first one lets expect, and fewer where that was too many.
  const first = Buffer.byteLength(JSON.stringify(all[0])) + 1;
  const atOnce = Math.max(1, Math.floor((chunkBytes * 0.9) / first));
  for (let at = 0; at < all.length; at += atOnce) yield* cut(all.slice(at, at + atOnce), chunkBytes);
}

/** The text of all rows at once: row by row it takes twice as long. */
function* cut(rows: readonly (readonly unknown[])[], chunkBytes: number): Generator<string> {
  const text = JSON.stringify(rows);
  const size = Buffer.byteLength(text);
  if (rows.length === 1 && size > ROW_LIMIT_BYTES)
    throw new RangeError(`a row of ${size} bytes is too large to write`);
  if (rows.length === 1 || size <= chunkBytes) {
    yield text;
    return;
  }
  const half = Math.ceil(rows.length / 2);
  yield* cut(rows.slice(0, half), chunkBytes);
  yield* cut(rows.slice(half), chunkBytes);
}

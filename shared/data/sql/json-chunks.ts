/** Measured best size of one JSON_TABLE document: larger ones hold locks longer and win nothing. */
const CHUNK_BYTES = 512 * 1024;
/** The Data API takes 4 MiB a request, so one row must stay far below. */
const ROW_LIMIT_BYTES = 1024 * 1024;

/** The rows as JSON arrays of about 512 KB each, for `JSON_TABLE(:rows, '$[*]' COLUMNS (... PATH '$[0]' ...))`. */
export function* jsonChunks(rows: Iterable<readonly unknown[]>, chunkBytes = CHUNK_BYTES): Generator<string> {
  let parts: string[] = [];
  let bytes = 2;
  for (const row of rows) {
    const text = JSON.stringify(row);
    const size = Buffer.byteLength(text) + 1;
    if (size > ROW_LIMIT_BYTES) throw new RangeError(`a row of ${size} bytes is too large to write`);
    if (parts.length > 0 && bytes + size > chunkBytes) {
      yield `[${parts.join(',')}]`;
      parts = [];
      bytes = 2;
    }
    parts.push(text);
    bytes += size;
  }
  if (parts.length > 0) yield `[${parts.join(',')}]`;
}

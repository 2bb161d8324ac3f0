/** `YYYY-MM-DD HH:MM:SS.mmm` in UTC, as DATETIME(3) columns hold it, of a moment or its ISO 8601 text. */
export function toSqlTime(time: Date | string): string {
  return new Date(time).toISOString().replace('T', ' ').slice(0, 23);
}

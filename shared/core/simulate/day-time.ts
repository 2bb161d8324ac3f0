const pad = (value: number): string => String(value).padStart(2, '0');

/** A time of a day as the ledger writes it, to the second: `timeAt('2024-01-31', 8.5)` is `2024-01-31 08:30:00.000`. */
export function timeAt(date: string, hour: number): string {
  const seconds = Math.floor(hour * 3600);
  if (!(seconds >= 0 && seconds < 86_400)) throw new RangeError(`hour ${hour}`);
  return `${date} ${pad(Math.floor(seconds / 3600))}:${pad(Math.floor(seconds / 60) % 60)}:${pad(seconds % 60)}.000`;
}

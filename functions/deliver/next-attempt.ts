const MINUTE = 60;
const HOUR = 60 * MINUTE;

/** Seconds from each failed attempt to the next: about a day in all. */
export const WAITS_SECONDS: readonly number[] = [
  10,
  MINUTE,
  5 * MINUTE,
  15 * MINUTE,
  30 * MINUTE,
  HOUR,
  2 * HOUR,
  4 * HOUR,
  8 * HOUR,
  8 * HOUR,
];

/** When to try again after so many failures; null when it is over. `chance` in [0, 1) spreads it by a fifth each way. */
export function nextAttempt(failures: number, now: Date, chance: number): Date | null {
  const wait = WAITS_SECONDS[failures - 1];
  if (wait === undefined) return null;
  return new Date(now.getTime() + wait * 1000 * (0.8 + 0.4 * chance));
}

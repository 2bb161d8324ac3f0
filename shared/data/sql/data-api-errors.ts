/** What a failed Data API call means for trying again. */

const nameOf = (error: unknown): string => (error instanceof Error ? error.name : '');

/** The cluster was paused; nothing ran. */
export const isResuming = (error: unknown): boolean => nameOf(error) === 'DatabaseResumingException';

/** The call was turned away before it ran: trying again is always safe. */
export const asksForRetry = (error: unknown): boolean =>
  isResuming(error) || /^(Throttling|ThrottlingException|TooManyRequestsException)$/.test(nameOf(error));

const TRANSIENT = new Set([
  'DatabaseUnavailableException',
  'ServiceUnavailableError',
  'InternalServerErrorException',
  'TimeoutError',
  'ECONNRESET',
  'ECONNREFUSED',
]);

/** The call may or may not have run: only what changes nothing, or was rolled back, may be tried again. */
export function isTransient(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return TRANSIENT.has(nameOf(error)) || TRANSIENT.has(code);
}

/** The transaction has ended without its commit: its connection was lost, or it was left alone for too long. */
export const isTransactionLost = (error: unknown): boolean =>
  nameOf(error) === 'TransactionNotFoundException';

/** MySQL's error number, which the Data API hands over only inside the message. */
export function databaseErrorNumber(error: unknown): number | undefined {
  const match = error instanceof Error ? /Error code: (\d+); SQLState: /.exec(error.message) : null;
  return match ? Number(match[1]) : undefined;
}

const DEADLOCK = 1213;
const LOCK_WAIT_TIMEOUT = 1205;
/** What a deadlock is called that is met while a table hands out its next AUTO_INCREMENT number. */
const AUTO_INCREMENT_LOCK = 1467;
const LOCK_CONFLICTS: readonly (number | undefined)[] = [DEADLOCK, LOCK_WAIT_TIMEOUT, AUTO_INCREMENT_LOCK];

/** Another transaction held the rows; this one was rolled back or must be. */
export function isLockConflict(error: unknown): boolean {
  return LOCK_CONFLICTS.includes(databaseErrorNumber(error));
}

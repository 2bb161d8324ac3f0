import type { Queue } from '../../shared/aws/queue.ts';
import type { AuditRequested } from '../../shared/contracts/messages.ts';
import {
  AUDIT_STEPS,
  type AuditProgress,
  type AuditStep,
  beginAudit,
  endOfRange,
  findAuditProgress,
  forgetOldAudits,
  moveAuditOn,
  openAudit,
} from '../../shared/data/audit/audit-store.ts';
import { checkPromises, type Finding } from '../../shared/data/ledger/invariants.ts';
import { expireAllReservations } from '../../shared/data/ledger/reservation-store.ts';
import { forgetStockChanges } from '../../shared/data/ledger/stock-feed-store.ts';
import { orderDay } from '../../shared/data/planning/business-day.ts';
import { checkPurchaseOrders } from '../../shared/data/purchasing/purchase-alert-store.ts';
import type { Database, Statements } from '../../shared/data/sql/database.ts';
import type { Delivery } from '../../shared/runtime/queue-handler.ts';
import { checkSeals } from './check-seals.ts';
import { closeAudit } from './close-audit.ts';
import { expireLots } from './expire-lots.ts';

/** Movements, or orders, of one range: its queries take a second or two, far less than a statement may. */
const RANGE_ROWS = 100_000;
/** With less time than this left, no further range is begun: another message goes on. */
const RESERVE_MS = 60_000;
/** Age of rows that are sealed: no transaction of ours lives that long. */
const SEAL_AGE_MINUTES = 60;

export interface AuditNeeds {
  readonly database: Database;
  readonly auditQueue: Queue;
  /** Default 100,000. */
  readonly rangeRows?: number;
  /** Default 60. */
  readonly sealAgeMinutes?: number;
  /** Default: the clock. */
  now?(): Date;
}

type AuditDelivery = Pick<Delivery, 'messageId' | 'remainingMs'> & {
  readonly logger: Pick<Delivery['logger'], 'info'>;
};

/**
 * Checks range by range whether the data keep their promises, each range in one picture of the database that no writer
 * waits for; then that what was sealed is as it was, and seals what has come since. What is broken raises an alert and is
 * announced, never repaired. A range counts once, however often its message is delivered. The audit of the night first ends
 * reservations whose time is over, tells of goods past their last day, and forgets what the feed of stock is too old for.
 */
export async function auditData(
  needs: AuditNeeds,
  message: AuditRequested,
  { messageId, remainingMs, logger }: AuditDelivery,
): Promise<void> {
  const { database } = needs;
  const auditId = message.auditId ?? messageId;
  // the job of the night: whoever asks for a report by day wants nothing changed
  if (message.cause === 'schedule' && message.auditId === undefined) {
    logger.info('reservations expired', { auditId, reservations: await expireAllReservations(database) });
    logger.info('lots past their day', {
      auditId,
      ...(await expireLots(database, needs.now?.() ?? new Date(), remainingMs)),
    });
    // a night without a new plan has late orders too
    logger.info('late orders', { auditId, ...(await lookAtOrders(database, needs.now?.() ?? new Date())) });
    logger.info('old changes of stock forgotten', { auditId, rounds: await forgetStockChanges(database) });
  }
  await openAudit(database, { auditId, cause: message.cause, askedBy: message.askedBy ?? null });
  await beginAudit(database, auditId);
  for (let ranges = 0; ; ranges++) {
    const progress = await findAuditProgress(database, auditId);
    if (!progress || progress.status === 'done') return;
    if (progress.step === 'done') break;
    if (ranges > 0 && remainingMs() < RESERVE_MS) {
      await needs.auditQueue.send([{ ...message, auditId } satisfies AuditRequested]);
      return logger.info('audit goes on', { auditId, ranges, step: progress.step });
    }
    const isMoved = await database.transaction((tx) => checkRange(needs, tx, auditId, progress));
    if (!isMoved) return logger.info('audit is done elsewhere', { auditId, step: progress.step });
  }
  const broken = await database.transaction((tx) => closeAudit(tx, auditId));
  await forgetOldAudits(database);
  // the figure that the alarm looks at
  logger.info('audit done', { auditId, broken });
}

const lookAtOrders = (database: Database, now: Date) =>
  database.transaction(async (tx) =>
    checkPurchaseOrders(tx, { today: await orderDay(tx, now), hasPlanned: false }),
  );

/** Checks what comes next. The first read of the transaction is the picture that all of its checks see. */
async function checkRange(
  { rangeRows = RANGE_ROWS, sealAgeMinutes = SEAL_AGE_MINUTES }: AuditNeeds,
  tx: Statements,
  auditId: string,
  progress: AuditProgress,
): Promise<boolean> {
  const { step, afterKey } = progress;
  const moveOn = (findings: readonly Finding[], lastKey: string | undefined) =>
    moveAuditOn(
      tx,
      auditId,
      progress,
      lastKey === undefined ? { step: stepAfter(step), afterKey: '' } : { step, afterKey: lastKey },
      findings,
    );
  switch (step) {
    case 'products':
    case 'orders': {
      const upTo = await endOfRange(tx, step, afterKey, rangeRows);
      const after = afterKey === '' ? undefined : afterKey;
      return moveOn(await checkPromises(tx, step, { after, upTo }), upTo);
    }
    case 'whole':
      return moveOn(await checkPromises(tx, 'whole'), undefined);
    case 'ledger':
    case 'changes': {
      const { finding, lastKey } = await checkSeals(tx, step, afterKey, sealAgeMinutes);
      return moveOn([finding], lastKey);
    }
    case 'done':
      return true;
  }
}

const stepAfter = (step: AuditStep): AuditStep => AUDIT_STEPS[AUDIT_STEPS.indexOf(step) + 1] ?? 'done';

import { randomBytes } from 'node:crypto';
import type { PoolConnection } from 'mysql2';
import { DataApiError } from './data-api-error.ts';
import type { DataApiLimits } from './limits.ts';
import { restore } from './pools.ts';

/** An open transaction and the connection that is its own. */
export interface Transaction {
  readonly id: string;
  readonly connection: PoolConnection;
  readonly clusterArn: string;
  readonly secretArn: string;
  readonly database: string;
  busy: boolean;
}

/** The open transactions; one that is left alone is rolled back. */
export interface Transactions {
  add(transaction: Omit<Transaction, 'id' | 'busy'>): string;
  /** Marks the transaction as running a statement until `leave`. */
  enter(id: string, clusterArn: string): Transaction;
  leave(transaction: Transaction): void;
  /** Forgets it and gives its connection back, or throws that away when it is broken. */
  end(transaction: Transaction, isBroken: boolean): void;
  close(): void;
}

interface Entry {
  readonly transaction: Transaction;
  readonly idle: NodeJS.Timeout;
  readonly age: NodeJS.Timeout;
  readonly onLost: () => void;
}

/** Keeps transactions until they are ended, idle for too long or too old. */
export function openTransactions(limits: DataApiLimits): Transactions {
  const open = new Map<string, Entry>();

  function forget(id: string): void {
    const entry = open.get(id);
    if (!entry) return;
    clearTimeout(entry.idle);
    clearTimeout(entry.age);
    entry.transaction.connection.off('error', entry.onLost);
    open.delete(id);
  }

  function expire(id: string): void {
    const transaction = open.get(id)?.transaction;
    if (!transaction || transaction.busy) return;
    forget(id);
    // closing the connection rolls back whatever its state
    transaction.connection.destroy();
  }

  return {
    add(begun) {
      const transaction: Transaction = { ...begun, id: randomBytes(48).toString('base64'), busy: false };
      const { id } = transaction;
      const onLost = () => forget(id);
      transaction.connection.once('error', onLost);
      open.set(id, {
        onLost,
        transaction,
        idle: setTimeout(() => expire(id), limits.transactionIdleMs).unref(),
        age: setTimeout(() => expire(id), limits.transactionMs).unref(),
      });
      return id;
    },
    enter(id, clusterArn) {
      const transaction = open.get(id)?.transaction;
      if (transaction?.clusterArn !== clusterArn)
        throw new DataApiError('TransactionNotFoundException', `Transaction ${id} is not found`);
      if (transaction.busy)
        throw new DataApiError('DatabaseErrorException', 'Transaction is still running a query');
      transaction.busy = true;
      return transaction;
    },
    leave(transaction) {
      transaction.busy = false;
      open.get(transaction.id)?.idle.refresh();
    },
    end(transaction, isBroken) {
      forget(transaction.id);
      if (isBroken) transaction.connection.destroy();
      else restore(transaction.connection);
    },
    close() {
      for (const [id, { transaction }] of open) {
        forget(id);
        transaction.connection.destroy();
      }
    },
  };
}

import {
  BeginTransactionCommand,
  CommitTransactionCommand,
  ExecuteStatementCommand,
  type RDSDataClient,
  RollbackTransactionCommand,
} from '@aws-sdk/client-rds-data';
import { type BareDataApi, dataApiFault, type Transaction } from './bare-data-api.ts';

export type Operations = Pick<BareDataApi, 'begin' | 'execute' | 'end'>;

/** The SDK's client over operations of this process. */
export function clientOf(operations: Operations): RDSDataClient {
  const open = new Map<string, Transaction>();
  const known = (id: string | undefined): Transaction => {
    const transaction = open.get(id!);
    if (!transaction) throw dataApiFault('TransactionNotFoundException', 'Transaction is not found');
    return transaction;
  };
  const send = async (command: unknown): Promise<unknown> => {
    if (command instanceof BeginTransactionCommand) {
      const transaction = await operations.begin();
      open.set(transaction.id, transaction);
      return { transactionId: transaction.id };
    }
    if (command instanceof ExecuteStatementCommand) {
      const { transactionId } = command.input;
      return await operations.execute(
        command.input,
        transactionId === undefined ? undefined : known(transactionId),
      );
    }
    if (command instanceof CommitTransactionCommand || command instanceof RollbackTransactionCommand) {
      const transaction = known(command.input.transactionId);
      await operations.end(transaction, command instanceof CommitTransactionCommand ? 'COMMIT' : 'ROLLBACK');
      open.delete(transaction.id);
      return {};
    }
    throw new Error('an operation that this client does not know');
  };
  return { send } as unknown as RDSDataClient;
}

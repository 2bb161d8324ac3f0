import { Fault } from '../../../shared/contracts/fault.ts';
import { type Change, recordChange, type State } from '../../../shared/data/audit/change-log.ts';
import {
  type CatalogueTable,
  type Columns,
  deleteRow,
  insertRow,
  lockRow,
  updateRow,
} from '../../../shared/data/catalogue/catalogue-store.ts';
import type { Statements } from '../../../shared/data/sql/database.ts';
import { found } from '../http/found.ts';

/** A thing of the master data: where it lies, how it is read, and who changes it why. */
export interface Keeping<T> {
  readonly table: CatalogueTable;
  readonly subject: Change['subject'];
  readonly key: readonly string[];
  /** The thing in words, such as `supplier`. */
  readonly noun?: string;
  readonly actor: string;
  readonly reason?: string | undefined;
  readonly read: (tx: Statements) => Promise<T | undefined>;
  /** Refuses what the thing has become where its parts contradict each other. */
  readonly check?: (after: T) => void;
}

/** Makes a thing and keeps who did. Fault `conflict` when it is there already. */
export async function createThing<T>(tx: Statements, keeping: Keeping<T>, columns: Columns): Promise<T> {
  const { table, key, read } = keeping;
  if (!(await insertRow(tx, table, key, columns))) {
    throw new Fault('conflict', `There is a ${nounOf(keeping)} ${key.join(' of ')} already`);
  }
  const after = found(await read(tx), nounOf(keeping), key.join(' of '));
  keeping.check?.(after);
  await keep(tx, keeping, undefined, after);
  return after;
}

/** Changes what is given of a thing and keeps what it was before. Fault `missing` without it. */
export async function changeThing<T>(
  tx: Statements,
  keeping: Keeping<T>,
  columns: Columns,
  action?: Change['action'],
): Promise<T> {
  const { table, key, read } = keeping;
  // held before it is read: what is kept as the state before is what this change replaces
  await lockRow(tx, table, key);
  const before = found(await read(tx), nounOf(keeping), key.join(' of '));
  await updateRow(tx, table, key, columns);
  const after = (await read(tx))!;
  keeping.check?.(after);
  await keep(tx, keeping, before, after, action);
  return after;
}

/** Removes a thing and keeps what it was. Fault `missing` without it. */
export async function removeThing<T>(tx: Statements, keeping: Keeping<T>): Promise<T> {
  const { table, key, read } = keeping;
  await lockRow(tx, table, key);
  const before = found(await read(tx), nounOf(keeping), key.join(' of '));
  await deleteRow(tx, table, key);
  await keep(tx, keeping, before, undefined);
  return before;
}

function keep<T>(
  tx: Statements,
  { subject, key, actor, reason }: Keeping<T>,
  before: T | undefined,
  after: T | undefined,
  action?: Change['action'],
): Promise<void> {
  return recordChange(tx, {
    actor,
    subject,
    subjectId: key.join('|'),
    reason,
    before: before as State | undefined,
    after: after as State | undefined,
    ...(action && { action }),
  });
}

const nounOf = ({ noun, subject }: Pick<Keeping<unknown>, 'noun' | 'subject'>) => noun ?? subject;

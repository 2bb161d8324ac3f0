import * as z from 'zod';
import { type NewSignal, Signal, SignalValue, type SignalValues } from '../../contracts/api/signal.ts';
import { Fault } from '../../contracts/fault.ts';
import { type Page, type PageAsked, Total, timeColumn } from '../sql/columns.ts';
import type { Statements } from '../sql/database.ts';
import { jsonChunks } from '../sql/json-chunks.ts';

/** Names of signals, each of which is an input of the model of many series. */
export const MOST_NAMES = 10;

const Row = Signal.extend({ scope_key: z.string().transform((key) => key || null), created_at: timeColumn });

const SELECT_SIGNALS = `SELECT s.signal_id AS id, s.name, s.kind, s.scope, s.scope_key, s.future, s.created_at,
       (SELECT COUNT(*) FROM demand_signal_value v WHERE v.signal_id = s.signal_id) AS \`values\`,
       (SELECT MIN(v.day) FROM demand_signal_value v WHERE v.signal_id = s.signal_id) AS first_day,
       (SELECT MAX(v.day) FROM demand_signal_value v WHERE v.signal_id = s.signal_id) AS last_day
  FROM demand_signal s`;

/** Signals by name and scope. */
export async function listSignals(
  db: Statements,
  name: string | undefined,
  { skip, limit }: PageAsked,
): Promise<Page<Signal>> {
  const where = name === undefined ? '' : 'WHERE s.name = :name';
  const params = name === undefined ? {} : { name };
  const [count] = await db.select(Total, `SELECT COUNT(*) AS total FROM demand_signal s ${where}`, params);
  const data = await db.select(
    Row,
    `${SELECT_SIGNALS} ${where} ORDER BY s.name, s.scope, s.scope_key LIMIT :limit OFFSET :skip`,
    { ...params, skip, limit },
  );
  return { data, pagination: { skip, limit, total: count!.total } };
}

export async function findSignal(db: Statements, id: number): Promise<Signal | undefined> {
  const [found] = await db.select(Row, `${SELECT_SIGNALS} WHERE s.signal_id = :id`, { id });
  return found;
}

const Shape = Signal.pick({ kind: true, future: true });

/**
 * Makes a signal without values. Fault `conflict` when there is one of that name and scope, or the name stands for
 * another kind or future; `invalid` for a product or location that is not there.
 */
export async function createSignal(tx: Statements, signal: NewSignal, actor: string | null): Promise<number> {
  const { name, kind, scope, scope_key: key, future } = signal;
  // locking reads: of two that make the same name, or the last name, at once, one waits for what the other has made
  const [same] = await tx.select(
    Shape,
    `SELECT kind, future FROM demand_signal WHERE name = :name LIMIT 1 FOR UPDATE`,
    { name },
  );
  if (same && (same.kind !== kind || same.future !== future))
    throw new Fault('conflict', `Signals named ${name} are of kind ${same.kind}, future ${same.future}`);
  if (!same) {
    const [names] = await tx.select(
      Total,
      `SELECT COUNT(DISTINCT name) AS total FROM demand_signal FOR UPDATE`,
    );
    if (names!.total >= MOST_NAMES)
      throw new Fault('conflict', `There are ${MOST_NAMES} names of signals already, no more are used`);
  }
  await assertScope(tx, scope, key);
  const { updated, insertId } = await tx.write(
    `INSERT IGNORE INTO demand_signal (name, kind, scope, scope_key, future, created_by)
     VALUES (:name, :kind, :scope, :key, :future, :actor)`,
    { name, kind, scope, key: key ?? '', future, actor },
  );
  if (updated === 0 || insertId === undefined)
    throw new Fault('conflict', `There is a signal ${name} of ${scope} ${key ?? ''} already`);
  return insertId;
}

const Existing = Signal.pick({ id: true, kind: true, future: true });

/** The signal of that name and scope, made when it is not there. Faults as `createSignal`. */
export async function ensureSignal(tx: Statements, signal: NewSignal, actor: string | null): Promise<number> {
  const { name, scope, scope_key: key, kind, future } = signal;
  const [found] = await tx.select(
    Existing,
    `SELECT signal_id AS id, kind, future
       FROM demand_signal
      WHERE name = :name AND scope = :scope AND scope_key = :key`,
    { name, scope, key: key ?? '' },
  );
  if (!found) return createSignal(tx, signal, actor);
  if (found.kind !== kind || found.future !== future)
    throw new Fault('conflict', `Signals named ${name} are of kind ${found.kind}, future ${found.future}`);
  return found.id;
}

async function assertScope(tx: Statements, scope: NewSignal['scope'], key: string | null): Promise<void> {
  const table = { product: 'products', location: 'location', category: undefined, all: undefined }[scope];
  if (!table) return;
  const [count] = await tx.select(Total, `SELECT COUNT(*) AS total FROM ${table} WHERE ${scope}_id = :key`, {
    key,
  });
  if (count!.total === 0) throw new Fault('invalid', `There is no ${scope} ${key}`);
}

/** Removes a signal and its values; nothing else refers to it. False when it is not there. */
export async function deleteSignal(tx: Statements, id: number): Promise<boolean> {
  const { updated } = await tx.write(`DELETE FROM demand_signal WHERE signal_id = :id`, { id });
  return updated > 0;
}

/** Sets the values of days, takes those that are null away; the same again changes nothing. */
export async function saveSignalValues(
  tx: Statements,
  id: number,
  values: SignalValues['values'],
): Promise<void> {
  const last = [...new Map(values.map(({ day, value }) => [day, value]))];
  for (const rows of jsonChunks(last.filter(([, value]) => value !== null))) {
    await tx.write(
      `INSERT INTO demand_signal_value (signal_id, day, value)
       SELECT :id, j.day, j.value
         FROM JSON_TABLE(:rows, '$[*]' COLUMNS (day DATE PATH '$[0]', value DOUBLE PATH '$[1]')) AS j
           ON DUPLICATE KEY UPDATE value = j.value`,
      { id, rows },
    );
  }
  for (const rows of jsonChunks(last.filter(([, value]) => value === null))) {
    await tx.write(
      `DELETE v
         FROM demand_signal_value v
         JOIN JSON_TABLE(:rows, '$[*]' COLUMNS (day DATE PATH '$[0]')) AS j ON j.day = v.day
        WHERE v.signal_id = :id`,
      { id, rows },
    );
  }
}

/** Values of a signal by day. */
export async function listSignalValues(
  db: Statements,
  id: number,
  { skip, limit }: PageAsked,
): Promise<Page<SignalValue>> {
  const [count] = await db.select(
    Total,
    `SELECT COUNT(*) AS total FROM demand_signal_value WHERE signal_id = :id`,
    { id },
  );
  const data = await db.select(
    SignalValue,
    `SELECT day, value FROM demand_signal_value WHERE signal_id = :id ORDER BY day LIMIT :limit OFFSET :skip`,
    { id, skip, limit },
  );
  return { data, pagination: { skip, limit, total: count!.total } };
}

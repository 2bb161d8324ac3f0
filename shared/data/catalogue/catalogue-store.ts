import * as z from 'zod';
import type { Param, Statements } from '../sql/database.ts';
import { insertNew } from '../sql/insert-new.ts';

/** Tables of master data that people keep through the API, with the columns of their key. */
const KEYS = {
  products: ['product_id'],
  stock_rule: ['product_id', 'location_id'],
  supplier: ['supplier_id'],
  supplier_item: ['supplier_id', 'product_id'],
  seller: ['seller_id'],
  customer: ['customer_id'],
  location: ['location_id'],
  approval_limit: ['role', 'currency'],
  auto_restock_rule: ['rule_id'],
  setting: ['name'],
} as const;
export type CatalogueTable = keyof typeof KEYS;

/** Values by column; `undefined` leaves the column as it is. */
export type Columns = Readonly<Record<string, Param | undefined>>;

const given = (columns: Columns): [string, Param][] =>
  Object.entries(columns).filter((entry): entry is [string, Param] => entry[1] !== undefined);

const keyParams = (table: CatalogueTable, key: readonly string[]) =>
  Object.fromEntries(KEYS[table].map((_, i) => [`key${i}`, key[i]!]));
const isKey = (table: CatalogueTable) => KEYS[table].map((column, i) => `${column} = :key${i}`).join(' AND ');

const One = z.object({ one: z.int() });

/** Holds a row until the transaction ends, so that what is read of it next stays true; false without such a row. */
export async function lockRow(
  tx: Statements,
  table: CatalogueTable,
  key: readonly string[],
): Promise<boolean> {
  const rows = await tx.select(
    One,
    `SELECT 1 AS one FROM ${table} WHERE ${isKey(table)} FOR UPDATE`,
    keyParams(table, key),
  );
  return rows.length > 0;
}

/** Makes a row; false when its key is taken, after which the transaction should do no more. */
export async function insertRow(
  tx: Statements,
  table: CatalogueTable,
  key: readonly string[],
  columns: Columns,
): Promise<boolean> {
  const values = given(columns);
  const names = [...KEYS[table], ...values.map(([column]) => column)];
  const places = [
    ...KEYS[table].map((_, i) => `:key${i}`),
    // names of ours, so that no column meets the place of a key
    ...values.map(([column]) => `:${column}`),
  ];
  return await insertNew(tx, `INSERT INTO ${table} (${names.join(', ')}) VALUES (${places.join(', ')})`, {
    ...keyParams(table, key),
    ...Object.fromEntries(values),
  });
}

/** Changes the columns that are given. */
export async function updateRow(
  tx: Statements,
  table: CatalogueTable,
  key: readonly string[],
  columns: Columns,
): Promise<void> {
  const values = given(columns);
  if (values.length === 0) return;
  await tx.write(
    `UPDATE ${table} SET ${values.map(([column]) => `${column} = :${column}`).join(', ')} WHERE ${isKey(table)}`,
    { ...keyParams(table, key), ...Object.fromEntries(values) },
  );
}

/** Removes a row that nothing refers to. */
export async function deleteRow(
  tx: Statements,
  table: CatalogueTable,
  key: readonly string[],
): Promise<void> {
  await tx.write(`DELETE FROM ${table} WHERE ${isKey(table)}`, keyParams(table, key));
}

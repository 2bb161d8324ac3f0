import { NO_COST } from '../../shared/contracts/api/purchase-order.ts';
import { toDecimal } from '../../shared/contracts/csv/cells.ts';
import type { RowOf } from '../../shared/contracts/csv/csv-format.ts';
import type { purchaseOrders } from '../../shared/contracts/csv/purchase-orders.ts';
import type { LateReject } from '../../shared/data/imports/import-store.ts';
import {
  insertPurchases,
  keepRevisions,
  renewPurchases,
  savePurchaseLines,
  unitCosts,
} from '../../shared/data/imports/imported-purchase-store.ts';
import {
  type HeldPurchase,
  type HeldPurchaseLine,
  holdPurchases,
  isClosedByImport,
  linesOfPurchases,
  settlePurchases,
} from '../../shared/data/purchasing/purchase-line-store.ts';
import { existingSuppliers } from '../../shared/data/purchasing/supplier-store.ts';
import type { Statements } from '../../shared/data/sql/database.ts';
import type { Applied, ChunkSource, ValidRow } from './apply-chunk.ts';

type Row = RowOf<typeof purchaseOrders>;

/**
 * Brings purchase orders of another system to what a file says of them. What is open counts as on order; what changed
 * replaces what is not received yet; what ended expects nothing more. An ended line that nobody told of before changes
 * nothing. What a person closed here stays closed.
 */
export async function applyPurchaseOrders(
  tx: Statements,
  all: readonly ValidRow<Row>[],
  source: ChunkSource,
  defaultLocation: string,
): Promise<Applied> {
  const rejects: LateReject[] = [];
  const known: number[] = [];
  const refused = new Set<number>();
  const reject = (line: number, field: string, reason: string) => {
    rejects.push({ line, field, reason });
    refused.add(line);
  };
  const placeOf = (row: Row) => row.location_id ?? defaultLocation;
  const rows = all.filter(({ row, line }) => {
    const isPlace = source.locations.has(placeOf(row));
    if (!isPlace) reject(line, 'location_id', 'is no known location');
    return isPlace;
  });
  const costs = await costsOf(tx, rows);
  const orders = await holdOrMake(tx, rows, { source, costs, placeOf, reject });
  const held = await linesOfPurchases(
    tx,
    [...orders.values()].map((order) => order.id),
  );
  const before = new Map(held.map((line) => [keyOf(line.purchaseOrderId, line.productId), line]));
  const now = new Map(before);
  let [imported, unknown, costless] = [0, 0, 0];
  for (const { row, line } of rows) {
    if (refused.has(line)) continue;
    const order = orders.get(row.reference);
    const key = order && keyOf(order.id, row.product_id);
    const there = key === undefined ? undefined : now.get(key);
    // what an undo left says nothing any more but what came of it
    const was = there?.status === 'undone' ? undefined : there;
    if (was === undefined && row.status !== 'open') {
      unknown += 1;
      known.push(line);
      continue;
    }
    const fault = order && faultOf(row, order, placeOf(row));
    if (fault !== undefined) {
      reject(line, ...fault);
      continue;
    }
    const cost = row.unit_cost === null ? undefined : toDecimal(row.unit_cost);
    const unitCost = cost ?? (was ? was.unitCost : costs(row));
    if (order === undefined || unitCost === null) {
      reject(line, 'unit_cost', NO_COST);
      continue;
    }
    if (was === undefined && cost === undefined) costless += 1;
    const is: HeldPurchaseLine = {
      purchaseOrderId: order.id,
      productId: row.product_id,
      quantity: row.quantity,
      received: there?.received ?? 0,
      over: there?.over ?? 0,
      unitCost: unitCost ?? '0',
      importNo: source.importNo,
      ...was,
      ...(row.status === 'open' && {
        quantity: Math.max(row.quantity, there === undefined ? 0 : there.received - there.over),
        ...(cost !== undefined && { unitCost: cost }),
      }),
      expectedDate: (row.status === 'open' ? row.expected_date : null) ?? was?.expectedDate ?? null,
      status: row.status,
    };
    if (was !== undefined && isSame(order.isOurs ? { ...was, status: is.status } : was, is)) known.push(line);
    else if (order.isOurs)
      reject(line, 'reference', 'is an order of ours that says otherwise: change it there');
    else {
      imported += 1;
      now.set(key!, { ...is, importNo: source.importNo });
    }
  }
  const changed = [...now].filter(([key, line]) => line !== before.get(key));
  const replaced = changed.flatMap(([key]) => before.get(key) ?? []);
  await keepRevisions(
    tx,
    replaced.filter(
      (line) => line.importNo !== null && line.importNo !== source.importNo && line.status !== 'undone',
    ),
    source.importNo,
  );
  await savePurchaseLines(
    tx,
    changed.map(([, line]) => line),
  );
  await settlePurchases(
    tx,
    changed.map(([, line]) => line.purchaseOrderId),
    { actor: source.actor, reason: 'ended in the other system' },
  );
  return {
    rejects,
    known,
    counts: {
      imported,
      duplicates: known.length,
      excluded: 0,
      shortages: 0,
      kinds: {
        ...(unknown > 0 && { 'ended before it was known': unknown }),
        ...(costless > 0 && { 'unit_cost from the terms of supply': costless }),
      },
      firstDate: null,
      lastDate: null,
    },
  };
}

const keyOf = (purchaseOrderId: number, productId: string): string =>
  JSON.stringify([purchaseOrderId, productId]);

interface Making {
  readonly source: ChunkSource;
  readonly costs: CostOf;
  readonly placeOf: (row: Row) => string;
  readonly reject: (line: number, field: string, reason: string) => void;
}

/** Holds the orders of the rows; the first open row of one that is new and can be a line of it describes it. */
async function holdOrMake(
  tx: Statements,
  rows: readonly ValidRow<Row>[],
  { source, costs, placeOf, reject }: Making,
): Promise<ReadonlyMap<string, HeldPurchase>> {
  const references = rows.map(({ row }) => row.reference);
  const orders = new Map<string, HeldPurchase>();
  const hold = async (names: readonly string[]) => {
    for (const order of await holdPurchases(tx, { references: names })) orders.set(order.reference!, order);
  };
  await hold(references);
  const mayBeUndone = ({ status, closedBy }: HeldPurchase) =>
    status === 'cancelled' && isClosedByImport(closedBy);
  const open = rows.filter(({ row }) => {
    const order = orders.get(row.reference);
    return row.status === 'open' && (order === undefined || mayBeUndone(order));
  });
  const suppliers = await existingSuppliers(tx, [...new Set(open.map(({ row }) => row.supplier_id))]);
  const fresh = new Map<string, Row>();
  for (const { row, line } of open) {
    if (!suppliers.has(row.supplier_id)) reject(line, 'supplier_id', 'is no known supplier');
    else if (!fresh.has(row.reference) && costs(row) !== null) fresh.set(row.reference, row);
  }
  if (fresh.size === 0) return orders;
  const described = [...fresh.values()].map((row) => ({
    reference: row.reference,
    supplierId: row.supplier_id,
    locationId: placeOf(row),
    orderedAt: row.ordered_at,
  }));
  await insertPurchases(
    tx,
    described.filter((order) => !orders.has(order.reference)),
    source.actor,
  );
  await renewPurchases(
    tx,
    described.filter((order) => orders.has(order.reference)),
    source.actor,
  );
  await hold([...fresh.keys()]);
  return orders;
}

/** Why a row cannot be of this order. */
function faultOf(row: Row, order: HeldPurchase, locationId: string): [string, string] | undefined {
  if (row.supplier_id !== order.supplierId)
    return ['supplier_id', `is not ${order.supplierId}, of whom the order is`];
  if (locationId !== order.locationId)
    return ['location_id', `is not ${order.locationId}, where the order goes to`];
  const isEnded = order.status === 'closed' || order.status === 'cancelled';
  if (isEnded && row.status === 'open' && !isClosedByImport(order.closedBy))
    return ['status', `is open, and the order was ${order.status} here by ${order.closedBy ?? 'somebody'}`];
  return undefined;
}

const isSame = (a: HeldPurchaseLine, b: HeldPurchaseLine): boolean =>
  a.quantity === b.quantity &&
  Number(a.unitCost) === Number(b.unitCost) &&
  a.expectedDate === b.expectedDate &&
  a.status === b.status;

/** What a unit of a row costs; undefined where nobody has said, null where they have in another currency only. */
type CostOf = (row: Row) => string | null | undefined;

/** By the row itself, by the terms of supply or by the catalogue. */
async function costsOf(tx: Statements, rows: readonly ValidRow<Row>[]): Promise<CostOf> {
  const without = rows.filter(({ row }) => row.unit_cost === null);
  const known = await unitCosts(
    tx,
    without.map(({ row }) => ({ supplierId: row.supplier_id, productId: row.product_id })),
  );
  return (row) =>
    row.unit_cost === null ? known(row.supplier_id, row.product_id) : toDecimal(row.unit_cost);
}

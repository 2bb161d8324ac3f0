import {
  type NewPurchaseLine,
  type NewPurchaseOrder,
  NO_COST,
  type PurchaseOrderChange,
} from '../../../shared/contracts/api/purchase-order.ts';
import { toDecimal } from '../../../shared/contracts/csv/cells.ts';
import { Fault } from '../../../shared/contracts/fault.ts';
import { suppliers } from '../../../shared/data/catalogue/party-reads.ts';
import { orderDay } from '../../../shared/data/planning/business-day.ts';
import {
  type DraftLine,
  editDraft,
  insertDraft,
} from '../../../shared/data/purchasing/purchase-draft-store.ts';
import { holdOrder } from '../../../shared/data/purchasing/purchase-transition-store.ts';
import { readSupplyTerms } from '../../../shared/data/purchasing/supply-terms-reads.ts';
import type { Statements } from '../../../shared/data/sql/database.ts';
import { found } from '../http/found.ts';
import { knownLocation, mustBeStocked } from '../stock/stocked-place.ts';
import { daysOfLines, mustFollowOrder } from './days-to-come.ts';

interface Asking {
  readonly actor: string;
  readonly now: Date;
}

/**
 * Makes an order by hand, as a draft of its own; its number. Fault `missing` without supplier, location or a product,
 * `conflict` for a supplier that is not active, `invalid` for a service, a line without a cost or a day that is over.
 */
export async function createPurchaseOrder(
  tx: Statements,
  asked: NewPurchaseOrder,
  { actor, now }: Asking,
): Promise<number> {
  const supplier = found(await suppliers.find(tx, asked.supplier_id), 'supplier', asked.supplier_id);
  if (!supplier.is_active)
    throw new Fault('conflict', `Supplier ${asked.supplier_id} is not active: nothing is ordered there`);
  const locationId = await knownLocation(tx, asked.location_id);
  await mustBeToCome(tx, asked, now);
  return await insertDraft(
    tx,
    {
      supplierId: asked.supplier_id,
      locationId,
      expectedDate: asked.expected_date,
      note: asked.note,
      lines: await draftLines(tx, asked.supplier_id, asked.lines),
    },
    actor,
  );
}

/** Changes what is given of a draft, which then is a person's own. */
export async function editPurchaseOrder(
  tx: Statements,
  id: number,
  change: PurchaseOrderChange,
  { actor, now }: Asking,
): Promise<void> {
  // held before anything is read, so that what is read is what is changed
  const { supplierId } = await holdOrder(tx, id);
  await mustBeToCome(tx, change, now);
  await editDraft(
    tx,
    id,
    {
      lines: change.lines && (await draftLines(tx, supplierId, change.lines)),
      expectedDate: change.expected_date,
      note: change.note,
    },
    { actor, reason: change.reason },
  );
}

/** A draft is ordered today at the earliest. */
async function mustBeToCome(
  tx: Statements,
  { expected_date, lines }: Pick<PurchaseOrderChange, 'expected_date' | 'lines'>,
  now: Date,
): Promise<void> {
  mustFollowOrder(await orderDay(tx, now), [
    ['expected_date', expected_date],
    ...daysOfLines('expected_date', lines),
  ]);
}

async function draftLines(
  tx: Statements,
  supplierId: string,
  lines: readonly NewPurchaseLine[],
): Promise<DraftLine[]> {
  await mustBeStocked(
    tx,
    lines.map((line) => line.product_id),
  );
  const terms = await readSupplyTerms(
    tx,
    supplierId,
    lines.map((line) => line.product_id),
  );
  return lines.map((line, i) => {
    const unitCost =
      line.unit_cost === undefined
        ? terms.get(line.product_id)!.unitCostAt(line.quantity)
        : toDecimal(line.unit_cost);
    if (unitCost === undefined)
      throw new Fault('invalid', `Nobody has said what ${line.product_id} costs`, {
        details: [{ field: `lines.${i}.unit_cost`, reason: NO_COST }],
      });
    return {
      productId: line.product_id,
      quantity: line.quantity,
      unitCost,
      expectedDate: line.expected_date ?? null,
    };
  });
}

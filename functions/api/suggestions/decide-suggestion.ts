import type { Suggestion } from '../../../shared/contracts/api/page.ts';
import { Fault } from '../../../shared/contracts/fault.ts';
import { readFreeStock } from '../../../shared/data/catalogue/location-sites.ts';
import { insertDraft } from '../../../shared/data/purchasing/purchase-draft-store.ts';
import {
  brokenTerms,
  readSupplierItems,
  unitCostAt,
} from '../../../shared/data/purchasing/supplier-item-store.ts';
import type { Statements } from '../../../shared/data/sql/database.ts';
import {
  type Decision,
  editSuggestion,
  type HeldSuggestion,
  holdSuggestion,
  mustBe,
  orderSuggestion,
} from '../../../shared/data/suggestions/suggestion-decisions.ts';
import { findSuggestion } from '../../../shared/data/suggestions/suggestion-reads.ts';
import { found } from '../http/found.ts';
import { createTransfer } from '../stock/create-transfer.ts';

/**
 * Gives a suggestion another quantity. Fault `invalid` that names the rule of the supplier which it breaks, or what the
 * giving location has free; `conflict` when it is not open any more.
 */
export async function changeQuantity(
  tx: Statements,
  id: number,
  quantity: number,
  decision: Decision,
): Promise<Suggestion> {
  const held = await holdSuggestion(tx, id);
  mustBe(held, ['open'], decision);
  const unitCost =
    held.kind === 'purchase' ? await priceOf(tx, held, quantity) : await freePrice(tx, held, quantity);
  await editSuggestion(tx, held, { quantity, unitCost }, decision);
  return found(await findSuggestion(tx, id), 'suggestion', id);
}

async function priceOf(tx: Statements, held: HeldSuggestion, quantity: number): Promise<string> {
  const items = (await readSupplierItems(tx, [held.productId])).get(held.productId) ?? [];
  const item = items.find(({ supplierId }) => supplierId === held.supplierId);
  if (!item) throw new Fault('conflict', `${held.supplierId} does not sell ${held.productId} any more`);
  const [broken] = brokenTerms(item, quantity);
  if (broken)
    throw new Fault('invalid', 'The supplier does not sell this quantity', {
      details: [{ field: 'quantity', reason: `${broken.rule}: ${broken.why}` }],
    });
  return unitCostAt(item, quantity);
}

async function freePrice(tx: Statements, held: HeldSuggestion, quantity: number): Promise<string> {
  const stock = await readFreeStock(tx, [held.productId]);
  const free = stock.find(({ locationId }) => locationId === held.fromLocation)?.units ?? 0;
  if (quantity > free)
    throw new Fault('invalid', 'The other location does not have this quantity', {
      details: [
        { field: 'quantity', reason: `${held.fromLocation} has ${free} units that are promised to nobody` },
      ],
    });
  return '0';
}

/**
 * Orders what a suggestion asks for, in one step: a purchase becomes a draft of its own, which counts as supply from now
 * on and which no plan changes; a transfer is on its way. The same again answers the same.
 */
export async function orderNow(
  tx: Statements,
  id: number,
  decision: Decision,
  now: Date,
): Promise<{ suggestion: Suggestion; transferId: string | null }> {
  const held = await holdSuggestion(tx, id);
  const transferId = held.kind === 'transfer' ? `suggestion-${id}` : null;
  if (held.status !== 'ordered') {
    mustBe(held, ['open', 'snoozed'], decision);
    if (transferId !== null) {
      await createTransfer(
        tx,
        {
          id: transferId,
          from_location: held.fromLocation!,
          to_location: held.locationId,
          reason: decision.reason ?? `suggestion ${id}`,
          arrives: false,
          lines: [{ product_id: held.productId, quantity: held.quantity }],
        },
        { actor: decision.user, now },
      );
      await orderSuggestion(tx, held, null, decision);
    } else {
      const draft = await insertDraft(
        tx,
        {
          supplierId: held.supplierId!,
          locationId: held.locationId,
          expectedDate: held.expectedDate,
          note: decision.reason,
          lines: [
            {
              productId: held.productId,
              quantity: held.quantity,
              unitCost: held.unitCost,
              expectedDate: null,
            },
          ],
        },
        decision.user,
      );
      await orderSuggestion(tx, held, draft, decision);
    }
  }
  return { suggestion: found(await findSuggestion(tx, id), 'suggestion', id), transferId };
}

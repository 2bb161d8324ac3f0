import type { AllocationDetail, NewAllocation } from '../../../shared/contracts/api/allocation.ts';
import { Fault } from '../../../shared/contracts/fault.ts';
import { allocate } from '../../../shared/core/allocation/allocate.ts';
import { applyAllocation } from '../../../shared/data/allocation/allocation-apply.ts';
import {
  type AllocationCandidate,
  readProductCandidates,
  readSuggestedCandidates,
} from '../../../shared/data/allocation/allocation-inputs-store.ts';
import { findAllocation, insertAllocation } from '../../../shared/data/allocation/allocation-store.ts';
import { readLocations } from '../../../shared/data/catalogue/location-store.ts';
import { suppliers } from '../../../shared/data/catalogue/party-reads.ts';
import type { Statements } from '../../../shared/data/sql/database.ts';
import { limitsOf, sharedItems, valuedItems } from './allocation-items.ts';
import { linesOf, outcomeOf, shown } from './allocation-result.ts';

/**
 * The most that are divided at once within the time of a request: gains take 200 futures of each item's forecast,
 * shares only what was sold.
 */
const MOST_CANDIDATES = { value: 5_000, shares: 20_000 };

/** Lines of the answer; GET has all of them. */
export const LINES_SHOWN = 200;

/**
 * Divides what is limited among the open suggestions, or a total among all goods, and keeps how and why.
 * Fault `missing` for a location or supplier that there is not, `invalid` where a limit cannot be counted: more than one currency,
 * or a product without volume, weight or cost.
 */
export async function createAllocation(
  tx: Statements,
  asked: NewAllocation,
  { allocationId, actor }: { readonly allocationId: string; readonly actor: string },
): Promise<AllocationDetail> {
  const candidates = await readCandidates(tx, asked);
  refuseUncountable(candidates, asked);
  const inputs =
    asked.strategy === 'value'
      ? await valuedItems(tx, asked, candidates)
      : await sharedItems(tx, asked, candidates);
  const limits = limitsOf(asked, inputs.sold);
  const allocation = allocate({ strategy: asked.strategy, limits, items: inputs.items });
  const { apply: _, ...request } = asked;
  await insertAllocation(tx, {
    allocationId,
    of: asked.of,
    strategy: asked.strategy,
    asked: { ...request, limit: shown(limits) },
    outcome: outcomeOf(inputs, allocation),
    asOf: inputs.asOf,
    runId: inputs.run?.runId,
    createdBy: actor,
    lines: linesOf(inputs, allocation),
  });
  if (asked.apply) await applyAllocation(tx, allocationId, actor);
  return (await findAllocation(tx, allocationId, { skip: 0, limit: LINES_SHOWN }))!;
}

async function readCandidates(tx: Statements, asked: NewAllocation): Promise<AllocationCandidate[]> {
  const { ids, defaultId } = await readLocations(tx);
  const { supplier_id: supplierId, location_id: locationId, currency, category } = asked;
  if (locationId !== undefined && !ids.has(locationId)) throw notFound('location', locationId);
  if (supplierId !== undefined && !(await suppliers.find(tx, supplierId)))
    throw notFound('supplier', supplierId);
  const isByValue = asked.strategy === 'value';
  const most = isByValue ? MOST_CANDIDATES.value : MOST_CANDIDATES.shares;
  const candidates =
    asked.of === 'suggestions'
      ? await readSuggestedCandidates(tx, { supplierId, currency, locationId, category }, most)
      : await readProductCandidates(tx, locationId ?? defaultId, { supplierId, currency, category }, most);
  if (candidates) return candidates;
  const details = [
    { field: 'supplier_id', reason: `or location_id or category must leave no more than ${most}` },
    ...(isByValue
      ? [{ field: 'strategy', reason: `other than value divides up to ${MOST_CANDIDATES.shares}` }]
      : []),
  ];
  throw new Fault('invalid', `More than ${most} items are too many to divide at once`, { details });
}

const notFound = (what: 'location' | 'supplier', id: string) =>
  new Fault('missing', `There is no ${what} ${id}`, {
    details: [{ field: `${what}_id`, reason: 'is not known' }],
  });

/** Products that a refusal names. */
const MOST_NAMED = 5;

function refuseUncountable(candidates: readonly AllocationCandidate[], { limit }: NewAllocation): void {
  const measures = [
    ['budget', 'unitCost', 'cost'],
    ['volume', 'unitVolume', 'unit_volume'],
    ['weight', 'unitWeight', 'unit_weight'],
  ] as const;
  for (const [resource, column, field] of measures) {
    if (limit[resource] === undefined) continue;
    const without = candidates.filter((one) => one[column] === null);
    if (without.length === 0) continue;
    const details = without
      .slice(0, MOST_NAMED)
      .map(({ productId }) => ({ field: productId, reason: `has no ${field}` }));
    throw new Fault('invalid', `${resource} cannot be counted: ${without.length} products have no ${field}`, {
      details,
    });
  }
  const currencies = [...new Set(candidates.flatMap(({ currency }) => currency ?? []))].sort();
  if (limit.budget === undefined || currencies.length < 2) return;
  const details = [
    { field: 'currency', reason: `must be one of ${currencies.join(', ')}, or supplier_id one supplier` },
  ];
  throw new Fault('invalid', `One budget cannot be spent in ${currencies.join(' and ')}`, { details });
}

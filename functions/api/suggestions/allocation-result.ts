import type { AllocationOutcome } from '../../../shared/contracts/api/allocation.ts';
import { toDecimal } from '../../../shared/contracts/csv/cells.ts';
import type { Allocation } from '../../../shared/core/allocation/allocate.ts';
import { type Limits, perUnit, RESOURCES, type Resource } from '../../../shared/core/allocation/limits.ts';
import { lineAmount } from '../../../shared/core/inventory/line-amount.ts';
import type { AllocationCandidate } from '../../../shared/data/allocation/allocation-inputs-store.ts';
import { moneyText, type NewAllocationLine } from '../../../shared/data/allocation/allocation-store.ts';
import { type AllocationInputs, MEASURE, MONEY } from './allocation-items.ts';

/** Whole numbers as people write them. */
export const shown = ({ budget, units, volume, weight }: Limits) => ({
  ...(budget !== undefined && { budget: toDecimal(budget) }),
  ...(units !== undefined && { units }),
  ...(volume !== undefined && { volume: volume / MEASURE }),
  ...(weight !== undefined && { weight: weight / MEASURE }),
});

/** The sums of an allocation. */
export function outcomeOf({ candidates, sold }: AllocationInputs, allocation: Allocation): AllocationOutcome {
  const { used, left, value, quantities } = allocation;
  const currencies = byCurrency(candidates, allocation);
  const isOne = currencies.length < 2;
  const isKnown = (column: 'unitCost' | 'unitVolume' | 'unitWeight') =>
    candidates.every((one, i) => quantities[i] === 0 || one[column] !== null);
  return {
    used: {
      budget: isOne && isKnown('unitCost') ? toDecimal(used.budget) : null,
      units: used.units,
      ...(isKnown('unitVolume') && { volume: used.volume / MEASURE }),
      ...(isKnown('unitWeight') && { weight: used.weight / MEASURE }),
    },
    left: shown(left),
    by_currency: currencies,
    sold,
    value:
      value && isOne
        ? {
            gain: money(value.gain),
            most: money(value.most),
            is_best: value.isBest,
            unlimited: money(value.unlimited),
            lost: money(Math.max(0, value.unlimited - value.gain)),
            prices: {
              // money for money, and money for one of the others
              ...(value.prices.budget !== undefined && { budget: brief(value.prices.budget) }),
              ...(value.prices.units !== undefined && { units: brief(value.prices.units / MONEY) }),
              ...(value.prices.volume !== undefined && {
                volume: brief((value.prices.volume * MEASURE) / MONEY),
              }),
              ...(value.prices.weight !== undefined && {
                weight: brief((value.prices.weight * MEASURE) / MONEY),
              }),
            },
          }
        : null,
    below_minimum: belowMinimum(candidates, quantities),
  };
}

const money = (amount: number): string => moneyText(amount / MONEY);

/** What the candidates of each currency use and gain. */
function byCurrency(
  candidates: readonly AllocationCandidate[],
  { quantities, value }: Allocation,
): AllocationOutcome['by_currency'] {
  const groups = Map.groupBy(candidates.keys(), (i) => candidates[i]!.currency);
  return [...groups]
    .sort(([a], [b]) => ((a ?? '') < (b ?? '') ? -1 : 1))
    .map(([currency, all]) => {
      const given = all.filter((i) => quantities[i]! > 0);
      const sum = (of: (i: number) => number) => given.reduce((total, i) => total + of(i), 0);
      const isCosted = given.every((i) => candidates[i]!.unitCost !== null);
      const cost = (i: number) => quantities[i]! * Math.round(Number(candidates[i]!.unitCost) * MONEY);
      return {
        currency,
        lines: given.length,
        cost: isCosted ? toDecimal(sum(cost)) : null,
        gain: value ? money(sum((i) => value.items[i]!.gain ?? 0)) : null,
      };
    });
}

/** Orders of a supplier for a location that fall below what it takes. */
function belowMinimum(candidates: readonly AllocationCandidate[], quantities: readonly number[]) {
  const orders = new Map<
    string,
    { supplier_id: string; location_id: string; cost: number; minimum: number }
  >();
  for (const [i, { supplierId, locationId, supplierMinimum, unitCost }] of candidates.entries()) {
    if (supplierId === null || supplierMinimum === null || quantities[i] === 0) continue;
    const name = `${supplierId}|${locationId}`;
    const minimum = Math.round(Number(supplierMinimum) * MONEY);
    const order = orders.get(name) ?? { supplier_id: supplierId, location_id: locationId, cost: 0, minimum };
    orders.set(name, order);
    order.cost += Math.round(lineAmount(quantities[i]!, Number(unitCost)) * MONEY);
  }
  return [...orders.values()]
    .filter(({ cost, minimum }) => cost < minimum)
    .map((order) => ({ ...order, cost: toDecimal(order.cost), minimum: toDecimal(order.minimum) }));
}

const brief = (value: number): number => Number(value.toPrecision(6));

/** Lines with the best first: by what they are worth at the cut, for shares by their size. */
export function linesOf(
  { candidates, items, hasForecast }: AllocationInputs,
  { quantities, value }: Allocation,
): NewAllocationLine[] {
  const lines = candidates.map((candidate, i): NewAllocationLine => {
    const gains = value?.items[i];
    const money = (amount: number | null | undefined): number | null =>
      amount == null ? null : amount / MONEY;
    return {
      suggestionId: candidate.suggestionId,
      productId: candidate.productId,
      locationId: candidate.locationId,
      supplierId: candidate.supplierId,
      wanted: candidate.wanted,
      quantity: quantities[i]!,
      unitCost: candidate.unitCost,
      basis: hasForecast[i] === undefined ? null : hasForecast[i] ? 'forecast' : 'need',
      isMarginKnown: hasForecast[i] === undefined || candidate.price !== null,
      gain: money(gains?.gain),
      wantedGain: money(gains?.wantedGain),
      lastGain: money(gains?.last),
      nextGain: money(gains?.next),
      worth: gains ? worthOf(items[i]!, gains.first, value!.prices) : null,
    };
  });
  const order = (a: NewAllocationLine, b: NewAllocationLine): number =>
    (b.worth ?? 0) - (a.worth ?? 0) ||
    (b.gain ?? 0) - (a.gain ?? 0) ||
    b.quantity - a.quantity ||
    (a.productId < b.productId ? -1 : a.productId > b.productId ? 1 : a.locationId < b.locationId ? -1 : 1);
  return lines.sort(order);
}

/** Gain of a unit for what it uses at the prices of the limits; null where nothing is scarce. */
function worthOf(
  item: AllocationInputs['items'][number],
  first: number | null,
  prices: { readonly [resource in Resource]?: number },
): number | null {
  const cost = RESOURCES.reduce(
    (sum, resource) => sum + (prices[resource] ?? 0) * perUnit(item, resource),
    0,
  );
  return cost > 0 ? brief((first ?? 0) / cost) : null;
}

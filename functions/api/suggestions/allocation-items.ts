import type { NewAllocation } from '../../../shared/contracts/api/allocation.ts';
import type { AllocationItem } from '../../../shared/core/allocation/allocate.ts';
import { type DemandByArrival, demandForOrder } from '../../../shared/core/allocation/demand-for-order.ts';
import type { Limits } from '../../../shared/core/allocation/limits.ts';
import type { GainInput } from '../../../shared/core/allocation/marginal-gain.ts';
import { restockTotal } from '../../../shared/core/allocation/restock-total.ts';
import { daysBetween } from '../../../shared/core/calendar/add-days.ts';
import { seededRandom } from '../../../shared/core/math/random.ts';
import {
  type AllocationCandidate,
  readSold,
  type Trend,
} from '../../../shared/data/allocation/allocation-inputs-store.ts';
import {
  type ForecastRun,
  findNewestCompleteRun,
} from '../../../shared/data/forecasts/forecast-run-store.ts';
import { seriesName } from '../../../shared/data/forecasts/series-store.ts';
import { type InventoryPosition, readPositions } from '../../../shared/data/ledger/position-store.ts';
import { readBusinessDay } from '../../../shared/data/planning/business-day.ts';
import { readPlanSettings } from '../../../shared/data/planning/setting-store.ts';
import type { Statements } from '../../../shared/data/sql/database.ts';
import { candidateDemand } from '../stock/candidate-demand.ts';

/** Ten-thousandths of money, millionths of volume and weight: sums of whole numbers are exact. */
export const MONEY = 1e4;
export const MEASURE = 1e6;
const YEAR_DAYS = 365;
const USUAL_TREND_DAYS = 28;
/** Series of one read of positions. */
const SERIES = 2000;

/** What an allocation is made of: the candidates, and what each says for itself. */
export interface AllocationInputs {
  readonly candidates: readonly AllocationCandidate[];
  readonly items: readonly AllocationItem[];
  /** By candidate: whether its gains stand on a forecast; undefined for shares. */
  readonly hasForecast: readonly (boolean | undefined)[];
  readonly sold: number | null;
  readonly asOf: string | undefined;
  readonly run: ForecastRun | undefined;
}

/** Lots and uses of a candidate in whole numbers. */
function itemOf(candidate: AllocationCandidate): AllocationItem {
  const whole = (text: string | null, scale: number): number =>
    text === null ? 0 : Math.round(Number(text) * scale);
  return {
    budget: whole(candidate.unitCost, MONEY),
    volume: whole(candidate.unitVolume, MEASURE),
    weight: whole(candidate.unitWeight, MEASURE),
    minimum: candidate.minimumQuantity,
    multiple: candidate.orderMultiple,
    most: candidate.wanted ?? undefined,
  };
}

/** With what each earns, by the forecasts of the newest plan. Money in ten-thousandths. */
export async function valuedItems(
  tx: Statements,
  asked: NewAllocation,
  candidates: readonly AllocationCandidate[],
): Promise<AllocationInputs> {
  const run = await findNewestCompleteRun(tx);
  const settings = await readPlanSettings(tx);
  const holdingRate = asked.holding_rate ?? settings.holding_rate;
  const positions = await positionsOf(tx, candidates);
  const demand = run ? await candidateDemand(tx, run, candidates) : new Map<string, DemandByArrival>();
  const items = candidates.map((candidate): AllocationItem => {
    const state = positions.get(seriesName(candidate))!;
    // The planner's own, which its quantity answers; what is there now only where the explanation has none.
    const position = candidate.position ?? state.onHand + state.onOrder - state.committed;
    const cost = Number(candidate.unitCost ?? 0) * MONEY;
    const { protection, leadTimeDays } = candidate;
    const days = protection ? daysBetween(protection.from, protection.to) : leadTimeDays;
    const price =
      candidate.price === null ? cost / (1 - asked.assumed_margin) : Number(candidate.price) * MONEY;
    const holding = (holdingRate * cost * days) / YEAR_DAYS;
    // What a service level says a unit short is worth; without one, price and cost say it.
    const implied =
      asked.service_level === undefined
        ? Number.NEGATIVE_INFINITY
        : (holding * asked.service_level) / (1 - asked.service_level);
    return {
      ...itemOf(candidate),
      value: {
        margin: Math.max(price - cost, implied),
        holding,
        order: Number(candidate.orderCost) * MONEY,
        ...orderedDemand(demand.get(seriesName(candidate)), position, candidate.wanted!),
      },
    };
  });
  const hasForecast = candidates.map((candidate) => demand.has(seriesName(candidate)));
  return { candidates, items, hasForecast, sold: null, asOf: run?.asOf ?? (await readBusinessDay(tx)), run };
}

/** What an order can sell; without a forecast, what is wanted. */
function orderedDemand(
  forecast: DemandByArrival | undefined,
  position: number,
  wanted: number,
): Pick<GainInput, 'position' | 'demand'> {
  return { position: 0, demand: forecast ? demandForOrder(forecast, position) : [wanted] };
}

/** With what each sold, and its rating. */
export async function sharedItems(
  tx: Statements,
  asked: NewAllocation,
  candidates: readonly AllocationCandidate[],
): Promise<AllocationInputs> {
  const asOf = await readBusinessDay(tx);
  const trend: Trend | undefined =
    asked.trend_rows !== undefined
      ? { rows: asked.trend_rows }
      : asOf === undefined
        ? undefined
        : { days: asked.trend_days ?? USUAL_TREND_DAYS, asOf };
  const sold = trend ? await readSold(tx, candidates, trend) : new Map<string, number>();
  const positions = await positionsOf(tx, candidates);
  const items = candidates.map(
    (candidate): AllocationItem => ({
      ...itemOf(candidate),
      sold: sold.get(seriesName(candidate)) ?? 0,
      stock: Math.max(0, positions.get(seriesName(candidate))!.onHand),
      rating: candidate.rating,
      reviews: candidate.reviews,
    }),
  );
  const total = items.reduce((sum, item) => sum + item.sold!, 0);
  return {
    candidates,
    items,
    hasForecast: candidates.map(() => undefined),
    sold: total,
    asOf,
    run: undefined,
  };
}

async function positionsOf(tx: Statements, candidates: readonly AllocationCandidate[]) {
  const positions = new Map<string, InventoryPosition>();
  for (let at = 0; at < candidates.length; at += SERIES)
    for (const [name, position] of await readPositions(tx, candidates.slice(at, at + SERIES)))
      positions.set(name, position);
  return positions;
}

/** The limits in whole numbers; with `restock`, units in proportion to what was sold. */
export function limitsOf({ limit, restock }: NewAllocation, sold: number | null): Limits {
  const scaled = (value: number | undefined): number | undefined =>
    value === undefined ? undefined : Math.round(value * MEASURE);
  return {
    budget: limit.budget,
    units: restock ? restockTotal(sold ?? 0, restock, seededRandom(restock.seed)) : limit.units,
    volume: scaled(limit.volume),
    weight: scaled(limit.weight),
  };
}

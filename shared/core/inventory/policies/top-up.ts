import { lineAmount } from '../line-amount.ts';
import { ceilToMultiple } from '../round-quantity.ts';
import { sampleLoss } from './sample-levels.ts';

/** A line of an order that may be made larger. */
export interface TopUpLine {
  readonly id: string;
  readonly quantity: number;
  readonly orderMultiple: number;
  /** Fewest units of the line once it is ordered at all; default the multiple. Matters where `quantity` is 0. */
  readonly minimumQuantity?: number;
  /** What each unit of the line costs when it has so many: a price break makes all of them cheaper. */
  readonly unitCostAt: (units: number) => number;
  /** Most units of the line; left out: no limit. */
  readonly maximumQuantity?: number;
  /** Money that so many units more are worth beyond what they cost to keep, falling with each; see `worthOfUnits`. */
  readonly worth: (extraUnits: number) => number;
}

/** What a supplier wants of an order as a whole. */
export interface SupplierMinimum {
  readonly value?: number;
  readonly quantity?: number;
}

export interface TopUpStep {
  readonly id: string;
  readonly units: number;
  /** What the step is worth, negative where it costs more to keep than it gains. */
  readonly worth: number;
  readonly why: string;
}

export interface TopUp {
  /** Units added, by line; only lines that got any. */
  readonly added: ReadonlyMap<string, number>;
  readonly steps: readonly TopUpStep[];
  readonly reached: boolean;
  /** What is still missing. */
  readonly shortBy: { readonly value: number; readonly quantity: number };
  /** Sum of what the added units are worth. */
  readonly worth: number;
}

/** Steps of one order at most. */
const MOST_STEPS = 10_000;

/**
 * Raises an order to its supplier's minimum: one multiple at a time where it is worth most for each part of the missing
 * value and quantity that it fills, and at the end takes back what turned out not to be needed, the least worthy first.
 * Lines of 0 units may be added by their own minimum. An order that is there already is not touched.
 * A line comes to its units at the price of so many, in cents: 90 at 1.00, from 100 on at 0.80, come to 100 with 125 units.
 */
export function topUpToMinimum(lines: readonly TopUpLine[], minimum: SupplierMinimum): TopUp {
  const state = lines.map((line) => lineState(line, minimum));
  const steps: TopUpStep[] = [];
  let value = 0;
  let quantity = 0;
  for (const line of lines) {
    value += lineValue(line, line.quantity);
    quantity += line.quantity;
  }
  const missing = () => ({
    value: Math.max(0, (minimum.value ?? 0) - value),
    quantity: Math.max(0, (minimum.quantity ?? 0) - quantity),
  });
  // sums of cents in doubles
  const isReached = () => missing().value < 1e-6 && missing().quantity <= 1e-9;
  const change = (at: LineState, units: number): void => {
    value += lineValue(at.line, at.quantity + units) - lineValue(at.line, at.quantity);
    quantity += units;
    at.quantity += units;
  };
  for (let step = 0; step < MOST_STEPS && !isReached(); step++) {
    const best = bestStep(state, missing());
    if (!best?.next) break;
    const { units, worth } = best.next;
    change(best, units);
    steps.push({
      id: best.line.id,
      units,
      worth,
      why: `the most worth for each part of what is missing: ${worth.toFixed(2)} for ${units} units`,
    });
    best.taken.push(best.next);
    best.next = nextStep(best, minimum);
  }
  if (isReached()) {
    const raised = state.filter((at) => at.taken.length > 0);
    for (const at of raised.sort((a, b) => a.taken.at(-1)!.worth - b.taken.at(-1)!.worth)) {
      for (let last = at.taken.at(-1); last; last = at.taken.at(-1)) {
        change(at, -last.units);
        if (!isReached()) {
          change(at, last.units);
          break;
        }
        at.taken.pop();
        const why = 'the minimum is reached without it';
        steps.push({ id: at.line.id, units: -last.units, worth: -last.worth, why });
      }
    }
  }
  const added = new Map<string, number>();
  let worth = 0;
  for (const { line, quantity: units, taken } of state) {
    if (taken.length === 0) continue;
    added.set(line.id, units - line.quantity);
    for (const step of taken) worth += step.worth;
  }
  return { added, steps, reached: isReached(), shortBy: missing(), worth };
}

/**
 * What `units` more are worth on top of a level, over the interval whose demand is sampled (ascending):
 *   p (n(y) - n(y + u)) - h (u - (n(y) - n(y + u))),   n(y) = E[(D - y)+]
 * p = money that a unit of demand brings when it is served, h = money to keep one that is left.
 */
export function worthOfUnits(
  sorted: ArrayLike<number>,
  level: number,
  units: number,
  { shortage, holding }: { readonly shortage: number; readonly holding: number },
): number {
  const served = sampleLoss(sorted, level) - sampleLoss(sorted, level + units);
  return shortage * served - holding * (units - served);
}

interface Step {
  readonly units: number;
  readonly worth: number;
}

interface LineState {
  readonly line: TopUpLine;
  readonly taken: Step[];
  /** With all that was taken. */
  quantity: number;
  /** What the line could take next; kept, as it changes only when a step is taken. */
  next: Step | undefined;
}

function lineState(line: TopUpLine, minimum: SupplierMinimum): LineState {
  const { quantity, orderMultiple } = line;
  if (!(quantity >= 0) || !(orderMultiple > 0) || !(line.unitCostAt(quantity) >= 0))
    throw new RangeError('quantities, packs and costs are positive');
  const state: LineState = { line, taken: [], quantity, next: undefined };
  state.next = nextStep(state, minimum);
  return state;
}

const lineValue = (line: TopUpLine, units: number): number =>
  units > 0 ? lineAmount(units, line.unitCostAt(units)) : 0;

/** Prices of one line at most. */
const MOST_PRICES = 100;

/** The fewest packs more by which the line comes to more money, where that counts: at a price break it first comes to less. */
function nextStep({ line, quantity }: LineState, minimum: SupplierMinimum): Step | undefined {
  const { orderMultiple, minimumQuantity = 0, maximumQuantity = Number.POSITIVE_INFINITY } = line;
  const least = quantity > 0 ? 0 : ceilToMultiple(minimumQuantity, orderMultiple);
  const value = lineValue(line, quantity);
  let units = Math.max(orderMultiple, least);
  for (let price = 0; minimum.value && price < MOST_PRICES; price++) {
    const unitCost = line.unitCostAt(quantity + units);
    if (!(unitCost > 0) || lineValue(line, quantity + units) > value + 1e-9) break;
    // half a cent more is the next cent
    units =
      Math.max(1, Math.ceil(((value + 0.005) / unitCost - quantity) / orderMultiple - 1e-9)) * orderMultiple;
  }
  if (quantity + units > maximumQuantity) return undefined;
  const extra = quantity - line.quantity;
  return { units, worth: line.worth(extra + units) - line.worth(extra) };
}

function bestStep(
  state: readonly LineState[],
  missing: { readonly value: number; readonly quantity: number },
): LineState | undefined {
  let best: LineState | undefined;
  let bestScore = Number.NEGATIVE_INFINITY;
  for (const at of state) {
    if (!at.next) continue;
    const { units, worth } = at.next;
    const gained = lineValue(at.line, at.quantity + units) - lineValue(at.line, at.quantity);
    const filled =
      (missing.value > 0 ? Math.min(1, gained / missing.value) : 0) +
      (missing.quantity > 0 ? Math.min(1, units / missing.quantity) : 0);
    if (!(filled > 0) || worth / filled <= bestScore) continue;
    bestScore = worth / filled;
    best = at;
  }
  return best;
}

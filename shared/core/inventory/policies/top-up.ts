import { sampleLoss } from './sample-levels.ts';

/** A line of an order that may be made larger. */
export interface TopUpLine {
  readonly id: string;
  readonly quantity: number;
  readonly orderMultiple: number;
  readonly unitCost: number;
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
 * An order that is there already is not touched, and one without lines has nothing to be raised.
 */
export function topUpToMinimum(lines: readonly TopUpLine[], minimum: SupplierMinimum): TopUp {
  const added = new Map<string, number>();
  const steps: TopUpStep[] = [];
  const goal = { value: minimum.value ?? 0, quantity: minimum.quantity ?? 0 };
  let value = 0;
  let quantity = 0;
  for (const line of lines) {
    assertLine(line);
    value += line.quantity * line.unitCost;
    quantity += line.quantity;
  }
  const missing = () => ({
    value: Math.max(0, goal.value - value),
    quantity: Math.max(0, goal.quantity - quantity),
  });
  const isReached = () => missing().value <= 1e-9 && missing().quantity <= 1e-9;
  const add = (line: TopUpLine, units: number): void => {
    added.set(line.id, (added.get(line.id) ?? 0) + units);
    value += units * line.unitCost;
    quantity += units;
  };
  for (let step = 0; step < MOST_STEPS && !isReached(); step++) {
    const next = bestStep(lines, added, missing());
    if (!next) break;
    add(next.line, next.line.orderMultiple);
    steps.push({
      id: next.line.id,
      units: next.line.orderMultiple,
      worth: next.worth,
      why: `the most worth for each part of what is missing: ${next.worth.toFixed(2)} for ${next.line.orderMultiple} units`,
    });
  }
  if (isReached()) {
    const raised = lines.filter((line) => added.has(line.id));
    for (const line of raised.sort((a, b) => lastWorth(a, added) - lastWorth(b, added))) {
      while ((added.get(line.id) ?? 0) > 0) {
        const worth = lastWorth(line, added);
        add(line, -line.orderMultiple);
        if (!isReached()) {
          add(line, line.orderMultiple);
          break;
        }
        steps.push({
          id: line.id,
          units: -line.orderMultiple,
          worth: -worth,
          why: 'the minimum is reached without it',
        });
      }
      if (added.get(line.id) === 0) added.delete(line.id);
    }
  }
  let worth = 0;
  for (const line of lines) worth += line.worth(added.get(line.id) ?? 0) - line.worth(0);
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

function bestStep(
  lines: readonly TopUpLine[],
  added: ReadonlyMap<string, number>,
  missing: { readonly value: number; readonly quantity: number },
): { line: TopUpLine; worth: number } | undefined {
  let best: { line: TopUpLine; worth: number } | undefined;
  let bestScore = Number.NEGATIVE_INFINITY;
  for (const line of lines) {
    const extra = added.get(line.id) ?? 0;
    if (line.quantity + extra + line.orderMultiple > (line.maximumQuantity ?? Number.POSITIVE_INFINITY))
      continue;
    const filled =
      (missing.value > 0 ? Math.min(1, (line.orderMultiple * line.unitCost) / missing.value) : 0) +
      (missing.quantity > 0 ? Math.min(1, line.orderMultiple / missing.quantity) : 0);
    if (!(filled > 0)) continue;
    const worth = line.worth(extra + line.orderMultiple) - line.worth(extra);
    const score = worth / filled;
    if (score > bestScore) {
      bestScore = score;
      best = { line, worth };
    }
  }
  return best;
}

/** What the newest multiple of a line is worth. */
function lastWorth(line: TopUpLine, added: ReadonlyMap<string, number>): number {
  const extra = added.get(line.id) ?? 0;
  return line.worth(extra) - line.worth(extra - line.orderMultiple);
}

function assertLine({ quantity, orderMultiple, unitCost }: TopUpLine): void {
  if (!(quantity >= 0) || !(orderMultiple > 0) || !(unitCost >= 0))
    throw new RangeError('quantities, packs and costs are positive');
}

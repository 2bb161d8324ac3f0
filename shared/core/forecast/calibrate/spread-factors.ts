import { type GridForecast, LEVEL_GRID, MEDIAN } from '../combine/level-grid.ts';
import { floorOf, type QuantityKind, told } from '../combine/quantity-kind.ts';
import { pitCoverage } from '../evaluate/pit-coverage.ts';

/** A forecast made at a past origin, and what came. */
export interface PastForecast {
  readonly forecast: GridForecast;
  /** NaN is unknown. */
  readonly actual: Float64Array;
  readonly kind: QuantityKind;
}

/** Factors that are tried: from 0.6 to 1.5. */
const TRIED = Array.from({ length: 37 }, (_, i) => 0.6 + i / 40);
/** What a factor that is twice what it was counts, beside missing twice as much as meant. */
const PRICE = 0.2;
/**
 * What the intervals of 80 % and 95 % are to hold of the past: a little more than they promise, since what comes is less
 * like the past than the past is like itself.
 */
const INNER = { low: 0.1, high: 0.9, aim: 0.81 };
const OUTER = { low: 0.025, high: 0.975, aim: 0.955 };

/**
 * For each level, how many times as far from the median its quantile should have been at past origins: conformal
 * calibration of the spread, pooled over series and steps (Romano, Patterson & Candès 2019). There are two factors, for the
 * middle and for the tails, and both sides have the same: which side was hit is mostly the surprise that all series of
 * those weeks shared. The coverage is the randomised one, so that zeros and ties of counts do no harm.
 */
export function spreadFactors(past: readonly PastForecast[]): number[] {
  const isKnown = past.some(({ actual }) => actual.some((value) => !Number.isNaN(value)));
  const inner = isKnown ? factorFor(past, INNER) : 1;
  const outer = isKnown ? factorFor(past, OUTER) : 1;
  return LEVEL_GRID.map((level, l) => {
    if (l === MEDIAN) return 1;
    const tail = Math.min(level, 1 - level);
    if (tail >= INNER.low - 1e-9) return inner;
    return tail <= OUTER.low + 1e-9 ? outer : (inner + outer) / 2;
  });
}

interface Aim {
  readonly low: number;
  readonly high: number;
  readonly aim: number;
}

/**
 * The factor of least cost: ((held - aim) / (1 - aim))^2 + PRICE (factor - 1)^2. Wider holds more, but of items that mostly sell
 * nothing hardly so: their median is zero, widening only makes the upper half larger, and what is missed is zeros. The
 * price keeps them from being blown up for nothing.
 */
function factorFor(past: readonly PastForecast[], wanted: Aim): number {
  let best = 1;
  let least = Number.POSITIVE_INFINITY;
  for (const factor of TRIED) {
    const off = (coverageBy(past, factor, wanted) - wanted.aim) / (1 - wanted.aim);
    const cost = off ** 2 + PRICE * (factor - 1) ** 2;
    if (cost < least) [best, least] = [factor, cost];
  }
  return best;
}

function coverageBy(past: readonly PastForecast[], factor: number, { low, high }: Aim): number {
  let inside = 0;
  let points = 0;
  const column = new Array<number>(LEVEL_GRID.length).fill(0);
  for (const { forecast, actual, kind } of past) {
    const floor = floorOf(kind);
    const middle = forecast.quantiles[MEDIAN]!;
    for (let h = 0; h < actual.length; h++) {
      if (Number.isNaN(actual[h]!)) continue;
      for (let l = 0; l < column.length; l++) {
        const value = middle[h]! + factor * (forecast.quantiles[l]![h]! - middle[h]!);
        column[l] = told(Math.max(floor, value), kind);
      }
      inside += pitCoverage(actual[h]!, LEVEL_GRID, column, low, high);
      points++;
    }
  }
  return inside / points;
}

/** The forecast with the spread of each level multiplied; quantiles stay ascending and above `floor`. */
export function spreadBy(forecast: GridForecast, factors: readonly number[], floor: number): GridForecast {
  const middle = forecast.quantiles[MEDIAN]!;
  const quantiles = forecast.quantiles.map((values, l) =>
    values.map((value, h) => Math.max(floor, middle[h]! + factors[l]! * (value - middle[h]!))),
  );
  for (let l = MEDIAN - 1; l >= 0; l--) keepBelow(quantiles[l]!, quantiles[l + 1]!);
  for (let l = MEDIAN + 1; l < quantiles.length; l++) keepAbove(quantiles[l]!, quantiles[l - 1]!);
  return { mean: forecast.mean, quantiles };
}

function keepBelow(values: Float64Array, limit: Float64Array): void {
  for (let h = 0; h < values.length; h++) values[h] = Math.min(values[h]!, limit[h]!);
}

function keepAbove(values: Float64Array, limit: Float64Array): void {
  for (let h = 0; h < values.length; h++) values[h] = Math.max(values[h]!, limit[h]!);
}

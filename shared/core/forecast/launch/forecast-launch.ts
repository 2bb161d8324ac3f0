import { type Fitted, type History, knownValues, rounded } from '../model.ts';
import { type Analog, type AnalogBasis, chooseAnalogs, type LaunchItem } from './choose-analogs.ts';
import { curveAt, exposureOn, type LaunchCurve, launchCurve, levelOn, soldOn } from './launch-curve.ts';
import { type DispersionLaw, dispersionAt, type LaunchState, launchOf } from './launch-model.ts';

export interface NewItem extends LaunchItem {
  /** Its own quantities from the launch on: none, or a few. */
  readonly quantities: History;
}

export interface LaunchForecast {
  readonly fitted: Fitted<LaunchState>;
  /** Always low: people should look at it, and may override it. */
  readonly confidence: 'low';
  /** How near the items are that it is like, and how many there are. */
  readonly basis: AnalogBasis;
  readonly analogs: number;
  /** Whose launches the curve is from; `flat` when fewer than three launches were seen at all. */
  readonly curve: 'analogs' | 'all' | 'flat';
  /** Weight of its own sales in its level, 0 to 1. */
  readonly ownWeight: number;
}

export interface LaunchOptions {
  /** Ages of the launch curve, in periods. Default 26; at most 104. */
  readonly ages?: number;
}

const FEWEST_LAUNCHES = 3;
const MOST_AGES = 104;
/** Groups of analogs that are kept for each pool; the oldest goes first. */
const MOST_KEPT = 100;
/** Shape of a level that nothing is known about but its mean: as uncertain as it is large. */
const LEAST_SHAPE = 0.05;
const MOST_SHAPE = 10_000;

/**
 * Forecasts an item without a history of its own by items that are like it. Their levels, taken apart from their launch
 * curve, give the law of its level; its own sales move it (gamma prior, Poisson-like counts of variance f * mean):
 *   level ~ gamma(m^2 / v + sold / f, m / v + exposure / f),   m, v: mean and true variance of the analogs' levels
 * so its own weight is exposure / (exposure + f m / v): none at first, all in the end (Bühlmann & Straub 1970).
 * Null when there is nothing to be like.
 */
export function forecastLaunch(
  item: NewItem,
  pool: readonly Analog[],
  { ages = 26 }: LaunchOptions = {},
): LaunchForecast | null {
  if (!Number.isInteger(ages) || ages < 1 || ages > MOST_AGES)
    throw new RangeError(`a launch curve of ${ages} ages, not of 1 to ${MOST_AGES}`);
  const own = knownValues(item.quantities, 0);
  const chosen = chooseAnalogs(item, pool);
  if (!chosen) return null;
  const { basis, analogs } = chosen;
  const { from, curve, law, mean, shape, isWhole } = priorOf(analogs, pool, ages);
  const rate = mean > 0 ? shape / mean : 0;
  const exposure = exposureOn(item.quantities, curve);
  const sold = Math.max(0, soldOn(own));
  // How lumpy its own sales are depends on its level, and the other way round: first as for the mean, then as found.
  let dispersion = dispersionAt(law, mean);
  for (let round = 0; round < 3 && rate + exposure > 0; round++)
    dispersion = dispersionAt(law, (shape + sold / dispersion) / (rate + exposure / dispersion));
  const isSilent = !(mean > 0) && !(sold > 0 && exposure > 0);
  const state: LaunchState = {
    model: 'launch',
    age: item.quantities.length,
    curve: curve.map(rounded),
    shape: isSilent ? 0 : rounded(shape + sold / dispersion),
    rate: isSilent ? 1 : rounded(rate + exposure / dispersion),
    dispersion: rounded(law.at1),
    power: rounded(law.power),
    isWhole: isWhole && own.every(Number.isInteger),
  };
  const ownWeight = exposure > 0 ? exposure / (exposure + dispersion * rate) : 0;
  return {
    fitted: launchOf(state),
    confidence: 'low',
    basis,
    analogs: analogs.length,
    curve: from,
    ownWeight,
  };
}

/** What a group of analogs says of an item before its first sale. */
interface LaunchPrior {
  readonly from: LaunchForecast['curve'];
  readonly curve: LaunchCurve;
  readonly law: DispersionLaw;
  /** Of the levels: their mean, and the shape of their gamma distribution. */
  readonly mean: number;
  readonly shape: number;
  readonly isWhole: boolean;
}

/** New items come many at once, and those of a category share their analogs. */
const kept = new WeakMap<readonly Analog[], Map<string, LaunchPrior>>();

function priorOf(analogs: readonly Analog[], pool: readonly Analog[], ages: number): LaunchPrior {
  const priors = kept.get(pool) ?? new Map<string, LaunchPrior>();
  kept.set(pool, priors);
  const name = JSON.stringify([ages, ...analogs.map(({ id }) => id)]);
  let prior = priors.get(name);
  if (prior) return prior;
  const { from, curve } = curveFor(analogs, pool, ages);
  const seen = analogs.map((analog) => ({ analog, ...levelOf(analog, curve, ages) }));
  const law = dispersionLaw(seen, curve);
  const mean = seen.reduce((sum, { level }) => sum + level / seen.length, 0);
  const isWhole = analogs.every(({ quantities }) => isWholeAll(quantities));
  prior = { from, curve, law, mean, shape: shapeOf(seen, mean, law), isWhole };
  if (priors.size >= MOST_KEPT) priors.delete(priors.keys().next().value!);
  priors.set(name, prior);
  return prior;
}

function curveFor(
  analogs: readonly Analog[],
  pool: readonly Analog[],
  ages: number,
): { from: LaunchForecast['curve']; curve: LaunchCurve } {
  const launchesOf = (items: readonly Analog[]) =>
    items.filter(({ isLaunch }) => isLaunch).map(({ quantities }) => head(quantities, ages));
  const near = launchesOf(analogs);
  if (near.length >= FEWEST_LAUNCHES) return { from: 'analogs', curve: launchCurve(near, ages) };
  const all = launchesOf(pool);
  if (all.length >= FEWEST_LAUNCHES) return { from: 'all', curve: launchCurve(all, ages) };
  return { from: 'flat', curve: new Array<number>(ages).fill(1) };
}

interface SeenLevel {
  readonly level: number;
  readonly exposure: number;
  /** Quantities and the age of the first of them: the launch, or the newest periods at the end of the curve. */
  readonly quantities: Float64Array;
  readonly age: number;
}

/** Launches by their first ages; items older than the records by their newest periods, as items of full age. */
function levelOf({ quantities, isLaunch }: Analog, curve: LaunchCurve, ages: number): SeenLevel {
  if (isLaunch) {
    const first = head(quantities, ages);
    return { level: levelOn(first, curve), exposure: exposureOn(first, curve), quantities: first, age: 0 };
  }
  const newest = Float64Array.from(quantities).slice(-ages);
  const grown = [curveAt(curve, ages)];
  return {
    level: levelOn(newest, grown),
    exposure: exposureOn(newest, grown),
    quantities: newest,
    age: ages,
  };
}

/**
 * Pearson's estimate of each item, mean of (y - mu)^2 / mu, as a power of its level: large items are lumpier than a Poisson
 * law for all would say. The power is the slope of the logarithms, the factor makes the mean ratio 1.
 */
function dispersionLaw(seen: readonly SeenLevel[], curve: LaunchCurve): DispersionLaw {
  const logs: { readonly level: number; readonly found: number }[] = [];
  for (const { level, quantities, age } of seen) {
    let sum = 0;
    let known = 0;
    for (let t = 0; t < quantities.length; t++) {
      const mean = level * curveAt(curve, age + t);
      if (Number.isNaN(quantities[t]!) || !(mean > 0)) continue;
      sum += (quantities[t]! - mean) ** 2 / mean;
      known++;
    }
    if (known > 1) logs.push({ level: Math.log(level), found: Math.log(Math.max(0.1, sum / (known - 1))) });
  }
  if (logs.length === 0) return { at1: 1, power: 0 };
  const mean = (of: (one: (typeof logs)[number]) => number): number =>
    logs.reduce((sum, one) => sum + of(one) / logs.length, 0);
  const level = mean((one) => one.level);
  const found = mean((one) => one.found);
  const spread = mean((one) => (one.level - level) ** 2);
  const slope = spread > 0 ? mean((one) => (one.level - level) * (one.found - found)) / spread : 0;
  const power = Math.min(1, Math.max(0, slope));
  return { at1: mean((one) => Math.exp(one.found - power * one.level)), power };
}

/** Shape m^2 / v of the levels, the variance that comes from their noise taken off. */
function shapeOf(seen: readonly SeenLevel[], mean: number, law: DispersionLaw): number {
  if (seen.length < 2 || !(mean > 0)) return seen.length < 2 ? 1 : LEAST_SHAPE;
  let spread = 0;
  let noise = 0;
  for (const { level, exposure } of seen) {
    spread += (level - mean) ** 2 / (seen.length - 1);
    if (exposure > 0) noise += (dispersionAt(law, level) * level) / exposure / seen.length;
  }
  // The level of the new item is one more draw: the mean of the others is not known exactly either.
  const variance = Math.max(0, spread - noise) + spread / seen.length;
  return Math.min(MOST_SHAPE, Math.max(LEAST_SHAPE, mean ** 2 / variance));
}

function head(quantities: ArrayLike<number>, ages: number): Float64Array {
  return Float64Array.from({ length: Math.min(ages, quantities.length) }, (_, t) => quantities[t]!);
}

function isWholeAll(quantities: ArrayLike<number>): boolean {
  for (let t = 0; t < quantities.length; t++)
    if (!Number.isNaN(quantities[t]!) && !Number.isInteger(quantities[t]!)) return false;
  return true;
}

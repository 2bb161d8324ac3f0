/** A week of one product: units, their price, and how much was to be expected of it (season, fashion), up to a factor. */
export interface PriceWeek {
  readonly units: number;
  readonly price: number;
  readonly base: number;
}

/** By how many percent demand changes when the price rises by one, with its standard error and the weeks behind it. */
export interface Elasticity {
  readonly value: number;
  readonly error: number;
  readonly weeks: number;
}

/** With less than this nothing can be said: weeks, units, and the standard deviation of the logarithm of the price. */
export const LEAST_WEEKS = 8;
const LEAST_UNITS = 10;
const LEAST_VARIATION = 0.02;
const MOST_ROUNDS = 50;
/** Beyond this it is a mistake of the data. */
const STEEPEST = 12;

/**
 * The elasticity that a product's own prices show: E units = base x e^a x price^b by quasi-Poisson maximum likelihood,
 * the form of log-log that takes weeks without a sale, with the error scaled by how much more weeks vary than chance.
 * Undefined where the price hardly changed, weeks or units are few, or no slope fits.
 */
export function priceElasticity(weeks: readonly PriceWeek[]): Elasticity | undefined {
  const all = weeks.filter(({ price, base }) => price > 0 && base > 0);
  const n = all.length;
  const units = all.reduce((sum, week) => sum + week.units, 0);
  if (n < LEAST_WEEKS || units < LEAST_UNITS) return undefined;
  const mean = all.reduce((sum, { price }) => sum + Math.log(price), 0) / n;
  const x = all.map(({ price }) => Math.log(price) - mean);
  const variation = Math.sqrt(x.reduce((sum, value) => sum + value * value, 0) / n);
  if (variation < LEAST_VARIATION) return undefined;
  let level = Math.log(units / all.reduce((sum, { base }) => sum + base, 0));
  let slope = 0;
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const sums = moments(all, x, level, slope);
    const determinant = sums.w * sums.wxx - sums.wx ** 2;
    if (!(determinant > 0)) return undefined;
    const stepLevel = (sums.wxx * sums.r - sums.wx * sums.rx) / determinant;
    const step = (sums.w * sums.rx - sums.wx * sums.r) / determinant;
    // A first step from afar may go too far: e^x is steep.
    const damp = Math.min(1, 2 / Math.max(Math.abs(step), Math.abs(stepLevel), 1e-12));
    level += damp * stepLevel;
    slope += damp * step;
    if (!Number.isFinite(slope) || Math.abs(slope) > STEEPEST) return undefined;
    if (Math.abs(step) + Math.abs(stepLevel) > 1e-10) continue;
    const { w, wx, wxx, pearson } = moments(all, x, level, slope);
    const dispersion = Math.max(1, pearson / (n - 2));
    return { value: slope, error: Math.sqrt(dispersion / (wxx - wx ** 2 / w)), weeks: n };
  }
  return undefined;
}

function moments(all: readonly PriceWeek[], x: readonly number[], level: number, slope: number) {
  const sums = { w: 0, wx: 0, wxx: 0, r: 0, rx: 0, pearson: 0 };
  for (const [i, { units, base }] of all.entries()) {
    const expected = base * Math.exp(level + slope * x[i]!);
    const rest = units - expected;
    sums.w += expected;
    sums.wx += expected * x[i]!;
    sums.wxx += expected * x[i]! ** 2;
    sums.r += rest;
    sums.rx += rest * x[i]!;
    if (expected > 0) sums.pearson += rest ** 2 / expected;
  }
  return sums;
}

/** What the elasticities of a group say of one of it: their mean with its error, and by how much they really differ. */
export interface ElasticityPool {
  readonly mean: number;
  readonly error: number;
  readonly spread: number;
  readonly products: number;
}

/**
 * The mean of a group's elasticities and the spread of the true ones around it, by moments (DerSimonian & Laird 1986):
 *   w = 1 / error^2,   Q = sum w (b - m)^2,   spread^2 = max(0, (Q - (k - 1)) / (sum w - sum w^2 / sum w))
 * Undefined for fewer than two products.
 */
export function poolElasticities(all: readonly Elasticity[]): ElasticityPool | undefined {
  if (all.length < 2) return undefined;
  const fixed = weighted(all, 0);
  const q = all.reduce((sum, { value, error }) => sum + ((value - fixed.mean) / error) ** 2, 0);
  const scale = fixed.weights - fixed.squares / fixed.weights;
  const variance = scale > 0 ? Math.max(0, (q - (all.length - 1)) / scale) : 0;
  const { mean, weights } = weighted(all, variance);
  return { mean, error: Math.sqrt(1 / weights), spread: Math.sqrt(variance), products: all.length };
}

function weighted(all: readonly Elasticity[], variance: number) {
  let weights = 0;
  let squares = 0;
  let sum = 0;
  for (const { value, error } of all) {
    const weight = 1 / (error ** 2 + variance);
    weights += weight;
    squares += weight ** 2;
    sum += weight * value;
  }
  return { mean: sum / weights, weights, squares };
}

/** An elasticity that decisions may rest on, and what it rests on itself. */
export interface ShrunkElasticity extends Elasticity {
  /** Share of the product's own estimate in it; 0: the group's alone. */
  readonly ownWeight: number;
  readonly products: number;
  readonly basis: 'own' | 'shrunk' | 'category';
}

/** 95 of 100 true values are below this many errors above. */
const ONE_SIDED_95 = 1.645;

/**
 * The product's own elasticity, drawn towards its group's by how unsure it is:
 *   weight = spread^2 / (spread^2 + error^2),   value = weight x own + (1 - weight) x mean
 * Undefined = unknown: nothing to go by, or 95 % sure of not even the sign, and then no uplift may be promised.
 */
export function shrinkElasticity(
  own: Elasticity | undefined,
  pool: ElasticityPool | undefined,
): ShrunkElasticity | undefined {
  const found = shrunk(own, pool);
  return found && found.value + ONE_SIDED_95 * found.error < 0 ? found : undefined;
}

function shrunk(own: Elasticity | undefined, pool: ElasticityPool | undefined): ShrunkElasticity | undefined {
  if (!pool) return own && { ...own, ownWeight: 1, products: 1, basis: 'own' };
  const prior = pool.spread ** 2 + pool.error ** 2;
  const { products } = pool;
  if (!own)
    return { value: pool.mean, error: Math.sqrt(prior), weeks: 0, ownWeight: 0, products, basis: 'category' };
  const ownWeight = prior / (prior + own.error ** 2);
  return {
    value: ownWeight * own.value + (1 - ownWeight) * pool.mean,
    error: Math.sqrt((prior * own.error ** 2) / (prior + own.error ** 2)),
    weeks: own.weeks,
    ownWeight,
    products,
    basis: 'shrunk',
  };
}

import { nelderMead } from '../../math/nelder-mead.ts';

/** A probability that moves: p[t+1] = (1 - persistence) average + (persistence - weight) p[t] + weight 1{y[t] > 0}. */
export interface DemandChance {
  readonly average: number;
  readonly persistence: number;
  readonly weight: number;
  /** Probability of demand in the first period ahead. */
  readonly level: number;
}

type Course = Omit<DemandChance, 'level'>;

const MOST_PERSISTENCE = 0.998;
const MOST_EVALUATIONS = 100;
/** Below this a product of probabilities goes into the sum of logarithms. */
const SMALL = 1e-100;

/** The chance of demand after a history (NaN is unknown), by maximum likelihood. */
export function fitDemandChance(y: Float64Array): DemandChance & { readonly logLikelihood: number } {
  let known = 0;
  let demands = 0;
  for (const value of y) {
    if (Number.isNaN(value)) continue;
    known++;
    if (value > 0) demands++;
  }
  // Half a demand and half a period without more: what always was stays a probability below 1.
  const share = (demands + 0.5) / (known + 1);
  const start = [Math.log(share / (1 - share)), 2.5, -2.5];
  const { point } = nelderMead(
    (at) => {
      // Faint, for what a short history says nothing about.
      const prior = ((at[0]! - start[0]!) / 2) ** 2 + ((at[1]! - 3) / 3) ** 2 + ((at[2]! + 2.5) / 3) ** 2;
      return 0.5 * prior - runDemandChance(y, courseAt(at)).logLikelihood;
    },
    start,
    { steps: [0.3, 0.8, 0.8], tolerance: 1e-7, maxEvaluations: MOST_EVALUATIONS },
  );
  const found = courseAt(point);
  return { ...found, ...runDemandChance(y, found) };
}

/** The probability after a history, and the ln likelihood of when there was demand in it. */
export function runDemandChance(
  y: Float64Array,
  { average, persistence, weight }: Course,
): { level: number; logLikelihood: number } {
  const start = (1 - persistence) * average;
  let level = average;
  let product = 1;
  let logs = 0;
  for (let t = 0; t < y.length; t++) {
    const value = y[t]!;
    if (Number.isNaN(value)) {
      level = start + persistence * level;
      continue;
    }
    product *= value > 0 ? level : 1 - level;
    if (product < SMALL) {
      logs += Math.log(product);
      product = 1;
    }
    level = start + (persistence - weight) * level + (value > 0 ? weight : 0);
  }
  return { level, logLikelihood: logs + Math.log(product) };
}

function courseAt(point: Float64Array): Course {
  const persistence = MOST_PERSISTENCE / (1 + Math.exp(-point[1]!));
  return {
    average: 1 / (1 + Math.exp(-point[0]!)),
    persistence,
    weight: persistence / (1 + Math.exp(-point[2]!)),
  };
}

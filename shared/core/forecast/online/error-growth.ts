import { DemandMemory } from './demand-memory.ts';

/** Far enough on for the levels to have their lasting weights; a multiple of every season up to that. */
const SEASONS_ON = 1000;

/**
 * Variance of each period ahead over that of the first, when forecasts are fed back in: an error of 1 is sent through
 * the recursion, and its squared effects are summed. Never more than a random walk has, so that weights that would let
 * errors grow do not make the bounds explode.
 */
export function errorGrowth(memory: DemandMemory, weights: Float64Array, horizon: number): Float64Array {
  const ripple = new DemandMemory(memory.period, memory.hasWave);
  ripple.seen = memory.seen + SEASONS_ON * memory.period;
  const features = new Float64Array(ripple.size);
  const growth = new Float64Array(horizon);
  let total = 0;
  let effect = 1;
  for (let h = 0; h < horizon; h++) {
    total += effect * effect;
    growth[h] = Math.min(total, h + 1);
    ripple.add(effect);
    ripple.fill(features);
    effect = 0;
    for (let i = 0; i < weights.length; i++) effect += weights[i]! * features[i]!;
  }
  return growth;
}

import { normalQuantile } from '../../math/normal.ts';
import { seededRandom, seedOf } from '../../math/random.ts';
import { LEVEL_ERROR } from './level-error.ts';
import { placeOf } from './level-grid.ts';

/** Where the futures of one period lie between the levels of LEVEL_GRID: see `placeOf`. */
export interface Places {
  readonly upper: Uint8Array;
  readonly share: Float64Array;
}

/** With fewer futures than this, they are drawn from so many. */
const FEWEST = 512;
/** Sets of scores that are kept; the oldest goes first. */
const MOST_KEPT = 8;
const kept = new Map<number, { readonly shocks: Float64Array; readonly periods: Places[] }>();

/**
 * Places of futures, period by period, by normal scores that share a level: z(h) = sqrt(c) level + sqrt(1 - c) own(h), c = LEVEL_ERROR, so that any
 * two periods correlate by c. The scores of each period are exactly the normal quantiles (i + 1/2) / n in some order,
 * so that no period is wide or narrow by chance. They depend on the number of futures alone: which future is which is
 * the caller's chance, and the same scores serve many series.
 */
export function placesOf(count: number, horizon: number): readonly Places[] {
  const size = Math.max(FEWEST, count);
  let set = kept.get(size);
  if (!set) {
    const random = seededRandom(seedOf(size, 'common level'));
    set = { shocks: Float64Array.from({ length: size }, () => random.normal()), periods: [] };
    if (kept.size >= MOST_KEPT) kept.delete(kept.keys().next().value!);
    kept.set(size, set);
  }
  for (let h = set.periods.length; h < horizon; h++) set.periods.push(periodPlaces(set.shocks, h));
  return set.periods;
}

function periodPlaces(shocks: Float64Array, period: number): Places {
  const count = shocks.length;
  const random = seededRandom(seedOf(count, `period ${period}`));
  const keys = shocks.map(
    (shock) => Math.sqrt(LEVEL_ERROR) * shock + Math.sqrt(1 - LEVEL_ERROR) * random.normal(),
  );
  const order = Uint32Array.from(keys, (_, i) => i).sort((a, b) => keys[a]! - keys[b]!);
  const places = { upper: new Uint8Array(count), share: new Float64Array(count) };
  order.forEach((future, rank) => {
    const { upper, share } = placeOf(normalQuantile((rank + 0.5) / count));
    places.upper[future] = upper;
    places.share[future] = share;
  });
  return places;
}

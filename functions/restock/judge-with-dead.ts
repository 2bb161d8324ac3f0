import { setImmediate as nextTurn } from 'node:timers/promises';
import { type SeriesKey, seriesName } from '../../shared/data/forecasts/series-store.ts';
import type { ReadDeadStock } from '../../shared/data/waste/dead-stock-store.ts';
import { judgeProduct, type ProductInput, type SeriesVerdict } from './judge-product.ts';

/**
 * What to order of each product, nothing of what is dead where it is to come: goods in stock that nobody wants any more,
 * no order waits for and no person has set a rule for. Asked only about what would come, as most stock is dead of nothing.
 */
export async function judgeWithDead(
  products: readonly ProductInput[],
  readDead: ReadDeadStock,
): Promise<Map<string, SeriesVerdict>[]> {
  const verdicts: Map<string, SeriesVerdict>[] = [];
  for (const product of products) {
    verdicts.push(judgeProduct(product));
    // lets what is being written get on
    await nextTurn();
  }
  const suspects = products.flatMap((product, i) => suspectsOf(product, verdicts[i]!));
  const dead = await readDead(suspects);
  if (dead.size === 0) return verdicts;
  return products.map((product, i) =>
    product.series.some(({ series }) => dead.has(seriesName(series)))
      ? judgeProduct({ ...product, dead })
      : verdicts[i]!,
  );
}

const suspectsOf = (
  { series, ruled }: ProductInput,
  verdicts: ReadonlyMap<string, SeriesVerdict>,
): SeriesKey[] =>
  series.flatMap(({ series: { productId, locationId }, position }) => {
    const { need, transfers = [] } = verdicts.get(locationId) ?? {};
    const isToCome = need !== undefined || transfers.length > 0;
    const isKept = position.committed > 0 || ruled?.has(seriesName({ productId, locationId }));
    return isToCome && position.onHand > 0 && !isKept ? [{ productId, locationId }] : [];
  });

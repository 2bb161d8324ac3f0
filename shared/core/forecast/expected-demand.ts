import { drawFutures } from './draw-futures.ts';

/** Mean of the futures of each period ahead: the demand that orders count with, which the least absolute error is often below. */
export function expectedDemand(series: Parameters<typeof drawFutures>[0], seed: number): number[] {
  const { count, values } = drawFutures(series, { days: series.horizon * series.periodDays, seed });
  return Array.from({ length: series.horizon }, (_, h) => {
    const units = values.subarray(h * count, (h + 1) * count);
    return units.reduce((sum, value) => sum + value, 0) / count;
  });
}

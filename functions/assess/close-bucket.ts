import { addSums, NO_OUTCOMES, scoreBucket } from '../../shared/core/forecast/evaluate/score-bucket.ts';
import {
  type AccuracyCell,
  digestDemand,
  finishBucket,
  listSheets,
  lockBucket,
  readSheet,
  type Sheet,
  saveActuals,
} from '../../shared/data/accuracy-close-store.ts';
import { readActuals, readStockouts } from '../../shared/data/accuracy-inputs-store.ts';
import type { Statements } from '../../shared/data/database.ts';
import { seriesName } from '../../shared/data/series-store.ts';

/**
 * Closes the week that ends on that day: puts what came beside every forecast that was kept for it, at all lags, and
 * sums up. All of it in one transaction, from one state of the database. Nothing happens, and the answer is false, when
 * the week was closed with the same demand; with another demand its sums are made anew.
 */
export async function closeBucket(tx: Statements, bucketEnd: string): Promise<boolean> {
  const { digest: before, isSettled } = await lockBucket(tx, bucketEnd);
  if (isSettled) return false;
  const digest = await digestDemand(tx, bucketEnd);
  const sheets = await listSheets(tx, bucketEnd);
  const isNew = digest !== before || sheets.some((sheet) => !sheet.isClosed);
  if (!isNew || sheets.length === 0) return false;
  const actuals = await readActuals(tx, bucketEnd);
  const stockouts = new Map<string, boolean>();
  const cells = new Map<string, AccuracyCell>();
  for (const name of sheets) {
    const sheet = await readSheet(tx, name);
    await lookForStockouts(tx, sheet, bucketEnd, stockouts);
    const came = sheet.series.map((key) => {
      const series = seriesName(key);
      return stockouts.get(series) ? null : (actuals.get(series) ?? 0);
    });
    await saveActuals(tx, name, came);
    addToCells(cells, name.lag, sheet, came);
  }
  await finishBucket(tx, bucketEnd, [...cells.values()], digest);
  return true;
}

/** The sheets of a week hold about the same series, so each is looked up once. */
async function lookForStockouts(
  tx: Statements,
  { series }: Sheet,
  bucketEnd: string,
  known: Map<string, boolean>,
): Promise<void> {
  const unknown = series.filter((key) => !known.has(seriesName(key)));
  if (unknown.length === 0) return;
  const found = await readStockouts(tx, unknown, bucketEnd);
  for (const key of unknown) known.set(seriesName(key), found.has(seriesName(key)));
}

function addToCells(
  cells: Map<string, AccuracyCell>,
  lag: number,
  { series, mean, naive, quantiles }: Sheet,
  actuals: readonly (number | null)[],
): void {
  const levels = Object.keys(quantiles);
  series.forEach(({ category, demandClass, model }, i) => {
    const actual = actuals[i]!;
    const key = JSON.stringify([lag, category, demandClass, model]);
    const cell = cells.get(key) ?? { lag, category, demandClass, model, ...NO_OUTCOMES };
    const outcome =
      actual === null
        ? { ...NO_OUTCOMES, censored: 1 }
        : scoreBucket({
            mean: mean[i]!,
            naive: naive[i]!,
            quantiles: Object.fromEntries(levels.map((level) => [level, quantiles[level]![i]!])),
            actual,
          });
    cells.set(key, { lag, category, demandClass, model, ...addSums(cell, outcome) });
  });
}

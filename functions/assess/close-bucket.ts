import { addSums, NO_OUTCOMES, scoreBucket } from '../../shared/core/forecast/evaluate/score-bucket.ts';
import {
  type AccuracyCell,
  type CellKind,
  digestDemand,
  finishBucket,
  listParts,
  lockBucket,
  readSheets,
  type Sheet,
  saveActuals,
} from '../../shared/data/forecasts/accuracy-close-store.ts';
import { readActuals } from '../../shared/data/forecasts/accuracy-inputs-store.ts';
import { PERIOD_DAYS, seriesName } from '../../shared/data/forecasts/series-store.ts';
import { daysOutOf, MOST_DAYS_OUT, readStockouts } from '../../shared/data/ledger/stockout-store.ts';
import type { Statements } from '../../shared/data/sql/database.ts';

/**
 * Closes the week that ends on that day: puts what came beside every forecast that was kept for it, at all lags, and
 * sums up. All of it in one transaction, from one state of the database. Nothing happens, and the answer is false, when
 * the week was closed with the same demand; with another demand its sums are made anew.
 */
export async function closeBucket(tx: Statements, bucketEnd: string): Promise<boolean> {
  const { digest: before, isSettled } = await lockBucket(tx, bucketEnd);
  if (isSettled) return false;
  const digest = await digestDemand(tx, bucketEnd);
  const parts = await listParts(tx, bucketEnd);
  const isNew = digest !== before || parts.some(({ open }) => open > 0);
  if (!isNew || parts.length === 0) return false;
  const actuals = await readActuals(tx, bucketEnd);
  const cells = new Map<string, AccuracyCell>();
  for (const { part } of parts) {
    const sheets = await readSheets(tx, bucketEnd, part);
    const stockouts = await findStockouts(tx, sheets, bucketEnd);
    const came = sheets.map(({ asOf, lag, series }) => ({
      asOf,
      lag,
      actuals: series.map((key) => {
        const name = seriesName(key);
        return stockouts.has(name) ? null : (actuals.get(name) ?? 0);
      }),
    }));
    await saveActuals(tx, part, came);
    sheets.forEach((sheet, i) => {
      addToCells(cells, sheet, came[i]!.actuals);
    });
  }
  await finishBucket(tx, bucketEnd, [...cells.values()], digest);
  return true;
}

/** Weeks back of those in which what was out of stock in the week that is closed may have run out. */
const WEEKS_BACK = MOST_DAYS_OUT / PERIOD_DAYS + 1;

/**
 * The series that were out of stock for a whole day of the week: what would have been sold then is unknown. The sheets
 * of a part hold about the same series, so each is looked up once.
 */
async function findStockouts(
  tx: Statements,
  sheets: readonly Sheet[],
  bucketEnd: string,
): Promise<Set<string>> {
  const series = new Map(sheets.flatMap((sheet) => sheet.series).map((key) => [seriesName(key), key]));
  const stockouts = await readStockouts(tx, [...series.values()], bucketEnd, WEEKS_BACK);
  return new Set([...stockouts].filter(([, out]) => daysOutOf(out, 1)[0]! > 0).map(([name]) => name));
}

function addToCells(
  cells: Map<string, AccuracyCell>,
  { lag, series, mean, naive, quantiles }: Sheet,
  actuals: readonly (number | null)[],
): void {
  const levels = Object.keys(quantiles);
  series.forEach(({ category, demandClass, model }, i) => {
    const actual = actuals[i]!;
    const outcome =
      actual === null
        ? { ...NO_OUTCOMES, censored: 1 }
        : scoreBucket({
            mean: mean[i]!,
            naive: naive[i]!,
            quantiles: Object.fromEntries(levels.map((level) => [level, quantiles[level]![i]!])),
            actual,
          });
    const add = (kind: CellKind, name: string): void => {
      const key = `${lag} ${kind} ${name}`;
      cells.set(key, { lag, kind, name, ...addSums(cells.get(key) ?? NO_OUTCOMES, outcome) });
    };
    add('category', category);
    add('class', demandClass);
    add('model', membersOf(model));
  });
}

/** The members of a blend are named by their weights in each series: here the same members are the same model. */
const membersOf = (model: string): string => model.split('+').sort().join('+');

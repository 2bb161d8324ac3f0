import { createHash } from 'node:crypto';
import {
  type AccuracyDrift,
  accuracyDrift,
  DRIFT_BUCKETS,
} from '../../shared/core/forecast/evaluate/accuracy-drift.ts';
import { readGroupBuckets } from '../../shared/data/forecasts/accuracy-reads.ts';
import { listAlertsOfType, openAlert, settleAlert } from '../../shared/data/planning/alert-store.ts';
import type { Statements } from '../../shared/data/sql/database.ts';

/** The lag that is watched: the next week's forecast is the freshest, and each week has one. */
const WATCHED_LAG = 1;
/** Categories that are watched, the largest. */
const MOST_GROUPS = 50;
const TYPE = 'forecast_drift';

/**
 * Raises an alert for each category whose forecasts of the next week have been biased, or worse than naive ones, over
 * the last quarter, and settles those of which that is no longer true. Listeners are told when an alert opens; while it is
 * open its words follow the figures. Answers for how many it is true.
 */
export async function watchAccuracy(tx: Statements): Promise<number> {
  const groups = await readGroupBuckets(tx, WATCHED_LAG, DRIFT_BUCKETS, MOST_GROUPS);
  const known = new Map((await listAlertsOfType(tx, TYPE)).map((alert) => [alert.key, alert]));
  const standing = new Set<string>();
  for (const [category, buckets] of groups) {
    const drift = accuracyDrift(buckets);
    if (!drift || !(drift.isBiased || drift.isWorseThanNaive)) continue;
    const key = keyOf(category);
    const alert = {
      key,
      type: TYPE,
      level: 'warning',
      title: `Forecasts of ${category || 'uncategorised products'} have drifted`.slice(0, 200),
      message: wordsOf(drift),
    } as const;
    standing.add(key);
    // every plan comes by here, and late sales change the figures: what a person closed stays so for that week
    const reason = { bucketEnd: buckets.at(-1)!.bucketEnd, faults: faultsOf(drift) };
    const before = known.get(key);
    if (before && before.closedBy !== null && isKnown(reason, before.reason)) continue;
    await openAlert(tx, alert, `${reason.bucketEnd} ${reason.faults.join(', ')}`);
  }
  for (const { key, isOpen } of known.values()) if (isOpen && !standing.has(key)) await settleAlert(tx, key);
  return standing.size;
}

const faultsOf = ({ bias, isBiased, isWorseThanNaive }: AccuracyDrift): string[] => [
  ...(isBiased ? [bias > 0 ? 'too high' : 'too low'] : []),
  ...(isWorseThanNaive ? ['worse than naive'] : []),
];

interface DriftReason {
  readonly bucketEnd: string;
  readonly faults: readonly string[];
}

/** Whether an alert was about that week already, and about each of its faults. */
const isKnown = ({ bucketEnd, faults }: DriftReason, told: string | null): boolean =>
  told?.startsWith(bucketEnd) === true && faults.every((fault) => told.includes(fault));

/** Within the width of the column, whatever the category is called. */
const keyOf = (category: string): string =>
  `${TYPE}:${createHash('sha256').update(category).digest('base64url').slice(0, 22)}`;

function wordsOf({ buckets, bias, isBiased, isWorseThanNaive, relativeError, signal, limit }: AccuracyDrift) {
  const where = `Over the last ${buckets} closed weeks, series by series one week ahead (lag 1),`;
  const faults = [
    ...(isBiased
      ? [
          `forecasts were ${percent(Math.abs(bias))} too ${bias > 0 ? 'high' : 'low'} (tracking signal ${signal.toFixed(1)}, limit ${limit.toFixed(1)})`,
        ]
      : []),
    ...(isWorseThanNaive
      ? [
          Number.isFinite(relativeError)
            ? `their absolute error was ${percent(relativeError - 1)} above that of seasonal naive`
            : 'they were wrong where seasonal naive was not',
        ]
      : []),
  ];
  return `${where} ${faults.join(', and ')}.`;
}

const percent = (share: number): string => `${(100 * share).toFixed(0)} %`;

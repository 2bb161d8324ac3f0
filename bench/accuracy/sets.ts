/** A set of series with fixed origins, known to rivals. */
export interface BenchSet {
  readonly name: string;
  /** File with `series_id,date,quantity` and further columns. */
  readonly file: string;
  readonly frequency: 'daily' | 'weekly';
  readonly season: number;
  readonly horizon: number;
  readonly missing: 'zero' | 'nan';
  /** Columns that are known in advance, for a second run with them. */
  readonly known?: readonly string[];
}

const WEEKLY = { frequency: 'weekly', season: 52, missing: 'zero' } as const;

/** The sets, with origins in `peers/NAME/folds.csv`. */
export const SETS: readonly BenchSet[] = [
  { ...WEEKLY, name: 'm5-weekly', file: 'm5-weekly-dev.csv.gz', horizon: 13 },
  {
    name: 'm5-daily',
    file: 'm5-daily-dev.csv.gz',
    frequency: 'daily',
    season: 7,
    horizon: 28,
    missing: 'zero',
    known: ['price', 'snap', 'event'],
  },
  {
    ...WEEKLY,
    name: 'orange-juice-weekly',
    file: 'orange-juice-weekly-dev.csv.gz',
    horizon: 13,
    // A week without a row was not recorded.
    missing: 'nan',
    known: ['price', 'deal', 'feature'],
  },
  { ...WEEKLY, name: 'online-retail-weekly', file: 'online-retail-weekly-dev.csv.gz', horizon: 8 },
  { ...WEEKLY, name: 'amazon-category-weekly', file: 'amazon-category-weekly.csv.gz', horizon: 13 },
];

/** The levels of the rivals' files: the quantile loss is the mean over these. */
export const LEVELS = [0.025, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.975];

/** More levels, so that the probability transform of a count is known finely. */
export const FINE_LEVELS = [
  0.0125,
  ...Array.from({ length: 39 }, (_, i) => Number(((i + 1) * 0.025).toFixed(3))),
  0.9875,
];

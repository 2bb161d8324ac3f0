import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { addDays } from '../../shared/core/calendar/add-days.ts';
import type { Score } from '../../shared/core/forecast/evaluate/forecast-score.ts';
import { readActuals } from './actuals.ts';
import { type ForecastRows, readForecasts } from './forecast-rows.ts';
import { readCsv } from './read-csv.ts';
import { runCommand } from './run-command.ts';
import { scoreRows } from './score-rows.ts';
import { type BenchSet, FINE_LEVELS } from './sets.ts';

/** A forecaster on a set. */
export interface Line {
  readonly name: string;
  readonly isOurs: boolean;
  /** It was told regressors of the future. */
  readonly knowsInputs: boolean;
  /** CPU seconds of a forecast: of one series from one origin. */
  readonly seconds: number;
  readonly score: Score;
}

export interface SetResult {
  readonly set: string;
  readonly lines: readonly Line[];
  /** The same on the sample of series that slow rivals were run on; empty without any. */
  readonly sample: readonly Line[];
  /** Largest difference of a rival's wQL or MASE from the one published beside its forecasts. */
  readonly largestDifference: number;
}

export interface Folders {
  readonly data: string;
  readonly peers: string;
  /** For files in between. */
  readonly scratch: string;
}

export interface SetOptions extends Folders {
  readonly models: readonly string[];
  /** Horizons by which the origins are moved back; then there are no rivals. */
  readonly earlier: number;
}

const PERIOD_DAYS = { daily: 1, weekly: 7 } as const;

interface Run {
  readonly name: string;
  readonly isOurs: boolean;
  readonly rows: readonly ForecastRows[];
  readonly seconds: number;
}

/** Forecasts a set from its origins by the command line and scores it beside the rivals' files. */
export async function scoreSet(
  set: BenchSet,
  { models, earlier, ...folders }: SetOptions,
): Promise<SetResult> {
  const peers = join(folders.peers, set.name);
  const file = join(folders.data, set.file);
  const actuals = readActuals(file, set.frequency);
  const back = -earlier * set.horizon * PERIOD_DAYS[set.frequency];
  const folds = [...readCsv(join(peers, 'folds.csv'))].map(
    ({ cells: [id, origin] }) => `${addDays(origin!, back)} ${id}`,
  );
  const wanted = new Set(folds);
  const isWanted = (id: string, origin: string): boolean => wanted.has(`${origin} ${id}`);
  const origins = [...new Set(folds.map((fold) => fold.split(' ')[0]!))].sort();
  const published = readPublished(join(folders.peers, 'peers.csv'), set.name);

  const runs: Run[] = [];
  for (const model of models) {
    runs.push(await ownRun(set, { file, model, origins, isWanted, scratch: folders.scratch }));
    if (!set.known || model !== 'auto') continue;
    const future = join(folders.scratch, `${set.name}-known.csv`);
    writeKnown(file, set.known, future);
    runs.push(await ownRun(set, { file, model, origins, isWanted, scratch: folders.scratch, future }));
  }
  const rivals = earlier > 0 ? [] : readdirSync(peers).filter((entry) => entry.endsWith('.csv.gz'));
  for (const name of rivals) {
    const model = name.slice(0, -'.csv.gz'.length);
    const seconds = published.get(model)?.seconds ?? Number.NaN;
    runs.push({ name: model, isOurs: false, rows: readForecasts(join(peers, name), isWanted), seconds });
  }
  // Further back some series have not begun.
  const whole = runs.filter(({ rows }) => earlier > 0 || rows.length === folds.length);
  const partial = whole.length < runs.length;
  const lines = sorted(whole.map((run) => lineOf(run, run.rows)));
  const sampleFile = join(peers, 'sample.csv');
  let sample: Line[] = [];
  if (partial && existsSync(sampleFile)) {
    const inSample = new Set([...readCsv(sampleFile)].map(({ cells: [id] }) => id!));
    sample = sorted(
      runs.map((run) =>
        lineOf(
          run,
          run.rows.filter(({ id }) => inSample.has(id)),
        ),
      ),
    );
  }
  const largestDifference = lines.reduce((most, { name, score }) => {
    const known = published.get(name);
    const apart = [score.mase - (known?.mase ?? Number.NaN), score.wql - (known?.wql ?? Number.NaN)];
    return Math.max(most, ...apart.map(Math.abs).filter((difference) => !Number.isNaN(difference)));
  }, 0);
  return { set: set.name, lines, sample, largestDifference };

  function lineOf({ name, isOurs, seconds }: Run, rows: readonly ForecastRows[]): Line {
    return {
      name,
      isOurs,
      knowsInputs: name.endsWith('known_inputs'),
      seconds,
      score: scoreRows(rows, actuals, set),
    };
  }
}

interface OwnRun {
  readonly file: string;
  readonly model: string;
  readonly origins: readonly string[];
  readonly isWanted: (id: string, origin: string) => boolean;
  readonly scratch: string;
  readonly future?: string;
}

async function ownRun(set: BenchSet, run: OwnRun): Promise<Run> {
  const { file, model, origins, isWanted, scratch, future } = run;
  const rows: ForecastRows[] = [];
  let seconds = 0;
  let forecasts = 0;
  for (const origin of origins) {
    const output = join(scratch, 'forecast.csv');
    seconds += await runCommand([
      'forecast',
      ...['--input', file, '--frequency', set.frequency, '--horizon', String(set.horizon)],
      ...['--origin', origin, '--missing', set.missing, '--model', model],
      ...['--quantiles', FINE_LEVELS.join(','), '--output', output],
      ...(future ? ['--future', future] : []),
    ]);
    const found = readForecasts(output, () => true);
    forecasts += found.length;
    rows.push(...found.filter(({ id }) => isWanted(id, origin)));
  }
  const name = future ? `${model}_known_inputs` : model;
  return { name: `smart-inventory ${name}`, isOurs: true, rows, seconds: seconds / forecasts };
}

/** The columns that are known in advance, of all dates, without the quantities. */
function writeKnown(file: string, known: readonly string[], target: string): void {
  const names = ['series_id', 'date', ...known];
  const lines = [names.join(',')];
  for (const { cells, header } of readCsv(file)) {
    lines.push(names.map((name) => `"${cells[header.indexOf(name)]!.replaceAll('"', '""')}"`).join(','));
  }
  writeFileSync(target, `${lines.join('\n')}\n`);
}

interface Published {
  mase?: number;
  wql?: number;
  seconds: number;
}

/** What was published beside the rivals' forecasts. */
function readPublished(file: string, set: string): ReadonlyMap<string, Published> {
  const found = new Map<string, Published>();
  for (const { cells } of readCsv(file)) {
    const [name, model, metric, value, seconds] = cells as [string, string, string, string, string];
    if (name !== set) continue;
    const line: Published = found.get(model) ?? { seconds: Number(seconds) };
    if (metric === 'MASE') line.mase = Number(value);
    if (metric === 'wQL' && value !== '') line.wql = Number(value);
    found.set(model, line);
  }
  return found;
}

/** By quantile loss, those without one last. */
function sorted(lines: Line[]): Line[] {
  const key = ({ score }: Line): number => (Number.isNaN(score.wql) ? 100 + score.mase : score.wql);
  return lines.sort((a, b) => key(a) - key(b));
}

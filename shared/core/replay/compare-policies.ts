import { type Candidate, candidateAimingAt, candidatesFor } from './candidates.ts';
import { type ClassChoice, choosePolicies } from './choose-policies.ts';
import { type Measures, measuresOf, totalCost } from './measures.ts';
import type { ReplayTask, SeriesReplay } from './replay-series.ts';
import type { Tally } from './replay-stock.ts';
import { differenceInterval, sumInterval } from './resampled-interval.ts';
import { valueClasses } from './value-class.ts';

/** One row of the comparison with its interval. */
export interface ComparedRow {
  readonly policy: string;
  readonly forecaster: string;
  readonly measures: Measures;
  readonly low: number;
  readonly high: number;
  /** Its total cost less that of `auto`, and the 95 % interval of that difference. */
  readonly dearer: { readonly mean: number; readonly low: number; readonly high: number };
}

/** A class's policy as a planner would store it. */
export interface ChosenPolicy extends ClassChoice {
  readonly chosen: Candidate;
}

export interface Comparison {
  /** `auto` first. */
  readonly rows: readonly ComparedRow[];
  readonly choices: readonly ChosenPolicy[];
}

/** Sums the replays of all series to the rows of the comparison; intervals by resampling series, the same ones in all rows. */
export function comparePolicies(task: ReplayTask, replays: readonly SeriesReplay[]): Comparison {
  const candidates = candidatesFor(task.terms, task.forecasters);
  const value = valueClasses(replays.map((replay) => replay.value));
  const groups = replays.map(({ demandClass }, i) => `${demandClass} ${value[i]}`);
  const entries = replays.map(({ id, earlier }, i) => ({ id, group: groups[i]!, tallies: earlier }));
  const { serviceLevel } = task.terms;
  const untried = candidateAimingAt(candidates, serviceLevel);
  const choices = choosePolicies(entries, candidates.length, serviceLevel, untried);
  const auto = replays.map((replay, i) => replay.candidates[choices.get(groups[i]!)!.candidate]!);
  const rowOf = (policy: string, forecaster: string, tallies: readonly Tally[]): ComparedRow => {
    const dearer = tallies.map((tally, i) => totalCost(tally) - totalCost(auto[i]!));
    return {
      policy,
      forecaster,
      measures: measuresOf(tallies, task.terms),
      ...sumInterval(tallies.map(totalCost), task.seed),
      dearer: { mean: dearer.reduce((sum, one) => sum + one, 0), ...differenceInterval(dearer, task.seed) },
    };
  };
  const rows = task.rows.map((row, r) =>
    rowOf(
      row.policy,
      row.forecaster,
      replays.map((replay) => replay.rows[r]!),
    ),
  );
  return {
    rows: [rowOf('auto', 'chosen', auto), ...rows],
    choices: [...choices.values()]
      .map((choice) => ({ ...choice, chosen: candidates[choice.candidate]! }))
      .sort((a, b) => (a.group < b.group ? -1 : 1)),
  };
}

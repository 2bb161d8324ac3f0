import type { Candidate } from './candidates.ts';
import { choosePolicies } from './choose-policies.ts';
import { type ClassPlan, isSamePlan } from './class-candidates.ts';
import { measuresOf, totalCost } from './measures.ts';
import type { SeriesReplay } from './replay-series.ts';
import type { Tally } from './replay-stock.ts';
import { periodsAYear, type ReplayTerms } from './replay-terms.ts';
import { differenceInterval, sumInterval } from './resampled-interval.ts';

/** What a candidate came to on the periods that it was not chosen on, over the series of the sample. */
export interface JudgedCandidate {
  readonly candidate: Candidate;
  /** Money a year, and its 95 % interval over series. */
  readonly yearlyCost: number;
  readonly low: number;
  readonly high: number;
  readonly fillRate: number;
  readonly cycleService: number;
  readonly averageStock: number;
  /** A year, summed over the series. */
  readonly stockoutDays: number;
  /** A year, on the earlier periods that the choice was made on. */
  readonly earlierCost: number;
}

/**
 * `change`: cheaper beyond chance. `unclear`: chosen before, not surely cheaper after. `keep`: what stands was chosen, or is
 * surely cheaper after.
 */
export type Verdict = 'change' | 'unclear' | 'keep' | 'no-evidence';

/** What replays say about the policy of a class. */
export interface ClassJudgement {
  readonly verdict: Verdict;
  /** Series that were long enough to choose on. */
  readonly series: number;
  /** What stands, with the forecaster of the best one: so that only the policy differs. Null without evidence. */
  readonly now: JudgedCandidate | null;
  readonly best: JudgedCandidate | null;
  /** Cost of a year with what stands less that with the best. */
  readonly saving: { readonly mean: number; readonly low: number; readonly high: number } | null;
  /** Whether the best one had the service that was asked for on the periods that it was chosen on. */
  readonly reachesService: boolean;
  /** The next cheapest of those with that service, and the best policy with the other forecasters. */
  readonly others: readonly JudgedCandidate[];
}

/** With fewer series than this chance decides. */
export const LEAST_SERIES = 5;
/** Rows of the table of others. */
const MOST_OTHERS = 10;

export interface JudgeClassInput {
  readonly replays: readonly SeriesReplay[];
  /** In the order of the replays' tallies. */
  readonly candidates: readonly Candidate[];
  readonly standing: ClassPlan;
  readonly serviceLevel: number;
  readonly daysAPeriod: number;
  readonly seed: number;
}

/**
 * Chooses the policy of a class by its cost on earlier periods among candidates with the service asked for (see
 * `choosePolicies`), and judges it on the later ones, beside what stands. Series too short to choose on are left out.
 */
export function judgeClass(input: JudgeClassInput): ClassJudgement {
  const { candidates, standing, serviceLevel } = input;
  const told = input.replays.filter((replay) => replay.earlier !== null);
  const series = told.length;
  if (series < LEAST_SERIES)
    return {
      ...{ verdict: 'no-evidence', series, now: null, best: null, saving: null },
      ...{ reachesService: false, others: [] },
    };
  const entries = told.map(({ id, earlier }) => ({ id, group: '', tallies: earlier }));
  const choice = choosePolicies(entries, candidates.length, serviceLevel, 0).get('')!;
  const { forecaster } = candidates[choice.candidate]!;
  const standingAt = candidates.findIndex(
    (one) => isSamePlan(one, standing) && one.forecaster === forecaster,
  );
  const judge = judgeOf(told, input);
  const saving = savingOf(told, standingAt, choice.candidate, input);
  const isSame = standingAt === choice.candidate;
  return {
    verdict: saving.low > 0 ? 'change' : isSame || saving.high < 0 ? 'keep' : 'unclear',
    series,
    now: judge(standingAt),
    best: judge(choice.candidate),
    saving,
    reachesService: Math.min(choice.fillRate!, choice.cycleService!) >= serviceLevel - 1e-9,
    others: othersOf(told, choice.candidate, input)
      .filter((at) => at !== standingAt)
      .slice(0, MOST_OTHERS)
      .map(judge),
  };
}

/** Money a year; series may have been tried over different numbers of periods. */
const yearlyCosts = (tallies: readonly Tally[], terms: Pick<ReplayTerms, 'daysAPeriod'>): number[] =>
  tallies.map((tally) => (totalCost(tally) * periodsAYear(terms)) / tally.periods);

const sumOf = (values: readonly number[]): number => values.reduce((sum, one) => sum + one, 0);

function judgeOf(told: readonly SeriesReplay[], { candidates, daysAPeriod, seed }: JudgeClassInput) {
  return (at: number): JudgedCandidate => {
    const tallies = told.map((replay) => replay.candidates[at]!);
    const costs = yearlyCosts(tallies, { daysAPeriod });
    const measures = measuresOf(tallies, { daysAPeriod });
    const earlier = told.map((replay) => replay.earlier![at]!);
    return {
      candidate: candidates[at]!,
      yearlyCost: sumOf(costs),
      ...sumInterval(costs, seed),
      fillRate: measures.fillRate,
      cycleService: measures.cycleService,
      averageStock: measures.averageStock,
      stockoutDays: (measures.stockoutDays * periodsAYear({ daysAPeriod })) / tallies[0]!.periods,
      earlierCost: sumOf(yearlyCosts(earlier, { daysAPeriod })),
    };
  };
}

/** The same series in both, so that the difference is sure where each of them is not. */
function savingOf(
  told: readonly SeriesReplay[],
  standing: number,
  best: number,
  { daysAPeriod, seed }: JudgeClassInput,
) {
  const costs = (at: number): number[] =>
    yearlyCosts(
      told.map(({ candidates }) => candidates[at]!),
      { daysAPeriod },
    );
  const cheaper = costs(best);
  const savings = costs(standing).map((cost, k) => cost - cheaper[k]!);
  return { mean: sumOf(savings), ...differenceInterval(savings, seed) };
}

/** Candidates beside the best: its policy with other forecasters, then those with the service asked for, the cheapest first. */
function othersOf(
  told: readonly SeriesReplay[],
  best: number,
  { candidates, serviceLevel }: JudgeClassInput,
): number[] {
  const earlier = candidates.map((_, c) => told.map((replay) => replay.earlier![c]!));
  const cost = earlier.map((tallies) => sumOf(tallies.map(totalCost)));
  const isSamePolicy = (c: number): boolean => isSamePlan(candidates[c]!, candidates[best]!);
  const reaches = (c: number): boolean => {
    const { fillRate, cycleService } = measuresOf(earlier[c]!, { daysAPeriod: 1 });
    return Math.min(fillRate, cycleService) >= serviceLevel - 1e-9;
  };
  return candidates
    .map((_, c) => c)
    .filter((c) => c !== best && (isSamePolicy(c) || reaches(c)))
    .sort((a, b) => Number(isSamePolicy(b)) - Number(isSamePolicy(a)) || cost[a]! - cost[b]!);
}

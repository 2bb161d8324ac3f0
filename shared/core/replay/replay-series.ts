import { classifyDemand, type DemandClass } from '../forecast/classify.ts';
import type { PolicyKind } from '../inventory/policies/policy-rule.ts';
import { seedOf } from '../math/random.ts';
import { type Candidate, candidatesFor } from './candidates.ts';
import { clairvoyantRule } from './clairvoyant.ts';
import { outlookMaker } from './forecasters.ts';
import { type OriginalRule, originalRule } from './original-rules.ts';
import { type Outlook, outlookTimes, stretchedOutlook } from './outlook.ts';
import { type PolicyPlan, planRule } from './policy-plan.ts';
import { type CaseInput, openingStock, type ReplayCase, replayCase } from './replay-case.ts';
import { replayStock, type Span, type Tally } from './replay-stock.ts';
import { assertTerms, type ReplayTerms } from './replay-terms.ts';

/** A row of the comparison: a policy with a forecaster. `scale` multiplies the numbers of an original rule. */
export type ReplayRow =
  | { readonly policy: 'clairvoyant'; readonly forecaster: 'demand' }
  | { readonly policy: OriginalRule; readonly forecaster: string; readonly scale?: number }
  | { readonly policy: PolicyKind; readonly forecaster: string; readonly plan: PolicyPlan };

/** What one series is replayed for. */
export interface ReplayTask {
  readonly terms: ReplayTerms;
  readonly rows: readonly ReplayRow[];
  /** Forecasters that `auto` may choose. */
  readonly forecasters: readonly string[];
  /** What `auto` may choose from, in place of what suits the terms. */
  readonly candidates?: readonly Candidate[];
  /** Periods at the end that are replayed. */
  readonly test: number;
  readonly seed: number;
}

/** What became of one series. */
export interface SeriesReplay {
  readonly id: string;
  readonly demandClass: DemandClass;
  /** Money of a period's demand before the replay. */
  readonly value: number;
  /** In the order of the task's rows. */
  readonly rows: readonly Tally[];
  /** Of `auto`'s candidates: on the last part of the training data (null: too short), and on the test part. */
  readonly earlier: readonly Tally[] | null;
  readonly candidates: readonly Tally[];
}

/** Share of the training data that candidates are tried on, and periods that must lie before it. */
const TRIED_SHARE = 1 / 3;
const FEWEST_BEFORE = 16;
/** Lead times and reviews that a trial lasts at least: during the first, all candidates live on the same opening stock. */
const FEWEST_ROUNDS = 2;

/** Replays one series through every row and candidate. Null when it has no period before the test part. */
export function replaySeries(task: ReplayTask, input: CaseInput): SeriesReplay | null {
  const { terms, test } = task;
  assertTerms(terms);
  const start = input.quantities.length - test;
  if (start < 1) return null;
  const of = replayCase(input, terms);
  const training = of.known.subarray(0, start);
  const tried = Math.min(test, Math.floor(start * TRIED_SHARE));
  const candidates = task.candidates ?? candidatesFor(terms, task.forecasters);
  const judged = partOf(of, { start, end: start + test }, task);
  const earlier =
    start - tried >= FEWEST_BEFORE && tried >= FEWEST_ROUNDS * (terms.leadTime + terms.review)
      ? partOf(of, { start: start - tried, end: start }, task)
      : null;
  return {
    id: input.id,
    demandClass: classifyDemand(training).demandClass,
    value: meanValue(of, start),
    rows: task.rows.map((row) => judged.row(row)),
    earlier: earlier && candidates.map((candidate) => earlier.candidate(candidate)),
    candidates: candidates.map((candidate) => judged.candidate(candidate)),
  };
}

interface Part {
  candidate(candidate: Candidate): Tally;
  row(row: ReplayRow): Tally;
}

function partOf(
  of: ReplayCase,
  { start, end }: Pick<Span, 'start' | 'end'>,
  { terms, seed }: ReplayTask,
): Part {
  const span = { start, end, openingStock: openingStock(of, start, terms) };
  const times = outlookTimes(start, end, terms);
  const { id, known, regressors } = of;
  const outlooksOf = outlookMaker({ id, known, times, terms, regressors, seed: seedOf(seed, id) });
  const wide = new Map<string, readonly Outlook[]>();
  const stretchedOf = (name: string, by: number): readonly Outlook[] => {
    const key = `${name} ${by}`;
    const found = wide.get(key) ?? outlooksOf(name).map((outlook) => stretchedOutlook(outlook, by));
    wide.set(key, found);
    return found;
  };
  const planned = (plan: PolicyPlan, forecaster: string): Tally => {
    const { stretch = 1 } = plan;
    const outlooks = stretch === 1 ? outlooksOf(forecaster) : stretchedOf(forecaster, stretch);
    const rule = planRule(plan, { of, terms, times, outlooks, start });
    return replayStock(of, span, terms, rule);
  };
  return {
    candidate: (candidate) => planned(candidate, candidate.forecaster),
    row(row) {
      if (row.policy === 'clairvoyant') return replayStock(of, span, terms, clairvoyantRule(of, span, terms));
      if ('plan' in row) return planned(row.plan, row.forecaster);
      const { policy: rule, scale = 1 } = row;
      const outlooks = rule === 'z-formula' ? [] : outlooksOf(row.forecaster);
      let current = 0;
      const at = (t: number): Outlook => {
        while (current + 1 < times.length && times[current + 1]! <= t) current++;
        return outlooks[current]!;
      };
      return replayStock(of, span, terms, originalRule(rule, { of, terms, at, start, scale }));
    },
  };
}

function meanValue({ demand, cost, margin }: ReplayCase, start: number): number {
  let sum = 0;
  for (let t = 0; t < start; t++) sum += demand[t]! * (cost[t]! + margin[t]!);
  return sum / start;
}

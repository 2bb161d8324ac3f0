import { SEASON } from '../../shared/core/calendar/period-grid.ts';
import { type Candidate, candidatesFor } from '../../shared/core/replay/candidates.ts';
import { choosePolicies } from '../../shared/core/replay/choose-policies.ts';
import { comparePolicies } from '../../shared/core/replay/compare-policies.ts';
import type { Measures } from '../../shared/core/replay/measures.ts';
import { measuresOf, totalCost } from '../../shared/core/replay/measures.ts';
import { ORIGINAL_RULES } from '../../shared/core/replay/original-rules.ts';
import type { CaseInput } from '../../shared/core/replay/replay-case.ts';
import {
  type ReplayRow,
  type ReplayTask,
  replaySeries,
  type SeriesReplay,
} from '../../shared/core/replay/replay-series.ts';
import type { Tally } from '../../shared/core/replay/replay-stock.ts';
import { resampledInterval } from '../../shared/core/replay/resampled-interval.ts';
import { valueClasses } from '../../shared/core/replay/value-class.ts';
import { type CurvePoint, daysShortAt, pointOf, stockAt } from './curve.ts';
import { ECONOMICS, FORECASTERS, LOST_PRICES, SCALES, SERVICES, type Setting } from './settings.ts';

/** A policy at a sweep of what it aims at. */
export interface Curve {
  readonly name: string;
  readonly points: readonly (CurvePoint & { readonly at: number })[];
}

export interface Estimate {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/** One original rule as it is, and what our curve does beside it. */
export interface Beside {
  readonly rule: string;
  readonly ours: string;
  readonly measures: Measures;
  /** 1 - our stock at its fill rate / its stock; the same of days with unserved demand at its stock. */
  readonly stockSaved: Estimate;
  readonly daysSaved: Estimate;
  /** 1 - total cost of ours, where a lost unit costs its margin / that of the rule. */
  readonly costSaved: Estimate;
}

export interface SettingResult {
  readonly setting: Setting;
  readonly series: number;
  readonly test: number;
  readonly seconds: number;
  readonly rows: readonly { readonly name: string; readonly measures: Measures }[];
  readonly curves: readonly Curve[];
  readonly beside: readonly Beside[];
}

interface Swept {
  readonly name: string;
  readonly at: readonly number[];
  /** By point: the tallies of all series. */
  readonly tallies: readonly (readonly Tally[])[];
}

const SEED = 1;
const KINDS = ['base-stock', 'R-S'] as const;

/** Replays one setting at all sweeps. */
export function compareSetting(setting: Setting, cases: readonly CaseInput[]): SettingResult {
  const daysAPeriod = setting.frequency === 'daily' ? 1 : 7;
  const { leadTime, review, frequency } = setting;
  const terms = { ...ECONOMICS, leadTime, review, daysAPeriod, season: SEASON[frequency] };
  const longest = cases.reduce((most, { quantities }) => Math.max(most, quantities.length), 0);
  const originals = [
    ...FORECASTERS.flatMap((forecaster) =>
      ORIGINAL_RULES.slice(0, 2).map((policy) => ({ policy, forecaster })),
    ),
    { policy: ORIGINAL_RULES[2], forecaster: 'history' },
  ];
  const textbook = FORECASTERS.flatMap((forecaster) => KINDS.map((kind) => ({ kind, forecaster })));
  const rows: ReplayRow[] = [
    { policy: 'clairvoyant', forecaster: 'demand' },
    ...originals.flatMap((rule) => SCALES.map((scale) => ({ ...rule, scale }))),
    ...textbook.flatMap(({ kind, forecaster }) =>
      SERVICES.map((value) => ({
        ...{ policy: kind, forecaster },
        plan: { kind, target: { kind: 'cycle-service' as const, value } },
      })),
    ),
  ];
  const task: ReplayTask = {
    terms,
    rows,
    forecasters: FORECASTERS,
    test: Math.floor(longest / 3),
    seed: SEED,
  };
  const start = performance.now();
  const replays = cases.map((one) => replaySeries(task, one)).filter((replay) => replay !== null);
  const seconds = (performance.now() - start) / 1000;
  const ofRow = (r: number): Tally[] => replays.map((replay) => replay.rows[r]!);
  const candidates = candidatesFor(terms, FORECASTERS);
  const swept: Swept[] = [
    autoCurve('auto', replays, candidates),
    autoCurve('auto, on reviews only', replays, candidates, (candidate) => candidate.kind !== 'base-stock'),
    ...originals.map(({ policy, forecaster }, i) => ({
      ...{ name: `${policy} (${forecaster})`, at: SCALES },
      tallies: SCALES.map((_, s) => ofRow(1 + i * SCALES.length + s)),
    })),
    ...textbook.map(({ kind, forecaster }, i) => ({
      ...{ name: `${kind} (${forecaster})`, at: SERVICES },
      tallies: SERVICES.map((_, s) => ofRow(1 + originals.length * SCALES.length + i * SERVICES.length + s)),
    })),
  ];
  const once = new Int32Array(replays.length).fill(1);
  const asIs = SCALES.indexOf(1);
  const asPriced = LOST_PRICES.indexOf(1);
  const rules = swept.slice(2, 2 + originals.length);
  return {
    ...{ setting, series: replays.length, test: task.test, seconds },
    rows: [
      { name: 'auto', measures: comparePolicies(task, replays).rows[0]!.measures },
      { name: 'clairvoyant', measures: measuresOf(ofRow(0), terms) },
      ...rules.map(({ name, tallies }) => ({ name, measures: measuresOf(tallies[asIs]!, terms) })),
      ...swept.slice(2 + originals.length).map(({ name, tallies, at }) => ({
        name: `${name} at ${ECONOMICS.serviceLevel}`,
        measures: measuresOf(tallies[at.indexOf(ECONOMICS.serviceLevel)]!, terms),
      })),
    ],
    curves: swept.map(({ name, at, tallies }) => ({
      name,
      points: tallies.map((of, p) => ({ ...pointOf(of, once, daysAPeriod), at: at[p]! })),
    })),
    beside: swept.slice(0, 2).flatMap((ours) =>
      rules.map((rule) => ({
        rule: rule.name,
        ours: ours.name,
        measures: measuresOf(rule.tallies[asIs]!, terms),
        stockSaved: estimate(replays.length, (draws) => {
          const theirs = pointOf(rule.tallies[asIs]!, draws, daysAPeriod);
          return 1 - stockAt(pointsOf(ours, draws, daysAPeriod), theirs.fillRate) / theirs.stock;
        }),
        costSaved: estimate(
          replays.length,
          (draws) => 1 - costOf(ours.tallies[asPriced]!, draws) / costOf(rule.tallies[asIs]!, draws),
        ),
        daysSaved: estimate(replays.length, (draws) => {
          const theirs = pointOf(rule.tallies[asIs]!, draws, daysAPeriod);
          return (
            1 - daysShortAt(pointsOf(ours, draws, daysAPeriod), theirs.stock) / Math.max(1, theirs.daysShort)
          );
        }),
      })),
    ),
  };
}

function costOf(tallies: readonly Tally[], draws: ArrayLike<number>): number {
  return tallies.reduce((sum, tally, i) => sum + draws[i]! * totalCost(tally), 0);
}

function pointsOf({ tallies }: Swept, draws: ArrayLike<number>, daysAPeriod: number): CurvePoint[] {
  return tallies.map((of) => pointOf(of, draws, daysAPeriod));
}

/** The chooser at several prices of a lost unit: each point is chosen on earlier data as `auto` itself is. */
function autoCurve(
  name: string,
  replays: readonly SeriesReplay[],
  candidates: readonly Candidate[],
  isAllowed: (candidate: Candidate) => boolean = () => true,
): Swept {
  const allowed = candidates.flatMap((candidate, c) => (isAllowed(candidate) ? [c] : []));
  const value = valueClasses(replays.map((replay) => replay.value));
  const groups = replays.map(({ demandClass }, i) => `${demandClass} ${value[i]}`);
  const tallies = LOST_PRICES.map((price) => {
    const entries = replays.map(({ id, earlier }, i) => ({
      ...{ id, group: groups[i]! },
      tallies:
        earlier && allowed.map((c) => ({ ...earlier[c]!, lostMargin: price * earlier[c]!.lostMargin })),
    }));
    const choices = choosePolicies(entries, allowed.length, 0, 0);
    return replays.map((replay, i) => replay.candidates[allowed[choices.get(groups[i]!)!.candidate]!]!);
  });
  return { name, at: LOST_PRICES, tallies };
}

/** NaN where a resample lies beyond the ends of a curve in more than one case of twenty. */
function estimate(series: number, statistic: (draws: ArrayLike<number>) => number): Estimate {
  const value = statistic(new Int32Array(series).fill(1));
  if (Number.isNaN(value)) return { value, low: value, high: value };
  let outside = 0;
  let tried = 0;
  const { low, high } = resampledInterval(
    series,
    (draws) => {
      tried++;
      const found = statistic(draws);
      if (Number.isNaN(found)) outside++;
      return Number.isNaN(found) ? value : found;
    },
    SEED,
  );
  return outside > tried / 20 ? { value, low: Number.NaN, high: Number.NaN } : { value, low, high };
}

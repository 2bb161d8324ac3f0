import type { Measures } from '../../shared/core/replay/measures.ts';
import { measuresOf, totalCost } from '../../shared/core/replay/measures.ts';
import type { CaseInput } from '../../shared/core/replay/replay-case.ts';
import type { Tally } from '../../shared/core/replay/replay-stock.ts';
import { type CurvePoint, daysShortAt, pointOf, stockAt } from './curve.ts';
import { type Estimate, estimate } from './estimate.ts';
import { ECONOMICS, LOST_PRICES, type Setting } from './settings.ts';
import { type Sweeps, type Swept, sweepSetting } from './sweep-setting.ts';

/** A policy at a sweep of what it aims at. */
export interface Curve {
  readonly name: string;
  readonly points: readonly (CurvePoint & { readonly at: number })[];
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
  /** Of this process, for all sweeps. */
  readonly cpuSeconds: number;
  readonly rows: readonly { readonly name: string; readonly measures: Measures }[];
  readonly curves: readonly Curve[];
  readonly beside: readonly Beside[];
}

const AHEAD = ', known ahead';

/**
 * Replays one setting at all sweeps; where columns were known ahead, once without them and once with them, of which only
 * what uses them is shown.
 */
export function compareSetting(setting: Setting, cases: readonly CaseInput[]): SettingResult {
  const before = process.cpuUsage();
  const plain = sweepSetting(
    setting,
    cases.map(({ regressors: _, ...untold }) => untold),
  );
  const told = setting.known ? withoutUntold(sweepSetting(setting, cases, AHEAD)) : null;
  const { user, system } = process.cpuUsage(before);
  const all = told ? [plain, told] : [plain];
  const daysAPeriod = setting.frequency === 'daily' ? 1 : 7;
  const once = new Int32Array(plain.series).fill(1);
  const swept = all.flatMap(({ autos, rules, textbook }) => [...autos, ...rules, ...textbook]);
  return {
    ...{ setting, series: plain.series, test: plain.test, cpuSeconds: (user + system) / 1e6 },
    rows: [
      { name: 'auto', measures: plain.auto },
      ...(told ? [{ name: `auto${AHEAD}`, measures: told.auto }] : []),
      { name: 'clairvoyant', measures: plain.clairvoyant },
      ...all.flatMap(({ rules, measures }) =>
        rules.map((rule) => ({ name: rule.name, measures: measures(rule, 1) })),
      ),
      ...all.flatMap(({ textbook, measures }) =>
        textbook.map((policy) => ({
          name: `${policy.name} at ${ECONOMICS.serviceLevel}`,
          measures: measures(policy, ECONOMICS.serviceLevel),
        })),
      ),
    ],
    curves: swept.map(({ name, at, tallies }) => ({
      name,
      points: tallies.map((of, p) => ({ ...pointOf(of, once, daysAPeriod), at: at[p]! })),
    })),
    beside: all.flatMap(({ autos }, k) =>
      autos.flatMap((ours) =>
        all.slice(0, k + 1).flatMap(({ rules }) => rules.map((rule) => besideOf(ours, rule, daysAPeriod))),
      ),
    ),
  };
}

function withoutUntold(sweeps: Sweeps): Sweeps {
  const isTold = ({ forecaster }: Swept): boolean => forecaster === 'mix';
  return { ...sweeps, rules: sweeps.rules.filter(isTold), textbook: sweeps.textbook.filter(isTold) };
}

function besideOf(ours: Swept, rule: Swept, daysAPeriod: number): Beside {
  const theirs = rule.tallies[rule.at.indexOf(1)]!;
  const priced = ours.tallies[LOST_PRICES.indexOf(1)]!;
  const series = theirs.length;
  return {
    rule: rule.name,
    ours: ours.name,
    measures: measuresOf(theirs, { daysAPeriod }),
    stockSaved: estimate(series, (draws) => {
      const point = pointOf(theirs, draws, daysAPeriod);
      return 1 - stockAt(pointsOf(ours, draws, daysAPeriod), point.fillRate) / point.stock;
    }),
    costSaved: estimate(series, (draws) => 1 - costOf(priced, draws) / costOf(theirs, draws)),
    daysSaved: estimate(series, (draws) => {
      const point = pointOf(theirs, draws, daysAPeriod);
      return 1 - daysShortAt(pointsOf(ours, draws, daysAPeriod), point.stock) / Math.max(1, point.daysShort);
    }),
  };
}

function costOf(tallies: readonly Tally[], draws: ArrayLike<number>): number {
  return tallies.reduce((sum, tally, i) => sum + draws[i]! * totalCost(tally), 0);
}

function pointsOf({ tallies }: Swept, draws: ArrayLike<number>, daysAPeriod: number): CurvePoint[] {
  return tallies.map((of) => pointOf(of, draws, daysAPeriod));
}

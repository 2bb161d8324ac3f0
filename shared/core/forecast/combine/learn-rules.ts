import { spreadFactors } from '../calibrate/spread-factors.ts';
import type { Past } from './look-back.ts';
import { meanWeights } from './mean-weights.ts';
import { mixed } from './mixture.ts';
import { addSums, mixtureSums, mixtureWeights } from './mixture-weights.ts';
import {
  chooseTilt,
  type JudgedCell,
  type OwnRecord,
  recordsOf,
  type Tilt,
  type WeightsFor,
} from './own-record.ts';
import type { PanelGroup, PanelRule } from './panel-model.ts';
import { floorOf } from './quantity-kind.ts';

/** What past origins say of how to forecast together. */
export interface LearntRules {
  readonly rules: Readonly<Record<PanelGroup, PanelRule>>;
  readonly tilt: Tilt;
  readonly records: Readonly<Record<string, OwnRecord>>;
}

/** Share of the prior in the answer: a few past origins say less than what has held on many data sets. */
const PRIOR_SHARE: WeightsFor<number> = { mean: 0.1, quantiles: 0.4 };
/** Prior weight of the global model. */
const PRIOR_GLOBAL: WeightsFor<number> = { mean: 0.3, quantiles: 0.6 };
/** The same where only the global model knows of inputs ahead. */
const PRIOR_WITH_INPUTS = 0.95;
/** For the mean, share of the blend in what is left: it has weighed models of its own by the series' past. */
const PRIOR_BLEND = 0.5;
/** Members with a mean and no distribution worth the name. */
const WITHOUT_DISTRIBUTION = ['tsb'];
/** Members whose symmetric distributions have to earn their weight. */
const WITHOUT_PRIOR = ['online'];
/** Points of a group that weigh as much as what all groups say together. */
const PRIOR_POINTS = 2000;

/** Weights, spreads and the worth of records that would have been best at past origins, drawn towards what is usual. */
export function learnRules({ cells, names }: Past, hasKnown: boolean): LearntRules {
  const judged = cells.map((cell) => ({ cell, sums: mixtureSums(cell) }));
  const global = hasKnown ? { mean: PRIOR_WITH_INPUTS, quantiles: PRIOR_WITH_INPUTS } : PRIOR_GLOBAL;
  const mean = priorOf(names, global.mean, { blend: PRIOR_BLEND });
  const beliefs: Beliefs = {
    start: { mean, quantiles: priorOf(names, global.quantiles, { without: WITHOUT_DISTRIBUTION }) },
    prior: {
      mean,
      quantiles: priorOf(names, global.quantiles, { without: [...WITHOUT_DISTRIBUTION, ...WITHOUT_PRIOR] }),
    },
  };
  const rule = (group: PanelGroup): PanelRule => ruleFor(judged, group, beliefs);
  const rules = { slow: rule('slow'), steady: rule('steady') };
  const tilt = chooseTilt(judged, ({ group }) => rules[group].weights);
  const isTilted = tilt.mean > 0 || tilt.quantiles > 0;
  return { rules, tilt, records: isTilted ? Object.fromEntries(recordsOf(judged)) : {} };
}

interface Beliefs {
  /** Where the search for the best weights begins; what is 0 stays 0. */
  readonly start: WeightsFor<readonly number[]>;
  /** What the best weights are drawn towards. */
  readonly prior: WeightsFor<readonly number[]>;
}

/** What the past of a group, and of all groups, says. */
function ruleFor(all: readonly JudgedCell[], group: PanelGroup, { start, prior }: Beliefs): PanelRule {
  const mine = all.filter(({ cell }) => cell.group === group);
  const points = mine.reduce((sum, { cell }) => sum + cell.actual.length, 0);
  const share = points / (points + PRIOR_POINTS);
  const learn = (
    what: keyof typeof prior,
    from: (judged: readonly JudgedCell[]) => readonly number[],
  ): number[] => {
    const common = from(all);
    const own = from(mine);
    return prior[what].map(
      (usual, k) =>
        PRIOR_SHARE[what] * usual + (1 - PRIOR_SHARE[what]) * ((1 - share) * common[k]! + share * own[k]!),
    );
  };
  const weights = {
    mean: learn('mean', (judged) =>
      meanWeights(
        judged.map(({ cell }) => cell),
        start.mean,
      ),
    ),
    quantiles: learn('quantiles', (judged) =>
      mixtureWeights(
        addSums(
          judged.map(({ sums }) => sums),
          start.quantiles.length,
        ),
        start.quantiles,
      ),
    ),
  };
  const past = points > PRIOR_POINTS ? mine : all;
  const factors = spreadFactors(
    past.map(({ cell }) => ({
      forecast: mixed(cell.members, weights, floorOf(cell)),
      actual: cell.actual,
      kind: cell,
    })),
  );
  return { weights, factors };
}

export interface PriorOptions {
  /** Share of the blend in what the global model leaves. Default: as much as the others. */
  readonly blend?: number;
  /** Members that get nothing, if there are others. */
  readonly without?: readonly string[];
}

/** Weights before any evidence: `global` for the global model where there is one, the rest shared by the others. */
export function priorOf(
  names: readonly string[],
  global: number,
  { blend, without = [] }: PriorOptions = {},
): number[] {
  const singles = names.filter((name) => name !== 'global');
  const chosen = singles.filter((name) => !without.includes(name));
  const sharing = chosen.length > 0 ? chosen : singles;
  const left = names.includes('global') ? 1 - global : 1;
  const isFirst = blend !== undefined && sharing.length > 1 && sharing.includes('blend');
  return names.map((name) => {
    if (name === 'global') return global;
    if (!sharing.includes(name)) return 0;
    if (!isFirst) return left / sharing.length;
    return name === 'blend' ? left * blend : (left * (1 - blend)) / (sharing.length - 1);
  });
}

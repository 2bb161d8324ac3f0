import { spreadBy } from '../calibrate/spread-factors.ts';
import type { DemandClass } from '../classify.ts';
import { GlobalModel } from '../global/global-model.ts';
import { type LaunchPool, launchPoolOf } from '../launch/launch-pool.ts';
import type { PanelSeries, PanelSeriesForecast } from '../panel.ts';
import { type GridForecast, gridOf, quantilesAt } from './level-grid.ts';
import { type PanelState, panelState } from './panel-state.ts';
import { type WeightsFor, weighted } from './pool-weights.ts';

/** Kinds of demand that have weights of their own. */
export type PanelGroup = 'slow' | 'steady';

export interface PanelRule {
  /** In the order of the model's names, summing to 1. */
  readonly weights: Readonly<Record<WeightsFor, readonly number[]>>;
  /** How many times as wide each level is made. */
  readonly factors: readonly number[];
}

/** A series forecast by a panel's model, as it is stored. */
export interface PanelFit {
  /** Members by weight, such as `global+theta`. */
  readonly model: string;
  readonly demandClass: DemandClass;
  readonly state: PanelState;
}

interface PanelParts {
  /** Of the members: models of single series, and `global` last where there is one. */
  readonly names: readonly string[];
  readonly rules: Readonly<Record<PanelGroup, PanelRule>>;
  readonly global: GlobalModel | null;
  /** What series that have just begun are like. */
  readonly launches: LaunchPool;
}

/** Whole quantities below this have whole quantiles; above, a unit is less than the quantiles are sure of. */
const WHOLE_BELOW = 30;

/** What was learnt from a panel: how to forecast a series from its own models' forecasts and the global model. */
export class PanelModel {
  /** Models of single series whose forecasts `combine` expects. */
  readonly singles: readonly string[];
  private readonly parts: PanelParts;

  constructor(parts: PanelParts) {
    this.parts = parts;
    this.singles = parts.names.filter((name) => name !== 'global');
  }

  /**
   * The forecast of one series, given those of `singles` for it at the levels of LEVEL_GRID and `levels`. Series without
   * a rhythm yet, and constants, keep the forecast of their own history.
   */
  combine(
    series: PanelSeries,
    own: readonly PanelSeriesForecast[],
    levels: readonly number[],
  ): PanelSeriesForecast {
    const first = own[0]!;
    const { names, rules } = this.parts;
    const found = isPlain(first.demandClass, first.model) ? null : this.grid(series, own);
    if (!found) return { ...first, quantiles: quantilesOf(first, levels) };
    const { weights } = rules[groupOf(first.demandClass)];
    const quantiles = quantilesAt(found.quantiles, levels, floorOf(series));
    return {
      id: series.id,
      model: nameOf(names, weights.quantiles),
      demandClass: first.demandClass,
      mean: Array.from(found.mean),
      quantiles: kindOf(series).isWhole ? wholeBelow(quantiles) : quantiles,
    };
  }

  /** What `combine` forecasts, to be stored; null where a series keeps the forecast of its own history. */
  fit(series: PanelSeries, own: readonly PanelSeriesForecast[], period: number): PanelFit | null {
    const { names, rules } = this.parts;
    const { demandClass, model } = own[0]!;
    const found = isPlain(demandClass, model) ? null : this.grid(series, own);
    if (!found) return null;
    return {
      model: nameOf(names, rules[groupOf(demandClass)].weights.quantiles),
      demandClass,
      state: panelState(found, { period, ...kindOf(series) }),
    };
  }

  /** Launches and levels of its series, for those that have just begun. */
  get launches(): LaunchPool {
    return this.parts.launches;
  }

  /** Names of the regressors that it learnt from and expects. */
  get known(): readonly string[] {
    return this.parts.global?.plan.known.map(({ name }) => name) ?? [];
  }

  /** Whether there was enough to learn from all series together. */
  get hasGlobal(): boolean {
    return this.parts.global !== null;
  }

  /** Means of the models of a single series, averaged by their weights without the global model. */
  meanOfSingles(own: readonly PanelSeriesForecast[]): number[] {
    const { weights } = this.parts.rules[groupOf(own[0]!.demandClass)];
    const mine = weights.mean.slice(0, own.length);
    const total = mine.reduce((sum, weight) => sum + weight, 0);
    const shares = mine.map((weight) => (total > 0 ? weight / total : 1 / own.length));
    return own[0]!.mean.map((_, h) => own.reduce((sum, { mean }, k) => sum + shares[k]! * mean[h]!, 0));
  }

  /** Weights by member, and the factors of the spread, of each group. */
  describe(): Readonly<Record<PanelGroup, object>> {
    const { names, rules } = this.parts;
    const named = (values: readonly number[]) =>
      Object.fromEntries(names.map((name, k) => [name, Number(values[k]!.toPrecision(3))]));
    const about = ({ weights, factors }: PanelRule) => ({
      mean: named(weights.mean),
      quantiles: named(weights.quantiles),
      factors: factors.map((factor) => Number(factor.toPrecision(3))),
    });
    return { slow: about(rules.slow), steady: about(rules.steady) };
  }

  /** Text that `fromFile` reads. */
  toFile(): string {
    const { global, ...rest } = this.parts;
    return JSON.stringify({ version: 2, ...rest, global: global?.toFile() ?? null });
  }

  static fromFile(text: string): PanelModel {
    const { version, global, names, rules, launches } = JSON.parse(text) as Omit<PanelParts, 'global'> & {
      version: number;
      global: string | null;
    };
    if (version !== 2) throw new RangeError(`a panel model of version ${version}`);
    return new PanelModel({
      names,
      rules,
      global: global === null ? null : GlobalModel.fromFile(global),
      launches: launchPoolOf(launches),
    });
  }

  private grid(series: PanelSeries, own: readonly PanelSeriesForecast[]): GridForecast | null {
    const { global, names, rules } = this.parts;
    const members = own.map(({ mean, quantiles }) => gridOf(mean, quantiles));
    const joint = global?.forecast(global.prepare(series), series.quantities.length - 1);
    if (joint) members.push(joint);
    if (members.length < names.length) return null;
    const { weights, factors } = rules[groupOf(own[0]!.demandClass)];
    return spreadBy(weighted(members, weights), factors, floorOf(series));
  }
}

export function groupOf(demandClass: DemandClass): PanelGroup {
  return demandClass === 'smooth' || demandClass === 'erratic' ? 'steady' : 'slow';
}

/** Forecasts that a history alone decides: constants and beginners. */
export function isPlain(demandClass: DemandClass, model: string): boolean {
  return demandClass === 'new' || model === 'steady';
}

function kindOf({ quantities }: PanelSeries): { readonly isWhole: boolean; readonly isSigned: boolean } {
  return {
    isWhole: quantities.every((value) => Number.isNaN(value) || Number.isInteger(value)),
    isSigned: quantities.some((value) => value < 0),
  };
}

/** Below it no forecast lies: 0, unless quantities may be negative. */
function floorOf(series: PanelSeries): number {
  return kindOf(series).isSigned ? Number.NEGATIVE_INFINITY : 0;
}

function quantilesOf(
  { quantiles }: PanelSeriesForecast,
  levels: readonly number[],
): PanelSeriesForecast['quantiles'] {
  return Object.fromEntries(levels.map((level) => [String(level), quantiles[String(level)]!]));
}

function wholeBelow(quantiles: PanelSeriesForecast['quantiles']): PanelSeriesForecast['quantiles'] {
  return Object.fromEntries(
    Object.entries(quantiles).map(([level, values]) => [
      level,
      values.map((value) => (value < WHOLE_BELOW ? Math.round(value) : value)),
    ]),
  );
}

/** Members by weight, such as `global+blend+theta`; those that hardly count are left out. */
function nameOf(names: readonly string[], weights: readonly number[]): string {
  return names
    .map((name, k) => ({ name, weight: weights[k]! }))
    .filter(({ weight }) => weight >= 0.05)
    .sort((a, b) => b.weight - a.weight)
    .map(({ name }) => name)
    .join('+');
}

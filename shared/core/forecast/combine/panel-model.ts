import { spreadBy } from '../calibrate/spread-factors.ts';
import type { DemandClass } from '../classify.ts';
import { GlobalModel } from '../global/global-model.ts';
import { type LaunchPool, launchPoolOf } from '../launch/launch-pool.ts';
import type { PanelSeries, PanelSeriesForecast } from '../panel.ts';
import { type GridForecast, gridOf, quantilesAt } from './level-grid.ts';
import { mixed } from './mixture.ts';
import { type OwnRecord, type Tilt, tilted, type WeightsFor } from './own-record.ts';
import { type PanelState, panelState } from './panel-state.ts';
import { floorOf, kindOf, type QuantityKind, told } from './quantity-kind.ts';

/** Kinds of demand that have weights of their own. */
export type PanelGroup = 'slow' | 'steady';

export interface PanelRule {
  /** In the order of the model's names, summing to 1. */
  readonly weights: WeightsFor<readonly number[]>;
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
  /** How much a series' own record counts, and the records, by the series' name. */
  readonly tilt: Tilt;
  readonly records: Readonly<Record<string, OwnRecord>>;
  readonly global: GlobalModel | null;
  /** What series that have just begun are like. */
  readonly launches: LaunchPool;
}

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
    const found = isPlain(first.demandClass, first.model) ? null : this.grid(series, own);
    if (!found) return { ...first, quantiles: quantilesOf(first, levels) };
    const kind = kindOf(series.quantities);
    return {
      id: series.id,
      model: nameOf(this.parts.names, this.weightsOf(series.id, first.demandClass).quantiles),
      demandClass: first.demandClass,
      mean: Array.from(found.mean),
      quantiles: toldAll(quantilesAt(found.quantiles, levels, floorOf(kind)), kind),
    };
  }

  /** What `combine` forecasts, to be stored; null where a series keeps the forecast of its own history. */
  fit(series: PanelSeries, own: readonly PanelSeriesForecast[], period: number): PanelFit | null {
    const { demandClass, model } = own[0]!;
    const found = isPlain(demandClass, model) ? null : this.grid(series, own);
    if (!found) return null;
    return {
      model: nameOf(this.parts.names, this.weightsOf(series.id, demandClass).quantiles),
      demandClass,
      state: panelState(found, { period, ...kindOf(series.quantities) }),
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
    return JSON.stringify({ version: 3, ...rest, global: global?.toFile() ?? null });
  }

  static fromFile(text: string): PanelModel {
    const { version, global, names, rules, tilt, records, launches } = JSON.parse(text) as Omit<
      PanelParts,
      'global'
    > & {
      version: number;
      global: string | null;
    };
    if (version !== 3) throw new RangeError(`a panel model of version ${version}`);
    return new PanelModel({
      names,
      rules,
      tilt,
      records,
      global: global === null ? null : GlobalModel.fromFile(global),
      launches: launchPoolOf(launches),
    });
  }

  private grid(series: PanelSeries, own: readonly PanelSeriesForecast[]): GridForecast | null {
    const { global, names, rules } = this.parts;
    const { demandClass } = own[0]!;
    const members = own.map(({ mean, quantiles }) => gridOf(mean, quantiles));
    const joint = global?.forecast(global.prepare(series), series.quantities.length - 1);
    if (joint) members.push(joint);
    if (members.length < names.length) return null;
    const floor = floorOf(kindOf(series.quantities));
    const together = mixed(members, this.weightsOf(series.id, demandClass), floor);
    return spreadBy(together, rules[groupOf(demandClass)].factors, floor);
  }

  /** Those of its kind of demand, moved by the series' own record. */
  private weightsOf(id: string, demandClass: DemandClass): WeightsFor<readonly number[]> {
    const { rules, tilt, records } = this.parts;
    const record = Object.hasOwn(records, id) ? records[id] : undefined;
    return tilted(rules[groupOf(demandClass)].weights, record, tilt);
  }
}

export function groupOf(demandClass: DemandClass): PanelGroup {
  return demandClass === 'smooth' || demandClass === 'erratic' ? 'steady' : 'slow';
}

/** Forecasts that a history alone decides: constants and beginners. */
export function isPlain(demandClass: DemandClass, model: string): boolean {
  return demandClass === 'new' || model === 'steady';
}

function quantilesOf(
  { quantiles }: PanelSeriesForecast,
  levels: readonly number[],
): PanelSeriesForecast['quantiles'] {
  return Object.fromEntries(levels.map((level) => [String(level), quantiles[String(level)]!]));
}

function toldAll(
  quantiles: PanelSeriesForecast['quantiles'],
  kind: QuantityKind,
): PanelSeriesForecast['quantiles'] {
  return Object.fromEntries(
    Object.entries(quantiles).map(([level, values]) => [level, values.map((value) => told(value, kind))]),
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

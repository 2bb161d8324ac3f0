import type { Quantiles } from '../model.ts';
import { pinballLoss } from './metrics.ts';
import { pitCoverage } from './pit-coverage.ts';
import { type Scales, scalesOf } from './scales.ts';

/** The forecast of one series from one origin, and what came. */
export interface ScoredForecast {
  /** Up to the origin; NaN is unknown. */
  readonly training: Float64Array;
  /** Of the periods ahead; NaN is unknown and not scored. */
  readonly actual: ArrayLike<number>;
  readonly mean: readonly number[];
  readonly quantiles: Quantiles;
}

/**
 * Measures over many forecasts. MAE, sMAPE, MASE and RMSSE are means over forecasts; the others are pooled over points,
 * so that large series weigh more there. NaN when nothing can be said.
 */
export interface Score {
  readonly forecasts: number;
  readonly points: number;
  readonly mae: number;
  /** Sum of absolute errors / sum of absolute actuals. */
  readonly wape: number;
  /** 0 to 200. */
  readonly smape: number;
  readonly mase: number;
  readonly rmsse: number;
  /** Mean over levels of 2 sum of pinball losses / sum of absolute actuals. */
  readonly wql: number;
  /** Share of actuals from the 0.1 to the 0.9 quantile, and from the 0.025 to the 0.975 quantile. */
  readonly coverage80: number;
  readonly coverage95: number;
  /** The same by randomised probability transforms: what a calibrated forecast of counts has at its nominal level. */
  readonly pit80: number;
  readonly pit95: number;
  /** Sum of (forecast - actual) / sum of absolute actuals. */
  readonly bias: number;
}

export interface ScoreOptions {
  /** Periods in the season of the MASE scale. */
  readonly season: number;
  /** Levels that the quantile loss is the mean of. Default: all that a forecast has. */
  readonly levels?: readonly number[];
}

/** Slack for quantiles that went through a text file. */
const SLACK = 1e-9;

/** Collects forecasts and what came, in any number, and measures them. */
export class ForecastScore {
  readonly #season: number;
  readonly #levels: readonly string[] | undefined;
  #forecasts = 0;
  #points = 0;
  #mae = 0;
  #smape = 0;
  #mase = 0;
  #masePieces = 0;
  #rmsse = 0;
  #rmssePieces = 0;
  #absoluteErrors = 0;
  #absoluteActuals = 0;
  #errors = 0;
  #pinball = 0;
  #inside80 = 0;
  #inside95 = 0;
  #pit80 = 0;
  #pit95 = 0;

  constructor({ season, levels }: ScoreOptions) {
    this.#season = season;
    this.#levels = levels?.map(String);
  }

  /** `scales` of the training part, when they are known from before. */
  add(forecast: ScoredForecast, scales: Scales = scalesOf(forecast.training, this.#season)): void {
    const { actual, mean, quantiles } = forecast;
    let absolute = 0;
    let squares = 0;
    let percentage = 0;
    let points = 0;
    for (let h = 0; h < mean.length; h++) {
      const y = actual[h]!;
      if (Number.isNaN(y)) continue;
      const error = mean[h]! - y;
      const size = Math.abs(y) + Math.abs(mean[h]!);
      points++;
      absolute += Math.abs(error);
      squares += error * error;
      if (size > 0) percentage += (200 * Math.abs(error)) / size;
      this.#absoluteActuals += Math.abs(y);
      this.#errors += error;
    }
    if (points === 0) return;
    this.#forecasts++;
    this.#points += points;
    this.#absoluteErrors += absolute;
    this.#mae += absolute / points;
    this.#smape += percentage / points;
    if (scales.absolute > 0) {
      this.#mase += absolute / points / scales.absolute;
      this.#masePieces++;
    }
    if (scales.squared > 0) {
      this.#rmsse += Math.sqrt(squares / points / scales.squared);
      this.#rmssePieces++;
    }
    this.#addQuantiles(actual, quantiles);
  }

  #addQuantiles(actual: ArrayLike<number>, quantiles: Quantiles): void {
    const all = Object.keys(quantiles).sort((a, b) => Number(a) - Number(b));
    const probabilities = all.map(Number);
    const scored = this.#levels ?? all;
    if (all.length === 0 || scored.length === 0) this.#pinball = Number.NaN;
    const [low80, high80, low95, high95] = ['0.1', '0.9', '0.025', '0.975'].map((level) => quantiles[level]);
    for (let h = 0; h < actual.length; h++) {
      const y = actual[h]!;
      if (Number.isNaN(y)) continue;
      for (const level of scored) {
        this.#pinball += pinballLoss(y, quantiles[level]?.[h] ?? Number.NaN, Number(level)) / scored.length;
      }
      const isInside = (low?: readonly number[], high?: readonly number[]): number =>
        low && high ? Number(y >= low[h]! - SLACK && y <= high[h]! + SLACK) : Number.NaN;
      this.#inside80 += isInside(low80, high80);
      this.#inside95 += isInside(low95, high95);
      const values = all.map((level) => quantiles[level]![h]!);
      this.#pit80 += pitCoverage(y, probabilities, values, 0.1, 0.9);
      this.#pit95 += pitCoverage(y, probabilities, values, 0.025, 0.975);
    }
  }

  result(): Score {
    return {
      forecasts: this.#forecasts,
      points: this.#points,
      mae: this.#mae / this.#forecasts,
      wape: ratio(this.#absoluteErrors, this.#absoluteActuals),
      smape: this.#smape / this.#forecasts,
      mase: this.#mase / this.#masePieces,
      rmsse: this.#rmsse / this.#rmssePieces,
      wql: ratio(2 * this.#pinball, this.#absoluteActuals),
      coverage80: this.#inside80 / this.#points,
      coverage95: this.#inside95 / this.#points,
      pit80: this.#pit80 / this.#points,
      pit95: this.#pit95 / this.#points,
      bias: ratio(this.#errors, this.#absoluteActuals),
    };
  }
}

function ratio(a: number, b: number): number {
  return b > 0 ? a / b : Number.NaN;
}

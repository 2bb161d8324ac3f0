import { meanLoss } from './mean-weights.ts';
import { type MixtureSums, mixtureLoss } from './mixture-weights.ts';
import type { PastCell } from './past-cell.ts';

/** One thing for each of the two kinds of weights: for the mean by its absolute error, for quantiles by their score. */
export interface WeightsFor<T> {
  readonly mean: T;
  readonly quantiles: T;
}

/** How the members did on one series at past origins: for each, its loss. */
export interface OwnRecord extends WeightsFor<readonly number[]> {
  readonly origins: number;
}

/** How much records count: the power of the members' relative losses; 0 for not at all. */
export type Tilt = WeightsFor<number>;

export interface JudgedCell {
  readonly cell: PastCell;
  readonly sums: MixtureSums;
}

const POWERS = [0, 0.5, 1, 2, 4];
/** Records count where they would have lowered the loss by this share. */
const LEAST_GAIN = 0.01;
/** A member is at most so many times as good as the average of all. */
const MOST_RATIO = 1000;

/**
 * Weights of one series: those of all, times a power of how much smaller than usual each member's loss was on that series,
 * less where the past is short.
 */
export function tilted(
  weights: WeightsFor<readonly number[]>,
  record: OwnRecord | undefined,
  tilt: Tilt,
): WeightsFor<readonly number[]> {
  if (!record) return weights;
  const trust = record.origins / (record.origins + 1);
  return {
    mean: tiltBy(weights.mean, record.mean, trust * tilt.mean),
    quantiles: tiltBy(weights.quantiles, record.quantiles, trust * tilt.quantiles),
  };
}

function tiltBy(weights: readonly number[], losses: readonly number[], power: number): readonly number[] {
  if (power === 0) return weights;
  const usual = weights.reduce((sum, weight, k) => sum + weight * losses[k]!, 0);
  if (!(usual > 0)) return weights;
  const raw = weights.map(
    (weight, k) => weight * (usual / Math.max(losses[k]!, usual / MOST_RATIO)) ** power,
  );
  const sum = raw.reduce((a, b) => a + b, 0);
  return raw.map((weight) => weight / sum);
}

/** The record of each series. */
export function recordsOf(judged: readonly JudgedCell[]): Map<string, OwnRecord> {
  const bySeries = new Map<string, JudgedCell[]>();
  for (const one of judged) bySeries.set(one.cell.id, [...(bySeries.get(one.cell.id) ?? []), one]);
  return new Map([...bySeries].map(([id, cells]) => [id, recordOf(cells)]));
}

function recordOf(judged: readonly JudgedCell[]): OwnRecord {
  const members = judged[0]!.cell.members.length;
  const only = (k: number): number[] => Array.from({ length: members }, (_, l) => (l === k ? 1 : 0));
  const total = (lossOf: (one: JudgedCell, weights: readonly number[]) => number): number[] =>
    Array.from({ length: members }, (_, k) => judged.reduce((sum, one) => sum + lossOf(one, only(k)), 0));
  return {
    origins: judged.length,
    mean: total(({ cell }, weights) => meanLoss(cell, weights)),
    quantiles: total(({ sums }, weights) => mixtureLoss(sums, weights)),
  };
}

/**
 * How much records should count: what would have been best for each past cell with the record of the series' other past
 * cells; nothing unless the gain is clear.
 */
export function chooseTilt(
  judged: readonly JudgedCell[],
  weightsOf: (cell: PastCell) => WeightsFor<readonly number[]>,
): Tilt {
  const records = recordsOf(judged);
  const lost = { mean: POWERS.map(() => 0), quantiles: POWERS.map(() => 0) };
  for (const one of judged) {
    const others = without(records.get(one.cell.id)!, one);
    if (others.origins === 0) continue;
    const weights = weightsOf(one.cell);
    POWERS.forEach((power, i) => {
      const moved = tilted(weights, others, { mean: power, quantiles: power });
      lost.mean[i]! += meanLoss(one.cell, moved.mean);
      lost.quantiles[i]! += mixtureLoss(one.sums, moved.quantiles);
    });
  }
  return { mean: best(lost.mean), quantiles: best(lost.quantiles) };
}

function without(record: OwnRecord, one: JudgedCell): OwnRecord {
  const own = recordOf([one]);
  const less = (all: readonly number[], part: readonly number[]): number[] =>
    all.map((loss, k) => Math.max(0, loss - part[k]!));
  return {
    origins: record.origins - 1,
    mean: less(record.mean, own.mean),
    quantiles: less(record.quantiles, own.quantiles),
  };
}

function best(lost: readonly number[]): number {
  const least = Math.min(...lost);
  return least <= (1 - LEAST_GAIN) * lost[0]! && least < lost[0]! ? POWERS[lost.indexOf(least)]! : 0;
}

import type { JudgedPolicy } from '../../shared/contracts/api/policy-evaluation.ts';
import type { JudgedCandidate } from '../../shared/core/replay/judge-class.ts';

/** A candidate's figures as they are stored and shown. */
export function judgedPolicy({ candidate, ...figures }: JudgedCandidate): JudgedPolicy {
  const { kind, target, forecaster } = candidate;
  return {
    kind,
    target: { kind: target.kind, value: target.value ?? 1 },
    forecaster,
    yearly_cost: figures.yearlyCost,
    yearly_cost_low: figures.low,
    yearly_cost_high: figures.high,
    fill_rate: figures.fillRate,
    cycle_service: figures.cycleService,
    average_stock: figures.averageStock,
    stockout_days: figures.stockoutDays,
    earlier_yearly_cost: figures.earlierCost,
  };
}

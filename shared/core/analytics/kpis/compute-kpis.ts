import { type Kpi, kpiOf } from './kpi.ts';
import type { KpiFacts } from './kpi-facts.ts';
import { KPI_RULES, type KpiName } from './kpi-rules.ts';

/** Names of all key figures, in the order in which they are told. */
export const KPI_NAMES = Object.keys(KPI_RULES) as [KpiName, ...KpiName[]];

/** Every key figure of a period. */
export function computeKpis(facts: KpiFacts): Record<KpiName, Kpi> {
  if (!(facts.days >= 1)) throw new RangeError(`a period of ${facts.days} days`);
  return Object.fromEntries(KPI_NAMES.map((name) => [name, kpiOf(KPI_RULES[name], facts)])) as Record<
    KpiName,
    Kpi
  >;
}

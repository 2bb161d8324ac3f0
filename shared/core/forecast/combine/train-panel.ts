import { fitGlobal } from '../global/global-model.ts';
import { launchPool } from '../launch/launch-pool.ts';
import type { Panel } from '../panel.ts';
import { learnRules } from './learn-rules.ts';
import { lookBack } from './look-back.ts';
import { PanelModel } from './panel-model.ts';
import { rowsOf, type TrainOptions } from './train-options.ts';

/** Models of single series that every panel bears. */
const MEMBERS = ['blend', 'theta', 'online', 'counts', 'tsb', 'empirical'] as const;
/** Those that take tens of milliseconds a series. */
const SLOW_MEMBERS = ['arima'] as const;
/** Series, and quantities of them all, up to which they are afforded. */
const AFFORDABLE = { series: 200, quantities: 60_000 } as const;
/** For weekly quantities that are hardly ever zero. */
const POSITIVE_MEMBER = 'sarima-weekly-log';
const POSITIVE_SHARE = 0.9;

/**
 * Learns from a panel how to forecast its series: a global model of all of them, weights of it and of models of single
 * series, and how wide to spread. Weights and spreads are those that would have been best at past origins, each forecast
 * from what lay before it.
 */
export async function trainPanel(panel: Panel, options: TrainOptions): Promise<PanelModel> {
  const { horizon, seed, members = membersFor(panel), launches = launchPool(panel.series) } = options;
  const past = await lookBack(panel, { ...options, members });
  const global = past.names.includes('global')
    ? fitGlobal(panel, { ...rowsOf(options), horizon, holdBack: 0, seed })
    : null;
  return new PanelModel({ names: past.names, ...learnRules(past, panel.known.length > 0), global, launches });
}

/** The models of single series that a panel can afford and that suit it. */
export function membersFor({ series, frequency }: Panel): readonly string[] {
  const quantities = series.reduce((sum, one) => sum + one.quantities.length, 0);
  const positive = series.filter((one) => one.quantities.every((value) => !(value <= 0))).length;
  const isAffordable = series.length <= AFFORDABLE.series && quantities <= AFFORDABLE.quantities;
  const isPositive = frequency === 'weekly' && positive >= POSITIVE_SHARE * series.length;
  return [...MEMBERS, ...(isAffordable ? SLOW_MEMBERS : []), ...(isPositive ? [POSITIVE_MEMBER] : [])];
}

import type { Panel, PanelSeries } from '../../../../shared/core/forecast/panel.ts';
import { seededRandom } from '../../../../shared/core/math/random.ts';

export interface PanelPlan {
  readonly count: number;
  readonly periods: number;
  readonly seed?: number;
  /** Quantities grow by this factor in periods with a promotion; the regressor is known over the horizon. */
  readonly promotion?: number;
  readonly horizon?: number;
}

/** Weekly counts with a common season, levels of their own, and, if asked for, promotions that are known ahead. */
export function simulatedPanel({ count, periods, seed = 1, promotion, horizon = 8 }: PanelPlan): Panel {
  const random = seededRandom(seed);
  const series = Array.from({ length: count }, (_, i): PanelSeries => {
    const level = 5 + random.gamma(2) * 20;
    const deals = Float64Array.from({ length: periods + horizon }, () => (random.uniform() < 0.2 ? 1 : 0));
    const quantities = Float64Array.from({ length: periods }, (_, t) => {
      const season = 1 + 0.4 * Math.sin((2 * Math.PI * t) / 52);
      const lift = promotion !== undefined && deals[t] === 1 ? promotion : 1;
      return Math.round(random.gamma(40) * ((level * season * lift) / 40));
    });
    const regressors = promotion === undefined ? {} : { deal: deals };
    return { id: `s${String(i).padStart(3, '0')}`, start: '2020-01-06', quantities, regressors };
  });
  return { frequency: 'weekly', period: 52, series, known: promotion === undefined ? [] : ['deal'] };
}

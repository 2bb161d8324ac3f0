import type { LaunchPool } from '../launch/launch-pool.ts';
import type { MapSeries } from '../panel.ts';

export interface TrainOptions {
  readonly horizon: number;
  readonly seed: number;
  readonly mapSeries: MapSeries;
  /** Models of single series. Default: those that the size of the panel allows. */
  readonly members?: readonly string[];
  /** Rows that the global model learns from, about. Default: its own. */
  readonly rows?: number;
  /** What series that have just begun are like. Default: those of the panel, as their regressors tell. */
  readonly launches?: LaunchPool;
}

/** Those rows as the global model takes them. */
export function rowsOf({ rows }: TrainOptions): { rows?: number } {
  return rows === undefined ? {} : { rows };
}

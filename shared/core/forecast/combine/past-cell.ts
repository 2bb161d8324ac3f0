import type { GridForecast } from './level-grid.ts';
import type { PanelGroup } from './panel-model.ts';
import type { QuantityKind } from './quantity-kind.ts';

/** One series at one past origin: what each member said, and what came. */
export interface PastCell extends QuantityKind {
  readonly id: string;
  readonly group: PanelGroup;
  readonly members: readonly GridForecast[];
  /** Quantities of the horizon; NaN is unknown. */
  readonly actual: Float64Array;
  /** Size of a usual error: what errors of the mean are divided by. */
  readonly scale: number;
  /** What the loss of its quantiles counts. */
  readonly weight: number;
}

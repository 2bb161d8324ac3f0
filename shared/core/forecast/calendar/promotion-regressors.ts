import { dayNumber } from '../../calendar/period-grid.ts';
import { type PeriodSpan, periodEdges } from './period-span.ts';

/** A reduction or campaign over days, both ends included. */
export interface Promotion {
  readonly from: string;
  readonly to: string;
  /** Reduction as a fraction of the price, 0 to 1; 0 for a campaign without one. */
  readonly depth: number;
  /** Day from which it was planned: at an origin before it nobody could know. Default: `from`. */
  readonly announced?: string;
}

/**
 * `promotion`: share of the days of each period under a promotion; `promotion depth`: mean over its days of the deepest
 * reduction. Only promotions announced by the origin (`YYYY-MM-DD`, its last day) count, in the past and in the future.
 */
export function promotionRegressors(
  span: PeriodSpan,
  promotions: readonly Promotion[],
  origin: string,
): Record<'promotion' | 'promotion depth', Float64Array> {
  const edges = periodEdges(span);
  const last = dayOf(origin);
  const first = edges[0]!;
  const days = edges.at(-1)! - first;
  const isOn = new Uint8Array(days);
  const depth = new Float64Array(days);
  for (const promotion of promotions) {
    const from = dayOf(promotion.from);
    const to = dayOf(promotion.to);
    if (to < from) throw new RangeError(`a promotion ends on ${promotion.to}, before ${promotion.from}`);
    if (!(promotion.depth >= 0 && promotion.depth <= 1))
      throw new RangeError(`a promotion's depth of ${promotion.depth} is not inside 0..1`);
    if (dayOf(promotion.announced ?? promotion.from) > last) continue;
    for (let day = Math.max(0, from - first); day <= Math.min(days - 1, to - first); day++) {
      isOn[day] = 1;
      depth[day] = Math.max(depth[day]!, promotion.depth);
    }
  }
  const meanOf = (values: ArrayLike<number>): Float64Array =>
    Float64Array.from({ length: span.periods }, (_, p) => {
      let sum = 0;
      for (let day = edges[p]!; day < edges[p + 1]!; day++) sum += values[day - first]!;
      return sum / (edges[p + 1]! - edges[p]!);
    });
  return { promotion: meanOf(isOn), 'promotion depth': meanOf(depth) };
}

function dayOf(text: string): number {
  const day = dayNumber(text);
  if (Number.isNaN(day)) throw new RangeError(`no day of the calendar: ${text}`);
  return day;
}

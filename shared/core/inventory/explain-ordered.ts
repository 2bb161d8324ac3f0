import { explained, explanationNumber as number } from './explain-need.ts';
import type { ExplanationNumber, ExplanationNumbers } from './explanation.ts';

/** What became of the planner's quantity. */
export interface Ordered {
  readonly need_quantity: number;
  /** What counts now, and what it costs. */
  readonly quantity: number;
  readonly unit_cost: string;
  readonly cost: string;
  /** Units of it that lift the order to its supplier's minimum. */
  readonly top_up: number;
  /** Who gave it another quantity, and why; null where nobody did. */
  readonly edited_by: string | null;
  readonly edited_why: string | null;
}

/**
 * An explanation that tells of both quantities where they differ: the planner's with its reasons, and `ordered` with who or
 * what made it so; what follows from a quantity (price, cost, cover) is of the one that is ordered.
 */
export function explainOrdered<T extends { readonly numbers: ExplanationNumbers; readonly words: string }>(
  explanation: T,
  ordered: Ordered,
): T {
  const { need_quantity: need, quantity, top_up, edited_by, edited_why } = ordered;
  if (quantity === need) return explanation;
  const why = edited_why === null ? '' : `: ${edited_why.replace(/\.+$/, '')}`;
  const from = edited_by === null ? `quantity + ${top_up} for the supplier's minimum` : `${edited_by}${why}`;
  const days = coverOf(explanation.numbers, quantity - need);
  const numbers = explanation.numbers.flatMap((one): ExplanationNumber[] => {
    switch (one.name) {
      case 'quantity':
        return [one, number('ordered', quantity, 'units', from)];
      case 'unitCost':
        return [{ ...one, value: ordered.unit_cost, from: 'supplier item, at ordered' }];
      case 'cost':
        return [{ ...one, value: ordered.cost, from: 'ordered * unitCost' }];
      case 'coverDays':
        return [number(one.name, days!, one.unit, one.from.replace('quantity', 'ordered'))];
      default:
        return [one];
    }
  });
  const whose = edited_by === null ? `, ${top_up} of them for the supplier's minimum` : ` by ${from}`;
  const lasting = days === undefined ? '' : ` With what is there that lasts ${Math.round(days)} days.`;
  const words = `${explanation.words} Suggested ${need} units, ordered ${quantity}${whose}.${lasting}`;
  return { ...explanation, numbers, words };
}

/** Days of cover with so many units more. */
function coverOf(numbers: ExplanationNumbers, more: number): number | undefined {
  const [days, daily] = [explained(numbers, 'coverDays'), explained(numbers, 'dailyDemand')];
  return typeof days === 'number' && typeof daily === 'number' ? days + more / daily : undefined;
}

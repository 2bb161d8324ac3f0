import { moneyText } from '../money-text.ts';

/** What a value is measured in; a fraction of 1 is 100 %, turns and ratios are plain numbers. */
export type KpiUnit = 'fraction' | 'ratio' | 'turns' | 'days' | 'weeks' | 'units' | 'money';

/** A key figure with all that it was made of, so that a reader can check it. Money is decimal text. */
export interface Kpi {
  readonly value: number | string | null;
  readonly numerator: number | string | null;
  readonly denominator: number | string | null;
  readonly unit: KpiUnit;
  readonly formula: string;
  /** Why there is no value; null where there is one. */
  readonly reason: string | null;
}

/** Money in ten-thousandths. */
export interface Amount {
  readonly money: number;
}
export const money = (tenThousandths: number): Amount => ({ money: tenThousandths });

/** What a figure is the quotient of. `under` is left out where it is a sum and no quotient. */
export interface Parts {
  readonly over: number | Amount;
  readonly under?: number | Amount;
  /** The quotient is multiplied by this: days of a year, say. Default 1. */
  readonly times?: number;
}

/** Names a figure, says how it is made, and makes it. */
export interface KpiRule<F> {
  readonly unit: KpiUnit;
  readonly formula: string;
  /** Why there is no value where nothing stands below the line. */
  readonly withoutBase: string;
  /** The parts, or why there are none. */
  readonly of: (facts: F) => Parts | string;
}

/** The figure of a rule: null with a reason instead of a number that is none. */
export function kpiOf<F>({ unit, formula, withoutBase, of }: KpiRule<F>, facts: F): Kpi {
  const parts = of(facts);
  if (typeof parts === 'string')
    return { value: null, numerator: null, denominator: null, unit, formula, reason: parts };
  const { over, under, times = 1 } = parts;
  const shown = {
    numerator: shownOf(over),
    denominator: under === undefined ? null : shownOf(under),
    unit,
    formula,
  };
  if (under !== undefined && !(plain(under) > 0)) return { value: null, ...shown, reason: withoutBase };
  const value = (plain(over) / (under === undefined ? 1 : plain(under))) * times;
  if (!Number.isFinite(value)) throw new RangeError(`no value: ${plain(over)} / ${under && plain(under)}`);
  // a quotient of two amounts is a plain number; ten-thousandths stay what they are only above a plain number
  return { value: unit === 'money' ? moneyText(value) : value, ...shown, reason: null };
}

const plain = (part: number | Amount): number => (typeof part === 'number' ? part : part.money);
const shownOf = (part: number | Amount): number | string =>
  typeof part === 'number' ? part : moneyText(part.money);

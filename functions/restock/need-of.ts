import type { Explanation } from '../../shared/contracts/explanation.ts';
import { lowConfidenceInWords } from '../../shared/contracts/low-confidence.ts';
import { addDays } from '../../shared/core/calendar/add-days.ts';
import { needInWords } from '../../shared/core/inventory/explain-need.ts';
import { orderOf } from '../../shared/core/inventory/policies/policy-rule.ts';
import { type SupplierItem, unitCostAt } from '../../shared/data/purchasing/supplier-item-store.ts';
import type { Need } from '../../shared/data/suggestions/suggestion-store.ts';
import type { DeadStock } from '../../shared/data/waste/dead-stock-store.ts';
import {
  type Assessment,
  actionDayOf,
  assessSeries,
  avertableUnits,
  type SeriesInput,
} from './assess-series.ts';
import { explainPurchase, shareOf } from './explain-purchase.ts';
import { bestSource, ifItPays, type Purchase, purchaseOf } from './purchase.ts';

/** What is made of a series: what to buy, if anything, and the numbers behind that, which are there either way. */
export interface Verdict {
  readonly purchase: Purchase;
  readonly fromElsewhere: number;
  readonly need: Need | undefined;
  readonly explain: () => Explanation;
  /** The same where so many units come from other locations before anything is bought. */
  readonly helpedBy: (units: number) => Verdict;
}

/**
 * What to buy of a series and why, or why nothing; undefined when nobody supplies the product.
 * A pure function: the seed of its simulation comes from the settings and the series' name, not from the run, so that
 * another run over the same data suggests the same. For stock that is dead nothing is wanted.
 */
export function judgeSeries(
  input: SeriesInput,
  items: readonly SupplierItem[],
  dead?: DeadStock,
): Verdict | undefined {
  if (items.length === 0) return undefined;
  const { priority, currency } = items[0]!;
  const first = items.filter((item) => item.priority === priority);
  // what is cheaper in another currency nobody here knows
  const best = first.filter((item) => item.currency === currency);
  const sources = best.map((item) => {
    const assessment = assessSeries(input, item);
    return { item, assessment: dead ? { ...assessment, wanted: 0 } : assessment };
  });
  const { holding_rate } = input.settings;
  const suppliers = { compared: best.length, otherCurrencies: first.length - best.length };
  const helpedBy = (units: number): Verdict => {
    const { item, assessment } = bestSource(sources, units, holding_rate);
    const fromElsewhere = Math.min(assessment.wanted, units);
    const wanted = assessment.wanted - fromElsewhere;
    const bought = purchaseOf(item, assessment, wanted, holding_rate);
    const purchase = dead
      ? { ...bought, held: heldAsDead(assessment, dead) }
      : ifItPays(bought, input, wanted, fromElsewhere);
    // most series need nothing, and nobody asks why
    const explain = () => {
      const numbers = explainPurchase(input, purchase, fromElsewhere, suppliers);
      return explanationOf(input, purchase, numbers, needInWords(numbers));
    };
    return {
      purchase,
      fromElsewhere,
      explain,
      need: needFrom(input, purchase, fromElsewhere, explain),
      helpedBy,
    };
  };
  return helpedBy(0);
}

function heldAsDead(
  { rule, position, isReviewDay }: Assessment,
  { since, words }: DeadStock,
): Purchase['held'] {
  const units = orderOf(rule, position, isReviewDay);
  return units > 0 ? { kind: 'dead', units, why: `dead stock since ${since}. ${words}` } : null;
}

/** What to buy of a series; undefined while there is enough, or nobody supplies it. */
export function needOf(input: SeriesInput, items: readonly SupplierItem[]): Need | undefined {
  return judgeSeries(input, items)?.need;
}

function explanationOf(
  { series, asOf }: SeriesInput,
  { assessment: { timing } }: Purchase,
  numbers: Explanation['numbers'],
  words: string,
): Explanation {
  const reason = series.lowConfidence;
  const days = timing.leadTime.meanDays + timing.protectionDays;
  return {
    as_of: asOf,
    order_day: timing.orderDay,
    expected_date: timing.expectedDate,
    renewed_on: addDays(asOf, Math.ceil(days)),
    ...(reason && { confidence: 'low' as const }),
    numbers: [...numbers],
    words: reason ? `${words} ${lowConfidenceInWords(reason)}` : words,
  };
}

function needFrom(
  input: SeriesInput,
  { item, assessment, quantity, unitCost }: Purchase,
  fromElsewhere: number,
  explain: () => Explanation,
): Need | undefined {
  if (quantity === 0) return undefined;
  return {
    productId: input.series.productId,
    locationId: input.series.locationId,
    kind: 'purchase',
    supplierId: item.supplierId,
    fromLocation: null,
    quantity,
    unitCost,
    unitCostOf: (units) => unitCostAt(item, units),
    actionDay: actionDayOf(input),
    orderBy: assessment.orderBy(),
    explanation: explain(),
    coverFrom: Math.max(0, assessment.position) + fromElsewhere,
    dailyDemand: assessment.dailyDemand,
    ...riskOf(input, assessment, item, shareOf(quantity, quantity + fromElsewhere)),
  };
}

/** What it costs to do nothing, for a suggestion that is this share of a need. */
export function riskOf(
  { price, className }: SeriesInput,
  assessment: Assessment,
  item: Pick<SupplierItem, 'unitCost'>,
  share: number,
): Pick<Need, 'className' | 'moneyAtRisk' | 'stockoutProbability' | 'stockoutDate'> {
  return {
    className: className ?? null,
    moneyAtRisk: (avertableUnits(assessment) * (price ?? Number(item.unitCost)) * share).toFixed(2),
    stockoutProbability: assessment.stockoutProbability,
    stockoutDate: assessment.stockoutDate(),
  };
}

import { addDays } from '../../shared/core/calendar/add-days.ts';
import { needInWords, explanationNumber as number } from '../../shared/core/inventory/explain-need.ts';
import type { RebalanceMove } from '../../shared/core/inventory/policies/rebalance.ts';
import type { SupplierItem } from '../../shared/data/purchasing/supplier-item-store.ts';
import type { Need } from '../../shared/data/suggestions/suggestion-store.ts';
import { actionDayOf, type SeriesInput, supplyBy } from './assess-series.ts';
import { explainCover, explainLevel, explainRisk } from './explain-purchase.ts';
import { riskOf } from './need-of.ts';
import type { Source } from './purchase.ts';

/** When goods from another location are there. */
const transferDay = (input: SeriesInput): string =>
  addDays(actionDayOf(input), Math.ceil(input.settings.transfer_days));

/** The terms of a product that nobody supplies: what other locations have comes as transfers do, and costs nothing. */
export const noSupplier = ({ series, settings, currency }: SeriesInput): SupplierItem => ({
  productId: series.productId,
  supplierId: '',
  unitCost: '0',
  priceBreaks: [],
  orderCost: '0',
  leadTimeDays: settings.transfer_days,
  leadTimeDeviationDays: 0,
  statedLeadTimeDays: settings.transfer_days,
  leadTimesSeen: 0,
  minimumQuantity: 1,
  orderMultiple: 1,
  maximumQuantity: null,
  priority: 1,
  supplierMinimum: '0',
  currency,
  calendar: {},
});

/**
 * Units of what is wanted that may come from other locations: all where a transfer is there no later than a purchase, else
 * without what is needed until it is there.
 */
export function canWait(input: SeriesInput, { item, assessment }: Source): number {
  const day = transferDay(input);
  const { wanted, timing } = assessment;
  if (wanted === 0 || day <= timing.expectedDate) return wanted;
  const { position, expiring } = input;
  const stock = position.onHand - position.committed - expiring + supplyBy(input, addDays(day, -1), item);
  return wanted - Math.max(0, Math.min(wanted, assessment.askedUntil(day) - stock));
}

/** A move that can be suggested. */
export interface Offer {
  readonly move: RebalanceMove;
  /** Units that the giver has above what it needs. */
  readonly surplus: number;
}

/**
 * The suggestion of a move, as this share of what is wanted of the purchase that it takes the place of. How much is wanted
 * is the purchase's to say, which comes later; what may be missed until then, and what the move averts, follow from its own day.
 */
export function transferNeed(
  input: SeriesInput,
  purchase: Source,
  { move: { from, quantity }, surplus }: Offer,
  share: number,
): Need {
  const { item, assessment } = purchase;
  const { asOf, series } = input;
  const [sent, there] = [actionDayOf(input), transferDay(input)];
  const risked = { ...assessment, ...assessment.riskBefore(there) };
  const bought = assessment.wanted - canWait(input, purchase);
  const less = bought > 0 ? 'wanted - boughtMeanwhile' : 'wanted';
  const numbers = [
    ...explainLevel(input, assessment),
    ...(item.supplierId === ''
      ? []
      : [number('insteadOf', item.supplierId, 'name', 'supplier of the purchase whose place it takes')]),
    number('wanted', assessment.wanted, 'units', 'orderUpTo - position, by the policy'),
    ...(bought > 0
      ? [
          number(
            'boughtMeanwhile',
            bought,
            'units',
            'needed before a transfer is there, but not before a purchase',
          ),
        ]
      : []),
    number('fromLocation', from, 'name', 'of the same tree of locations'),
    number(
      'giverSurplus',
      surplus,
      'units',
      'free there, above its own order-up-to level, and not needed before one of its arrivals',
    ),
    number(
      'givenTo',
      quantity,
      'units',
      `min(${less}, giverSurplus), in equal days of cover where several want it`,
    ),
    number('quantity', quantity, 'units', 'givenTo'),
    ...explainRisk(input, risked, Number(item.unitCost), share, 'demand before expectedDate'),
    ...explainCover(assessment, quantity, 0),
    number('orderDay', sent, 'date', 'first day on which people can act on this'),
    number('orderBy', sent, 'date', 'first day on which people can act on this'),
    number('expectedDate', there, 'date', 'orderBy + transfer_days of the settings'),
  ];
  return {
    productId: series.productId,
    locationId: series.locationId,
    kind: 'transfer',
    supplierId: null,
    fromLocation: from,
    quantity,
    unitCost: '0',
    unitCostOf: () => '0',
    actionDay: sent,
    orderBy: sent,
    explanation: {
      as_of: asOf,
      expected_date: there,
      renewed_on: addDays(
        asOf,
        Math.ceil(assessment.timing.leadTime.meanDays + assessment.timing.reviewDays),
      ),
      ...(series.lowConfidence && { confidence: 'low' as const }),
      numbers,
      words: needInWords(numbers),
    },
    coverFrom: Math.max(0, assessment.position),
    dailyDemand: assessment.dailyDemand,
    ...riskOf(input, risked, item, share),
  };
}

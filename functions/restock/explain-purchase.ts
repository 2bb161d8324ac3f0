import { explanationNumber as number } from '../../shared/core/inventory/explain-need.ts';
import type { ExplanationNumber } from '../../shared/core/inventory/explanation.ts';
import { INITIAL_STOCK_SHARE } from '../../shared/core/inventory/initial-stock-rule.ts';
import { lineAmount } from '../../shared/core/inventory/line-amount.ts';
import { orderUpToOf, reorderPointOf } from '../../shared/core/inventory/policies/policy-rule.ts';
import { MOST_COVER_DAYS } from '../../shared/core/inventory/policies/round-order.ts';
import { type Assessment, avertableUnits, initialStockOf, type SeriesInput } from './assess-series.ts';
import type { Purchase } from './purchase.ts';

/** Where the day of an order comes from. */
const ORDER_DAY = 'first day on which people can act on this and the supplier takes orders';

/** Suppliers of the best priority. */
export interface SuppliersSeen {
  readonly compared: number;
  readonly otherCurrencies: number;
}

/** Every number behind a purchase, in the order of reasoning; see `quantityFromExplanation`. */
export function explainPurchase(
  input: SeriesInput,
  purchase: Purchase,
  fromElsewhere: number,
  suppliers: SuppliersSeen,
): ExplanationNumber[] {
  const { item, assessment, quantity, steps, held } = purchase;
  const { wanted } = assessment;
  const broken = steps.find(({ rule }) => rule === 'price-break');
  return [
    ...explainLevel(input, assessment),
    number('leadTimeSource', item.leadTimesSeen > 0 ? 'learnt' : 'stated', 'name', leadTimeSource(item)),
    number('isReviewDay', assessment.isReviewDay ? 1 : 0, 'yes or no', reviewSource(assessment)),
    number('wanted', wanted, 'units', held?.kind === 'dead' ? 'dead stock: 0' : wishInWords(assessment)),
    ...(fromElsewhere > 0
      ? [number('fromElsewhere', fromElsewhere, 'units', 'transfers that are suggested from other locations')]
      : []),
    number('supplier', item.supplierId, 'name', supplierSource(item, suppliers)),
    number('minimumQuantity', item.minimumQuantity, 'units', 'supplier item'),
    number('orderMultiple', item.orderMultiple, 'units', 'supplier item'),
    ...(item.maximumQuantity === null
      ? []
      : [number('maximumQuantity', item.maximumQuantity, 'units', 'supplier item')]),
    ...(broken ? [number('priceBreakQuantity', broken.to, 'units', broken.why)] : []),
    ...steps.map(({ rule, to, why }, i) => number(`rounding${i + 1}`, to, 'units', `${rule}: ${why}`)),
    ...(held ? [number('heldBack', held.units, 'units', held.why)] : []),
    number(
      'quantity',
      quantity,
      'units',
      quantity > 0
        ? 'max(wanted - fromElsewhere, minimumQuantity) in multiples of orderMultiple, then priceBreakQuantity and maximumQuantity'
        : held
          ? '0, as heldBack'
          : '0, as nothing is wanted',
    ),
    number('unitCost', purchase.unitCost, 'money', 'supplier item, at this quantity'),
    number(
      'cost',
      lineAmount(quantity, Number(purchase.unitCost)).toFixed(2),
      'money',
      'quantity * unitCost',
    ),
    ...explainRisk(input, assessment, Number(item.unitCost), shareOf(quantity, quantity + fromElsewhere)),
    ...(quantity > 0 ? explainCover(assessment, quantity, fromElsewhere) : []),
    number('orderDay', assessment.timing.orderDay, 'date', ORDER_DAY),
    number(
      'orderBy',
      assessment.orderBy(),
      'date',
      'last day whose order is there by stockoutDate, not before orderDay',
    ),
    number(
      'expectedDate',
      assessment.timing.expectedDate,
      'date',
      'orderDay + leadTimeDays, on both calendars',
    ),
  ];
}

/** From the stock to the order-up-to level. */
export function explainLevel(input: SeriesInput, assessment: Assessment): ExplanationNumber[] {
  const { series, position: state, supply, expiring, policy, className } = input;
  const { timing, fitted, reorderPoint, safetyStock } = assessment;
  const initialStock = initialStockOf(series);
  const drafted = supply.reduce((sum, one) => sum + (one.from === 'draft' ? one.quantity : 0), 0);
  return [
    number('model', series.model, 'name', `forecast of ${series.demandClass} demand`),
    ...(className
      ? [number('class', className, 'name', 'revenue of a year (A to C) and forecast error (X to Z)')]
      : []),
    number('policy', assessment.rule.kind, 'name', 'policySource'),
    number('policySource', policy.source, 'name', 'policies: item, else class, else settings'),
    number('onHand', state.onHand, 'units', 'stock ledger'),
    number(
      'onOrder',
      state.onOrder - drafted,
      'units',
      'purchase orders and transfers not yet received, whenever they are expected',
    ),
    ...(drafted > 0 ? [number('drafted', drafted, 'units', 'drafts that a person keeps')] : []),
    number('committed', state.committed, 'units', 'orders not yet shipped'),
    ...(expiring > 0
      ? [number('expiring', expiring, 'units', 'lots that expire before the forecast sells them')]
      : []),
    number(
      'position',
      assessment.position,
      'units',
      `onHand + onOrder${drafted > 0 ? ' + drafted' : ''} - committed${expiring > 0 ? ' - expiring' : ''}`,
    ),
    ...(initialStock === null
      ? [
          number('target', policy.target.kind, 'name', 'policySource'),
          number(
            'serviceLevel',
            policy.target.value,
            policy.target.kind === 'cost' ? 'factor' : 'probability',
            'policySource',
          ),
        ]
      : [number('initialStock', initialStock, 'units', 'first movement of the stock ledger')]),
    number(
      'leadTimeDays',
      timing.leadTime.meanDays,
      'days',
      policy.safetyLeadDays > 0 ? `lead time + ${policy.safetyLeadDays} days for safety` : 'lead time',
    ),
    number('leadTimeDeviationDays', timing.leadTime.deviationDays, 'days', 'lead time'),
    number('reviewDays', timing.reviewDays, 'days', 'policySource'),
    ...(timing.waitDays > 0
      ? [number('waitDays', timing.waitDays, 'days', 'calendars: until an order of orderDay is there')]
      : []),
    number(
      'lookDays',
      timing.lookDays - timing.waitDays,
      'days',
      'from the goods of orderDay to those of the next chance to order',
    ),
    number(
      'protectionDays',
      timing.leadTime.meanDays + timing.protectionDays,
      'days',
      'until the goods of the next review are there: leadTimeDays + reviewDays, on the calendars',
    ),
    number('demandPaths', assessment.paths, 'paths', 'simulated from the forecast'),
    number(
      'leadTimeDemandMean',
      assessment.leadMean,
      'units',
      `mean of simulated demand over leadTimeDays${timing.waitDays > 0 ? ' + waitDays' : ''}`,
    ),
    number('lookDemandMean', assessment.lookMean, 'units', 'the same and over lookDays'),
    number(
      'protectionDemandMean',
      assessment.protectionMean,
      'units',
      'mean of simulated demand over protectionDays',
    ),
    ...explainLimits(policy),
    ...(reorderPoint === null || safetyStock === null
      ? []
      : [
          ...limited(
            'reorderPoint',
            reorderPoint,
            reorderPointOf(fitted),
            initialStock === null
              ? 'policy, fitted to simulated demand by target and serviceLevel'
              : `policy, with ceil(${INITIAL_STOCK_SHARE} initialStock)`,
          ),
          number(
            'undershootMean',
            assessment.undershootMean(),
            'units',
            'mean that a look finds the position below reorderPoint',
          ),
          number(
            'safetyStock',
            safetyStock,
            'units',
            'reorderPoint - leadTimeDemandMean; undershootMean of it is used up before a look',
          ),
        ]),
    ...limited(
      'orderUpTo',
      assessment.orderUpTo,
      orderUpToOf(fitted),
      initialStock === null
        ? 'policy, fitted to simulated demand over protectionDays, or lookDays for base stock'
        : 'policy, with initialStock',
    ),
    ...(initialStock !== null || assessment.mostOrder === null
      ? []
      : [
          number(
            'mostOrder',
            assessment.mostOrder,
            'units',
            `dailyDemand * ${MOST_COVER_DAYS} days: the order of least cost would be for longer`,
          ),
        ]),
  ];
}

/** What a person set, whether it changes anything or not. */
const explainLimits = ({ minimum, maximum }: SeriesInput['policy']): ExplanationNumber[] => [
  ...(minimum === null ? [] : [number('minimum', minimum, 'units', 'policySource')]),
  ...(maximum === null ? [] : [number('maximum', maximum, 'units', 'policySource')]),
];

/** A level, and beside it what it would be without the limits where they make it another one. */
function limited(
  name: 'reorderPoint' | 'orderUpTo',
  level: number,
  fit: number | null,
  from: string,
): ExplanationNumber[] {
  if (fit === null || fit === level) return [number(name, level, 'units', from)];
  const fitName = name === 'orderUpTo' ? 'fittedOrderUpTo' : 'fittedReorderPoint';
  return [
    number(fitName, fit, 'units', from),
    number(name, level, 'units', `what minimum and maximum make of ${fitName}`),
  ];
}

/** Which part of the risk of a need a suggestion has that brings so many of all the units. */
export const shareOf = (units: number, all: number): number => (all > 0 ? Math.min(1, units / all) : 1);

/** What happens if nothing is ordered, of which the suggestion is this share; `demand` is that until goods are there. */
export function explainRisk(
  input: SeriesInput,
  assessment: Assessment,
  unitCost: number,
  share: number,
  demand = 'lead-time demand',
): ExplanationNumber[] {
  const { dailyDemand, position } = assessment;
  const price = input.price ?? unitCost;
  const stockoutDate = assessment.stockoutDate();
  return [
    number('dailyDemand', dailyDemand, 'units/day', 'protectionDemandMean / protectionDays'),
    ...(dailyDemand > 0
      ? [number('daysOfCover', Math.max(0, position) / dailyDemand, 'days', 'max(0, position) / dailyDemand')]
      : []),
    number(
      'inTime',
      assessment.inTime,
      'units',
      'supply expected up to expectedDate; what is late already is not',
    ),
    number(
      'stockoutProbability',
      assessment.stockoutProbability,
      'probability',
      `share of paths whose ${demand} is above onHand - committed - expiring + inTime`,
    ),
    number(
      'expectedShortage',
      assessment.expectedShortage,
      'units',
      'mean demand over protectionDays beyond stock and supply in time',
    ),
    number(
      'shortageBefore',
      assessment.shortageBefore,
      'units',
      'mean demand before expectedDate beyond stock and supply in time',
    ),
    number(
      'unitPrice',
      price,
      'money',
      input.price === null ? 'unit cost, as the catalogue has no price' : 'catalogue',
    ),
    number('lostBefore', assessment.shortageBefore * price, 'money', 'shortageBefore * unitPrice'),
    ...(share < 1
      ? [number('shareOfNeed', share, 'share', 'units of this suggestion / units of all for the same need')]
      : []),
    number(
      'moneyAtRisk',
      avertableUnits(assessment) * price * share,
      'money',
      `max(0, expectedShortage - shortageBefore) * unitPrice${share < 1 ? ' * shareOfNeed' : ''}`,
    ),
    ...(stockoutDate === null
      ? []
      : [
          number(
            'stockoutDate',
            stockoutDate,
            'date',
            'stock and supply by their days, walked with the mean forecast',
          ),
        ]),
  ];
}

/** For how long stock, supply and the suggestion last together. */
export function explainCover(
  { position, dailyDemand }: Assessment,
  quantity: number,
  fromElsewhere: number,
): ExplanationNumber[] {
  if (!(dailyDemand > 0)) return [];
  const days = (Math.max(0, position) + fromElsewhere + quantity) / dailyDemand;
  const parts = `max(0, position) + ${fromElsewhere > 0 ? 'fromElsewhere + ' : ''}quantity`;
  return [number('coverDays', days, 'days', `(${parts}) / dailyDemand`)];
}

const reviewSource = ({ rule, timing }: Assessment): string =>
  rule.kind.startsWith('R-') || rule.kind === 'newsvendor'
    ? `1 when one of the reviews every ${timing.reviewDays} days is due, or something is suggested already`
    : '1: the policy looks at every plan';

function supplierSource(
  { currency }: Purchase['item'],
  { compared, otherCurrencies }: SuppliersSeen,
): string {
  const choice =
    compared > 1
      ? `least cost of a unit, order and keeping included, of ${compared} of the same priority`
      : 'first by priority';
  return otherCurrencies > 0
    ? `${choice} in ${currency}; ${otherCurrencies} of that priority in other currencies were not compared`
    : choice;
}

const leadTimeSource = ({ leadTimesSeen, statedLeadTimeDays }: Purchase['item']): string =>
  leadTimesSeen > 0
    ? `${leadTimesSeen} deliveries of the supplier, shrunk to the stated ${statedLeadTimeDays} days`
    : 'supplier item';

function wishInWords({ rule, isReviewDay }: Assessment): string {
  if (!isReviewDay) return 'no review day: 0';
  switch (rule.kind) {
    case 'do-not-stock':
      return 'max(0, -position)';
    case 's-Q':
      return 'position <= reorderPoint: multiples of orderUpTo - reorderPoint until above reorderPoint';
    case 's-S':
    case 'min-max':
    case 'R-s-S':
      return 'position <= reorderPoint and position < orderUpTo: orderUpTo - position, else 0';
    default:
      return 'max(0, orderUpTo - position)';
  }
}

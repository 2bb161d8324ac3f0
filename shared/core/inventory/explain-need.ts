import type { ExplanationNumber, ExplanationNumbers } from './explanation.ts';
import { explainedValue } from './explanation.ts';
import { MOST_COVER_DAYS } from './policies/round-order.ts';
import { ceilToMultiple } from './round-quantity.ts';

/** The value of a number, or undefined where the explanation does not have it. */
export function explained(numbers: ExplanationNumbers, name: string): number | string | undefined {
  return numbers.find((number) => number.name === name)?.value;
}

/**
 * The quantity of a suggestion, worked out anew from nothing but the numbers of its explanation: position, rule, wish,
 * what comes from elsewhere, rounding. A machine checks a suggestion by comparing it with `quantity`.
 */
export function quantityFromExplanation(numbers: ExplanationNumbers): number {
  const of = (name: string): number => explainedValue(numbers, name);
  const optional = (name: string): number => {
    const value = explained(numbers, name);
    return typeof value === 'number' ? value : 0;
  };
  const position =
    of('onHand') + of('onOrder') + optional('drafted') - of('committed') - optional('expiring');
  let units = wantedBy(numbers, position) - optional('fromElsewhere');
  if (explained(numbers, 'givenTo') !== undefined) return of('givenTo');
  if (!(units > 0) || optional('heldBack') > 0) return 0;
  units = ceilToMultiple(Math.max(Math.ceil(units - 1e-9), of('minimumQuantity')), of('orderMultiple'));
  const most = explained(numbers, 'maximumQuantity');
  if (typeof most === 'number' && units > most) {
    units = Math.floor(most / of('orderMultiple')) * of('orderMultiple');
    if (units < of('minimumQuantity')) return 0;
  }
  return Math.max(units, optional('priceBreakQuantity'));
}

function wantedBy(numbers: ExplanationNumbers, position: number): number {
  const of = (name: string): number => explainedValue(numbers, name);
  if (explained(numbers, 'isReviewDay') === 0) return 0;
  const level = (): number => of('orderUpTo');
  switch (explained(numbers, 'policy') ?? 's-S') {
    case 'do-not-stock':
      return Math.max(0, -position);
    case 'base-stock':
    case 'newsvendor':
    case 'R-S':
      return Math.max(0, level() - position);
    case 's-Q': {
      const lot = level() - of('reorderPoint');
      return position <= of('reorderPoint')
        ? (Math.floor((of('reorderPoint') - position) / lot) + 1) * lot
        : 0;
    }
    default:
      return position <= of('reorderPoint') && position < level() ? level() - position : 0;
  }
}

/** The same in sentences that a planner can read out. */
export function needInWords(numbers: ExplanationNumbers): string {
  const value = (name: string): number => {
    const found = explained(numbers, name);
    return typeof found === 'number' ? found : 0;
  };
  const text = (name: string): string => String(explained(numbers, name) ?? '');
  const sentences = [
    stockInWords(value),
    levelInWords(numbers, value, text),
    orderInWords(numbers, value, text),
  ];
  const risk = value('stockoutProbability');
  const day = text('stockoutDate');
  const isTransfer = text('fromLocation') !== '';
  if (day !== '')
    sentences.push(
      `By the mean forecast stock and supply in time last until ${day}; the chance of running out before ${isTransfer ? 'a transfer' : 'an order'} of ${text('orderDay')} is there is ${percent(risk)}.`,
    );
  const [lost, averted] = [value('lostBefore'), value('moneyAtRisk')];
  const [what, who] = isTransfer
    ? ['a transfer can be there', 'the transfer']
    : ['anything that is ordered now can come', 'the order'];
  if (lost >= 0.005)
    sentences.push(
      `On average sales of ${lost.toFixed(2)} are lost before ${what}; ${who} averts a loss of ${averted.toFixed(2)}.`,
    );
  return sentences.filter((sentence) => sentence !== '').join(' ');
}

type Value = (name: string) => number;

function stockInWords(value: Value): string {
  const parts = [
    `${units(value('onHand'))} on hand`,
    `${units(value('onOrder'))} on order`,
    ...(value('drafted') > 0 ? [`${units(value('drafted'))} in drafts of your own`] : []),
  ];
  const less = [
    `${units(value('committed'))} promised`,
    ...(value('expiring') > 0 ? [`${units(value('expiring'))} that will expire unsold`] : []),
  ];
  return `${parts.join(' and ')}, less ${less.join(' and ')}, make a position of ${units(value('position'))}.`;
}

function levelInWords(numbers: ExplanationNumbers, value: Value, text: (name: string) => string): string {
  if (text('policy') === 'do-not-stock') return 'It is not kept in stock: only what is promised is ordered.';
  if (explained(numbers, 'reorderPoint') === undefined) return '';
  if (explained(numbers, 'initialStock') !== undefined)
    return `It began with ${units(value('initialStock'))}, and is ordered at ${units(value('reorderPoint'))}.${limitsInWords(numbers, value, text)}`;
  const target =
    text('target') === 'cost'
      ? 'the least cost'
      : `a ${text('target').replace('-', ' ')} of ${percent(value('serviceLevel'))}`;
  const by = text('policySource') === '' ? '' : ` (${text('policy')} by ${text('policySource')})`;
  const most = value('mostOrder');
  const cut =
    most > 0 ? ` An order is for half a year at most: ${units(most)}, whatever larger ones would save.` : '';
  return `For ${target}${by}, ${needOfDays(fittedValue(numbers, value), text)}${cut}${limitsInWords(numbers, value, text)}`;
}

/** The levels as they would be without a person's limits. */
function fittedValue(numbers: ExplanationNumbers, value: Value): Value {
  const fitted = { reorderPoint: 'fittedReorderPoint', orderUpTo: 'fittedOrderUpTo' };
  return (name) => {
    if (name === 'safetyStock')
      return fittedValue(numbers, value)('reorderPoint') - value('leadTimeDemandMean');
    const other = fitted[name as keyof typeof fitted];
    return other !== undefined && explained(numbers, other) !== undefined ? value(other) : value(name);
  };
}

/** What a person's limits make of the levels; nothing where they change none. */
function limitsInWords(numbers: ExplanationNumbers, value: Value, text: (name: string) => string): string {
  const has = (name: string): boolean => explained(numbers, name) !== undefined;
  if (!has('fittedReorderPoint') && !has('fittedOrderUpTo')) return '';
  const set = ['minimum', 'maximum'].filter(has).map((name) => `a ${name} of ${units(value(name))}`);
  const level = units(value('orderUpTo'));
  const levels = fillsUp(text('policy'))
    ? `filled up to ${level}`
    : `ordered at ${units(value('reorderPoint'))}, up to ${level}`;
  return ` Instead ${set.join(' and ')} ${set.length > 1 ? 'are' : 'is'} set: ${levels}.`;
}

/** Whether a rule fills up at each look. */
const fillsUp = (kind: string): boolean => kind === 'R-S' || kind === 'newsvendor' || kind === 'base-stock';

/** Rules that fill up at each look speak of their level, the others of the reorder point. */
function needOfDays(value: Value, text: (name: string) => string): string {
  const kind = text('policy');
  const level = value('orderUpTo');
  // a transfer is there on another day than what its level is for
  const whose = text('insteadOf') === '' ? '' : ` of ${text('insteadOf')}`;
  if (fillsUp(kind)) {
    const isBase = kind === 'base-stock';
    const mean = value(isBase ? 'lookDemandMean' : 'protectionDemandMean');
    const days = isBase
      ? value('leadTimeDays') + value('waitDays') + value('lookDays')
      : value('protectionDays');
    return `the ${amount(days)} days until the goods of the next order${whose} are there need ${units(level)} (${amount(mean)} expected and ${amount(level - mean)} for safety).`;
  }
  if (value('reorderPoint') < 0) return 'nothing is kept, and it is ordered when somebody waits for it.';
  const under = value('undershootMean');
  const used =
    under >= 0.005 ? `, ${amount(under)} of which are used up on average before a plan can notice` : '';
  const days = value('leadTimeDays') + value('waitDays');
  return `the ${amount(days)} days until a delivery${whose} need ${units(value('reorderPoint'))} (${amount(value('leadTimeDemandMean'))} expected and ${amount(value('safetyStock'))} for safety${used}).`;
}

/** The first day on which one can order, and the last on which it is in time, where they differ. */
function whenToOrder(text: (name: string) => string): string {
  const [first, last] = [text('orderDay'), text('orderBy')];
  const day = text('expectedDate');
  return last > first
    ? `Order by ${last} at the latest; ordered on ${first} it is expected on ${day}.`
    : `Order on ${first}, expected on ${day}.`;
}

function orderInWords(numbers: ExplanationNumbers, value: Value, text: (name: string) => string): string {
  const held = numbers.find((number) => number.name === 'heldBack');
  if (held)
    return `${units(value('heldBack'))} would be ordered, but nothing is: ${held.from}.`.replace(
      /\.\.$/,
      '.',
    );
  if (value('quantity') === 0) return 'Nothing needs to be ordered now.';
  const wanted = value('wanted');
  const elsewhere = value('fromElsewhere');
  const from = text('fromLocation');
  if (from !== '') {
    const bought = value('boughtMeanwhile');
    const meanwhile = bought > 0 ? ` ${units(bought)} are to be bought, which is there sooner.` : '';
    return `Of the ${units(wanted)} that are wanted, ${units(value('quantity'))} can come from ${from}, which has ${units(value('giverSurplus'))} more than it needs itself.${meanwhile} Sent on ${text('orderDay')} it is there on ${text('expectedDate')}.`;
  }
  const rest = elsewhere > 0 ? ` ${units(elsewhere)} come from other locations.` : '';
  const steps = numbers.filter((number) => number.name.startsWith('rounding'));
  const rounded =
    steps.length === 0
      ? ''
      : `, rounded to ${units(value('quantity'))}: ${steps.map((step) => step.from).join('; ')}`;
  const bought = rounded === '' ? '' : ` To buy: ${units(wanted - elsewhere)}${rounded}.`;
  return `${wishInWords(value, text)}.${rest}${bought}${longCover(numbers, value)} ${whenToOrder(text)}`;
}

/** What the rule wants: lots, or up to a level. */
function wishInWords(value: Value, text: (name: string) => string): string {
  const wanted = value('wanted');
  if (text('policy') !== 's-Q') return `Order up to ${units(value('orderUpTo'))}: ${units(wanted)}`;
  const lot = value('orderUpTo') - value('reorderPoint');
  const lots = Math.round(wanted / lot);
  return lots === 1
    ? `Order 1 lot of ${units(lot)}`
    : `Order ${lots} lots of ${units(lot)}: ${units(wanted)}`;
}

/** Said of what lasts longer than anybody can look ahead, with what of the supplier's terms makes it so. */
function longCover(numbers: ExplanationNumbers, value: Value): string {
  if (!(value('coverDays') > MOST_COVER_DAYS)) return '';
  const isLifted = (by: string): boolean =>
    numbers.some(({ name, from }) => name.startsWith('rounding') && from.startsWith(`${by}:`));
  const why = isLifted('minimum')
    ? `, because the supplier's minimum is ${value('minimumQuantity')}`
    : isLifted('multiple')
      ? `, because it comes in packs of ${value('orderMultiple')}`
      : '';
  return ` With what is there it lasts ${Math.round(value('coverDays'))} days${why}.`;
}

/** A number of an explanation. */
export const explanationNumber = (
  name: string,
  value: number | string,
  unit: string,
  from: string,
): ExplanationNumber => ({ name, value: typeof value === 'number' ? brief(value) : value, unit, from });

/** Four decimals are enough to follow the reasoning. Adding 0 turns -0, which JSON does not keep, into 0. */
const brief = (value: number): number => Math.round(value * 1e4) / 1e4 + 0;

const percent = (share: number): string => `${amount(share * 100)} %`;

function units(value: number): string {
  return `${amount(value)} ${value === 1 ? 'unit' : 'units'}`;
}

function amount(value: number): string {
  return String(Math.round(value * 100) / 100);
}

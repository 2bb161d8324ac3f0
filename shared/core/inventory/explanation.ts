/** A number behind a suggestion: what it is, in which unit, and the source or formula it comes from. */
export interface ExplanationNumber {
  readonly name: string;
  readonly value: number | string;
  readonly unit: string;
  /** An input's source, or a formula over the names listed before it. */
  readonly from: string;
}

/** The numbers of a suggestion in the order of reasoning; later ones follow from earlier ones. */
export type ExplanationNumbers = readonly ExplanationNumber[];

/** The value of the number of that name. Throws when there is none. */
export function explainedValue(numbers: ExplanationNumbers, name: string): number {
  const found = numbers.find((number) => number.name === name);
  if (!found || typeof found.value !== 'number')
    throw new RangeError(`the explanation has no number ${name}`);
  return found.value;
}

/** The same in two or three sentences that a planner can read out. Needs the numbers of `suggestOrder`. */
export function explainInWords(numbers: ExplanationNumbers): string {
  const of = (name: string): number => explainedValue(numbers, name);
  const text = (name: string): string =>
    String(numbers.find((number) => number.name === name)?.value ?? 'never');
  const isDue = of('quantity') > 0;
  const stock = `${units(of('onHand'))} on hand, ${units(of('onOrder'))} on order and ${units(of('committed'))} promised make a position of ${units(of('position'))}.`;
  const days = `${amount(of('leadTimeDays'))} days until a delivery`;
  const level = `At a service level of ${amount(of('serviceLevel') * 100)} %, the ${days} need ${units(of('reorderPoint'))} (${amount(of('leadTimeDemandMean'))} expected and ${amount(of('safetyStock'))} for safety).`;
  if (!isDue) {
    const day = text('orderBy');
    return `${stock} ${level} Nothing needs to be ordered now${day === 'never' ? '' : `; by the forecast the reorder point is reached on ${day}`}.`;
  }
  const wanted = of('orderUpTo') - of('position');
  const rounding =
    of('quantity') > wanted
      ? `, raised to ${units(of('quantity'))} by the minimum of ${amount(of('minimumQuantity'))} and packs of ${amount(of('orderMultiple'))}`
      : '';
  return `${stock} ${level} The position is not above that, so order up to ${units(of('orderUpTo'))}: ${units(wanted)}${rounding}.`;
}

function units(value: number): string {
  return `${amount(value)} ${value === 1 ? 'unit' : 'units'}`;
}

function amount(value: number): string {
  return String(Math.round(value * 100) / 100);
}

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

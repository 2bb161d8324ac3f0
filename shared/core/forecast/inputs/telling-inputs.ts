import { Independent } from './independent.ts';
import { standardised, valuesAt } from './standardised.ts';

/**
 * The inputs that say something over these periods: not constant there, nor what those before them say already. Such an
 * input would be a second constant, and what it does ahead would move the forecast by the level of the series.
 */
export function tellingInputs(
  inputs: readonly ArrayLike<number>[],
  periods: readonly number[],
): readonly ArrayLike<number>[] {
  const independent = new Independent(periods.length);
  return inputs.filter((input) => {
    const column = Float64Array.from(input);
    // An unknown one is for the model to refuse.
    if (!periods.every((t) => Number.isFinite(column[t]))) return true;
    const values = standardised(column, periods);
    return typeof values !== 'string' && independent.add(valuesAt(values, periods));
  });
}

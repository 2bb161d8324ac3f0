import * as z from 'zod';
import { Explanation, ExplanationNumber } from '../../contracts/explanation.ts';
import type { ExplanationNumber as Explained } from '../../core/inventory/explanation.ts';
import { EXPLANATION_TERMS as TERMS } from './explanation-terms.ts';

const Value = ExplanationNumber.shape.value;

/** A number as it is stored: `[place in the list of terms, value]`, or with all that is said of it where it is not listed. */
const StoredNumber = z
  .union([z.tuple([z.int(), Value]), z.tuple([z.string(), Value, z.string(), z.string()])])
  .transform((stored): Explained => {
    const [name, unit, from] = stored.length === 4 ? [stored[0], stored[2], stored[3]] : termAt(stored[0]);
    return { name, value: stored[1], unit, from };
  });

/**
 * The column `suggestion.explanation` -> the explanation. Some 1.3 KB stand for 5 KB. Numbers that are objects were
 * stored before there was a list of terms.
 */
export const StoredExplanation = Explanation.extend({
  numbers: z.array(z.union([StoredNumber, ExplanationNumber])),
});

/** An explanation as it is stored, as JSON. What else it says stays as it is: statements read some of it by name. */
export function storedExplanation(explanation: Explanation): string {
  return JSON.stringify({
    ...explanation,
    numbers: explanation.numbers.map(({ name, value, unit, from }) => {
      const place = PLACES.get(from)?.get(name)?.get(unit);
      return place === undefined ? [name, value, unit, from] : [place, value];
    }),
  });
}

/** SQL: the value of a number in the stored explanation of a suggestion `g`; null where it has none. */
export const storedNumber = (name: string): string =>
  `(SELECT MAX(x.value)
      FROM JSON_TABLE(g.explanation, '$.numbers[*]' COLUMNS (
             term VARCHAR(40) PATH '$[0]', value VARCHAR(40) PATH '$[1]')) AS x
     WHERE x.term IN (${[name, ...placesOf(name)].map((term) => `'${term}'`).join(', ')}))`;

/** Places by source, name and unit. */
const PLACES = new Map<string, Map<string, Map<string, number>>>();
for (const [place, [name, unit, from]] of TERMS.entries()) {
  const names = PLACES.get(from) ?? new Map<string, Map<string, number>>();
  const units = names.get(name) ?? new Map<string, number>();
  PLACES.set(from, names.set(name, units.set(unit, place)));
}

const placesOf = (name: string): number[] =>
  TERMS.flatMap(([known], place) => (known === name ? [place] : []));

function termAt(place: number) {
  const term = TERMS[place];
  if (!term) throw new RangeError(`an explanation names term ${place} of ${TERMS.length}`);
  return term;
}

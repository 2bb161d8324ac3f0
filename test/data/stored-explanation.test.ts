import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { EXPLANATION_TERMS as TERMS } from '../../shared/data/suggestions/explanation-terms.ts';
import { StoredExplanation, storedExplanation } from '../../shared/data/suggestions/stored-explanation.ts';

const explanation = {
  as_of: '2011-12-09',
  order_day: '2011-12-12',
  expected_date: '2011-12-20',
  renewed_on: '2011-12-27',
  confidence: 'low' as const,
  words: 'It is needed.',
};
const all = TERMS.map(([name, unit, from], i) => ({ name, unit, from, value: i % 2 ? i / 8 : `text ${i}` }));
const readBack = (text: string) => StoredExplanation.parse(JSON.parse(text));

describe('a stored explanation', () => {
  test('says all that it said, in its order, whatever of it is listed', () => {
    const numbers = [
      ...all.toReversed(),
      { name: 'rounding1', value: 12, unit: 'units', from: 'multiple: in packs of 12' },
      { name: 'onHand', value: 3, unit: 'crates', from: 'stock ledger' },
    ];
    const whole = { ...explanation, numbers };
    expect(readBack(storedExplanation(whole))).toEqual(whole);
  });

  test('is a place and a value where that is all there is to keep', () => {
    const text = storedExplanation({ ...explanation, numbers: all });
    for (const number of JSON.parse(text).numbers) expect(number).toHaveLength(2);
  });

  test('that was stored before there was a list is read as it is', () => {
    const whole = { ...explanation, numbers: all.slice(0, 5) };
    expect(readBack(JSON.stringify(whole))).toEqual(whole);
  });

  test('of a later version of this program is refused rather than guessed', () => {
    const text = JSON.stringify({ ...explanation, numbers: [[TERMS.length, 5]] });
    expect(() => readBack(text)).toThrow();
  });
});

describe('the list of terms', () => {
  test('has each once', () => {
    expect(new Set(TERMS.map((term) => term.join('|'))).size).toBe(TERMS.length);
  });

  // Stored suggestions name places: this test is not to be changed, entries are added at the end.
  test('begins as it always has', () => {
    const text = JSON.stringify(TERMS.slice(0, 73));
    expect(createHash('sha256').update(text).digest('hex').slice(0, 16)).toBe('8a436bce0ec9172f');
  });
});

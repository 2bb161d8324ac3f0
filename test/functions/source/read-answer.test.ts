import { expect, test } from 'vitest';
import { readAnswer } from '../../../functions/source/read-answer.ts';

test('long texts of an offer are cut between characters, and long ids stay different', () => {
  const result = (end: string) => ({
    title: `${'t'.repeat(499)}😀`,
    asin: `${'i'.repeat(100)}${end}`,
    extracted_price: 5,
    specs: { brand: `${'b'.repeat(99)}😀` },
  });
  const answer = readAnswer('amazon', 'US', { organic_results: [result('1'), result('2')] });
  const offers = 'offers' in answer ? answer.offers : [];
  expect(offers.map(({ title, brand }) => [title, brand])).toEqual(
    Array(2).fill(['t'.repeat(499), 'b'.repeat(99)]),
  );
  expect(new Set(offers.map(({ sourceId }) => sourceId)).size).toBe(2);
});

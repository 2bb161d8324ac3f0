import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type AbcItem, analyseAbc } from '../../../shared/core/analytics/abc-analysis.ts';

const item = (revenue: number, more: Partial<AbcItem> = {}): AbcItem => ({
  ...{ category: null, units: 1, revenueBefore: null, revenue },
  ...more,
});
const classesOf = (revenues: readonly number[]) =>
  analyseAbc(revenues.map((revenue) => item(revenue)))
    .map(({ revenue }) => revenue.abc)
    .join('');

it('gives the product that crosses a cut to the better class', () => {
  // 50, 80, 95, 100 %: the second ends at the cut, the third begins there
  expect(classesOf([50, 30, 15, 5])).toBe('AABC');
  // 79, 90, 97, 100 %: the second crosses 80, the third 95
  expect(classesOf([79, 11, 7, 3])).toBe('AABC');
  expect(classesOf([100])).toBe('A');
  expect(classesOf([0, 0])).toBe('CC');
});

it('classes by units and within categories on their own', () => {
  const [first, second, third] = analyseAbc([
    item(100, { category: 'Toys', units: 1 }),
    item(10, { category: 'Pens', units: 98 }),
    item(1, { category: 'Toys', units: 1 }),
  ]);
  expect([first!.revenue.abc, first!.volume.abc, first!.inCategory.abc]).toEqual(['A', 'C', 'A']);
  expect([second!.revenue.abc, second!.volume.abc, second!.inCategory.abc]).toEqual(['B', 'A', 'A']);
  expect([third!.revenue.abc, third!.inCategory.abc, third!.inCategory.rank]).toEqual(['C', 'C', 2]);
});

it('knows the class before where anything was sold before', () => {
  const rows = analyseAbc([item(100, { revenueBefore: 1 }), item(1, { revenueBefore: 99 })]);
  expect(rows.map(({ before }) => before)).toEqual(['C', 'A']);
  expect(analyseAbc([item(100, { revenueBefore: 0 })])[0]!.before).toBeNull();
});

it('puts each product into one class of each kind, shares summing to one', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: -50, max: 1000 }), { minLength: 1, maxLength: 60 }),
      (revenues) => {
        const items = revenues.map((revenue, i) =>
          item(revenue, { category: String(i % 3), units: revenue }),
        );
        const rows = analyseAbc(items);
        expect(new Set(rows.map((row) => row.item)).size).toBe(items.length);
        expect(rows.map(({ revenue }) => revenue.rank)).toEqual(items.map((_, i) => i + 1));
        const total = rows.reduce((sum, { revenue }) => sum + revenue.share, 0);
        expect(total).toBeCloseTo(revenues.some((revenue) => revenue > 0) ? 1 : 0, 9);
        const isA = rows.map(({ revenue }) => revenue.abc);
        expect([...isA].sort()).toEqual(isA);
      },
    ),
  );
});

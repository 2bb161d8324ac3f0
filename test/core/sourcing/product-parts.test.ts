import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cleanName } from '../../../shared/core/sourcing/clean-name.ts';
import { productNumber } from '../../../shared/core/sourcing/product-number.ts';
import { RETAIL_CATEGORIES } from '../../../shared/core/sourcing/retail-categories.ts';
import { syntheticCost } from '../../../shared/core/sourcing/synthetic-cost.ts';
import { WAREHOUSES } from '../../../shared/core/sourcing/warehouses.ts';

test.each([
  ['Acme G10 | Android 13 | Unlocked phone', 'Acme G10 Android'],
  ['  Northwind   20V\tMAX Drill, Brushless', 'Northwind 20V MAX'],
  [`Loomly 2'8" x 10' Runner`, `Loomly 2'8" x`],
  ['Acme-Buds-3r-54-Hours-Playback.', 'Acme-Buds-3r-54-Hours-Playback.'],
  ['(Renewed) Acme - Phone', 'Renewed Acme Phone'],
  ['\u200eAcme\u0000 Über-Lampe №5', 'Acme Über-Lampe №5'],
  ['Solo', 'Solo'],
])('the name of %j is %j', (title, name) => expect(cleanName(title)).toBe(name));

test('a title of signs alone has no name', () => {
  expect(cleanName(' | - , ')).toBeUndefined();
  expect(cleanName('')).toBeUndefined();
});

test('a name is never longer than a hundred letters nor has control characters', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (title) => {
      const name = cleanName(title);
      if (name === undefined) return;
      expect(name.length).toBeLessThanOrEqual(100);
      expect(name).not.toMatch(/\p{Cc}/u);
      expect(name.isWellFormed()).toBe(true);
    }),
  );
});

test('a number is country, day and serial, of as many digits as it needs', () => {
  expect(productNumber('US', '2025-07-21', 7)).toBe('US2507210007');
  expect(productNumber('GB', '2025-12-01', 123456)).toBe('GB251201123456');
  expect(() => productNumber('us', '2025-07-21', 1)).toThrow(RangeError);
  expect(() => productNumber('US', '2025-07-21', 0)).toThrow(RangeError);
});

test('an invented cost is 30 to 70 % of the price, the same for the same seed, and spread over that range', () => {
  fc.assert(
    fc.property(fc.integer({ min: 10, max: 999_999_999 }), fc.integer(), fc.string(), (price, seed, name) => {
      const cost = syntheticCost(price, seed, name);
      expect(cost).toBeGreaterThanOrEqual(price * 0.3);
      expect(cost).toBeLessThanOrEqual(price * 0.7);
      expect(syntheticCost(price, seed, name)).toBe(cost);
      if (price >= 10_000) expect(cost % 100).toBe(0);
    }),
  );
  const costs = Array.from({ length: 2000 }, (_, i) => syntheticCost(1_000_000, 1, `item ${i}`));
  const mean = costs.reduce((a, b) => a + b, 0) / costs.length;
  expect(mean).toBeGreaterThan(485_000);
  expect(mean).toBeLessThan(515_000);
  expect(Math.min(...costs)).toBeLessThan(310_000);
  expect(Math.max(...costs)).toBeGreaterThan(690_000);
});

test('there are a hundred categories and twenty warehouses, none twice', () => {
  expect(new Set(RETAIL_CATEGORIES.map((name) => name.toLowerCase())).size).toBe(100);
  expect(new Set(WAREHOUSES.map(({ locationId }) => locationId)).size).toBe(20);
});

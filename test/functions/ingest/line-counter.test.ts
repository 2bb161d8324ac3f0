import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { LineCounter } from '../../../functions/ingest/line-counter.ts';

test('counts as a Map does, through growth and collisions', () => {
  const key = fc.record({
    high: fc.nat(3),
    low: fc.oneof(
      fc.nat(5),
      fc.nat(5).map((n) => n * 65_536),
    ),
  });
  const property = fc.property(fc.array(key, { maxLength: 400 }), (keys) => {
    const counter = new LineCounter(1_000, 4);
    const map = new Map<string, number>();
    for (const { high, low } of keys) {
      const name = `${high}:${low}`;
      map.set(name, (map.get(name) ?? 0) + 1);
      expect(counter.next(high, low)).toBe(map.get(name));
    }
  });
  fc.assert(property);
});

test('refuses more different lines than it was made for', () => {
  const counter = new LineCounter(2);
  counter.next(1, 1);
  counter.next(1, 2);
  counter.next(1, 1);
  expect(() => counter.next(1, 3)).toThrow(RangeError);
});

test('answers nothing for a line beyond 65,535 times', () => {
  const counter = new LineCounter(2);
  for (let i = 0; i < 65_535; i++) counter.next(7, 7);
  expect(counter.next(7, 7)).toBeUndefined();
});

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { sortSample } from '../../shared/core/math/sort-sample.ts';

test('a sample is sorted, whether its values can be counted or not', () => {
  const sample = fc.oneof(
    fc.array(fc.nat(6)),
    fc.array(fc.integer({ min: 1_000, max: 1_050 })),
    fc.array(fc.oneof(fc.nat(6), fc.integer({ min: -3, max: 5_000 }), fc.double({ noNaN: true }))),
  );
  fc.assert(
    fc.property(sample, (values) => {
      const sorted = sortSample(Float64Array.from(values));
      // 0 and -0 are the same amount
      expect([...sorted].map((value) => value + 0)).toEqual(
        values.toSorted((a, b) => a - b).map((value) => value + 0),
      );
    }),
  );
});

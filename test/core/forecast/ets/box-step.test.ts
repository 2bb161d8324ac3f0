import fc from 'fast-check';
import { expect, test } from 'vitest';
import { boxStep } from '../../../../shared/core/math/box-step.ts';

const identity = Float64Array.of(2, 1, 1, 3);

test('inside the box a step without damping goes to the minimum', () => {
  // 2x + y = 3, x + 3y = 4 at (1, 1); the gradient at 0 is minus that.
  const next = boxStep(Float64Array.of(0, 0), identity, Float64Array.of(-3, -4), 0, [[-5, 5]]);
  expect(next[0]).toBeCloseTo(1, 12);
  expect(next[1]).toBeCloseTo(1, 12);
});

test('at the bound the other parameter goes to its own minimum', () => {
  // With x held at 1/2: 3y = 4 - 1/2.
  const next = boxStep(Float64Array.of(0, 0), identity, Float64Array.of(-3, -4), 0, [[0, 0.5]]);
  expect(next[0]).toBe(0.5);
  expect(next[1]).toBeCloseTo(3.5 / 3, 12);
});

test('no step leaves the box', () => {
  const number = fc.double({ min: -100, max: 100, noNaN: true });
  fc.assert(
    fc.property(number, number, fc.double({ min: 0, max: 10, noNaN: true }), (g, h, damping) => {
      const box = [
        [0, 1],
        [-1, 2],
      ] as const;
      const next = boxStep(Float64Array.of(0.3, 0), identity, Float64Array.of(g, h), damping, box);
      expect(next[0]! >= 0 && next[0]! <= 1 && next[1]! >= -1 && next[1]! <= 2).toBe(true);
    }),
  );
});

import fc from 'fast-check';
import { expect, it } from 'vitest';
import { packDoubles, unpackDoubles } from '../../../../shared/core/forecast/online/packed-doubles.ts';
import { effectsOf, storedEffects } from '../../../../shared/core/forecast/online/stored-effects.ts';

it('numbers come back from eleven letters each to the last bit', () => {
  fc.assert(
    fc.property(fc.array(fc.double()), (values) => {
      const text = packDoubles(values);
      expect(text).toHaveLength(11 * values.length);
      expect([...unpackDoubles(text)]).toEqual(values);
    }),
  );
});

it('effects come back within half a step, and two different ones as they were', () => {
  const size = fc.double({ min: -1e9, max: 1e9, noNaN: true });
  fc.assert(
    fc.property(fc.array(size, { maxLength: 1000 }), (effects) => {
      const stored = storedEffects(effects);
      const found = effectsOf(JSON.parse(JSON.stringify(stored)));
      expect(found).toHaveLength(Math.min(900, effects.length));
      expect(stored.steps.length).toBeLessThanOrEqual(900);
      found.forEach((value, h) => {
        expect(Math.abs(value - effects[h]!)).toBeLessThanOrEqual(stored.step * 0.5 + 1e-6);
      });
    }),
  );
  expect([...effectsOf(storedEffects([0, 40, 0, 40, 40]))]).toEqual([0, 40, 0, 40, 40]);
  expect([...effectsOf(storedEffects([-2, -2]))]).toEqual([-2, -2]);
  expect([...effectsOf(storedEffects([]))]).toEqual([]);
});

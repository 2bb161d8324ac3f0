import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Analog, chooseAnalogs } from '../../../../shared/core/forecast/launch/choose-analogs.ts';
import { forecastLaunch } from '../../../../shared/core/forecast/launch/forecast-launch.ts';
import { launchCurve } from '../../../../shared/core/forecast/launch/launch-curve.ts';
import { launchOf } from '../../../../shared/core/forecast/launch/launch-model.ts';
import { seededRandom } from '../../../../shared/core/math/random.ts';

const CURVE = [2, 1.5, 1.2, 1, 0.9, 0.8, 0.8, 0.8, 0.5, 0.5];
const item = { id: 'new', category: 'tea', price: 10, quantities: [] as number[] };

/** Items whose levels are gamma distributed with this mean, and which sell by the curve. */
function pool(count: number, category: string, mean: number, seed = 1, price = 10): Analog[] {
  const random = seededRandom(seed);
  return Array.from({ length: count }, (_, i) => {
    const level = (mean * random.gamma(4)) / 4;
    const quantities = CURVE.map((c) => Math.round(level * c * (0.8 + 0.4 * random.uniform())));
    return { id: `${category} ${seed} ${i}`, category, price, quantities, isLaunch: true };
  });
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

describe('the launch curve', () => {
  it('is found from launches of all sizes and lengths', () => {
    const launches = Array.from({ length: 200 }, (_, i) =>
      CURVE.slice(0, 4 + (i % 7)).map((c) => c * (10 + 13 * (i % 11))),
    );
    launchCurve(launches, 10).forEach((value, age) => {
      expect(Math.abs(value - CURVE[age]!)).toBeLessThan(0.02);
    });
  });
  it('averages 1 and does not mind the scale or the order', () => {
    fc.assert(
      fc.property(
        fc.array(fc.array(fc.nat(50), { minLength: 6, maxLength: 6 }), { minLength: 1, maxLength: 9 }),
        (launches) => {
          const curve = launchCurve(launches, 6);
          expect(sum(curve) / 6).toBeCloseTo(1, 9);
          const other = launchCurve(
            launches.toReversed().map((quantities) => quantities.map((value) => 8 * value)),
            6,
          );
          other.forEach((value, age) => {
            expect(value).toBeCloseTo(curve[age]!, 6);
          });
        },
      ),
    );
  });
  it('is flat when nothing was sold', () => {
    expect(launchCurve([[0, 0, 0]], 3)).toEqual([1, 1, 1]);
  });
});

describe('items to be like', () => {
  const near = pool(6, 'tea', 20, 1, 12);
  const far = pool(6, 'tea', 20, 2, 100);
  const others = pool(6, 'shoes', 20, 3);
  it('are those of the category at a like price, then of the category, then all', () => {
    expect(chooseAnalogs(item, [...near, ...far, ...others])).toMatchObject({ basis: 'category-and-price' });
    expect(chooseAnalogs(item, [...near, ...far, ...others])?.analogs).toHaveLength(6);
    expect(chooseAnalogs(item, [...near.slice(0, 3), ...far, ...others])).toMatchObject({
      basis: 'category',
    });
    expect(chooseAnalogs(item, [...near.slice(0, 3), ...others])).toMatchObject({ basis: 'all' });
    expect(chooseAnalogs({ ...item, category: null }, near)).toMatchObject({ basis: 'all' });
  });
  it('never are the item itself or one that is as new', () => {
    const self = { ...near[0]!, id: 'new' };
    const young = {
      ...near[0]!,
      quantities: [1, 2, 3, Number.NaN, Number.NaN, Number.NaN, Number.NaN, Number.NaN],
    };
    expect(chooseAnalogs(item, [self, young])).toBeNull();
    expect(forecastLaunch(item, [self, young])).toBeNull();
  });
});

describe('the forecast of a new item', () => {
  const tea = pool(60, 'tea', 20);
  const shoes = pool(60, 'shoes', 200, 9);
  const found = forecastLaunch(item, [...tea, ...shoes], { ages: 10 })!;

  it('before its first sale is its category by age, flagged low confidence', () => {
    expect(found).toMatchObject({
      confidence: 'low',
      basis: 'category-and-price',
      analogs: 60,
      ownWeight: 0,
    });
    const { mean } = found.fitted.forecast(10, []);
    mean.forEach((value, age) => {
      const average = sum(tea.map(({ quantities }) => quantities[age]!)) / 60;
      expect(Math.abs(value / average - 1)).toBeLessThan(0.05);
    });
  });
  it('is as uncertain as the items it is like are different: most of them lie inside its bounds', () => {
    const { quantiles } = found.fitted.forecast(10, [0.1, 0.9]);
    let inside = 0;
    for (const { quantities } of tea) {
      for (let age = 0; age < 10; age++) {
        const value = quantities[age]!;
        if (value >= quantiles['0.1']![age]! && value <= quantiles['0.9']![age]!) inside++;
      }
    }
    expect(inside / 600).toBeGreaterThan(0.7);
    expect(inside / 600).toBeLessThan(0.92);
  });
  it('follows its own sales more and more', () => {
    const weights: number[] = [];
    for (let age = 0; age <= 10; age += 2) {
      const own = CURVE.slice(0, age).map((c) => 100 * c);
      const one = forecastLaunch({ ...item, quantities: own }, tea, { ages: 10 })!;
      weights.push(one.ownWeight);
      if (age === 8) {
        expect(one.fitted.forecast(1, []).mean[0]! / 50).toBeGreaterThan(0.85);
        expect(one.fitted.forecast(1, []).mean[0]! / 50).toBeLessThan(1.05);
      }
    }
    expect(weights[0]).toBe(0);
    for (let i = 1; i < weights.length; i++) expect(weights[i]).toBeGreaterThan(weights[i - 1]!);
    expect(weights.at(-1)).toBeGreaterThan(0.8);
  });
  it('keeps its level over a lead time: sums are wider than of independent periods', () => {
    const paths = found.fitted.paths(8, 4000, 3);
    const variance = (values: readonly number[]): number => {
      const mean = sum(values) / values.length;
      return sum(values.map((value) => (value - mean) ** 2)) / values.length;
    };
    const ofSum = variance(paths.map((path) => sum(Array.from(path))));
    const ofParts = sum(Array.from({ length: 8 }, (_, h) => variance(paths.map((path) => path[h]!))));
    expect(ofSum).toBeGreaterThan(2 * ofParts);
  });
  it('does not depend on the order of the items, and a state is the whole of it', () => {
    const state = found.fitted.toState();
    const turned = forecastLaunch(item, [...shoes, ...tea].toReversed(), { ages: 10 })!;
    expect(turned.fitted.toState()).toEqual(state);
    const stored = launchOf(JSON.parse(JSON.stringify(state)));
    expect(stored.forecast(5, [0.5, 0.9])).toEqual(found.fitted.forecast(5, [0.5, 0.9]));
    expect(JSON.stringify(forecastLaunch(item, tea, { ages: 104 })!.fitted.toState()).length).toBeLessThan(
      2048,
    );
  });
  it('takes the curve from all launches when its own kind was there before the records, or a flat one', () => {
    const old = tea.map((analog) => ({ ...analog, isLaunch: false }));
    expect(forecastLaunch(item, [...old, ...shoes], { ages: 10 })).toMatchObject({ curve: 'all' });
    expect(forecastLaunch(item, old, { ages: 10 })).toMatchObject({ curve: 'flat' });
    const grown = old.map((analog) => ({ ...analog, quantities: new Array<number>(20).fill(12) }));
    const late = forecastLaunch(item, [...grown, ...shoes], { ages: 10 })!.fitted.forecast(12, []).mean;
    expect(late[11]).toBeCloseTo(12, 6);
    expect(late[0]! / late[11]!).toBeGreaterThan(2);
  });
  it('of items that never sold is nothing, unless it sells itself', () => {
    const silent = tea.map((analog) => ({ ...analog, quantities: new Array<number>(10).fill(0) }));
    const none = forecastLaunch(item, silent)!.fitted.forecast(3, [0.9]);
    expect(none).toEqual({ mean: [0, 0, 0], quantiles: { '0.9': [0, 0, 0] } });
    const some = forecastLaunch({ ...item, quantities: [4, 4] }, silent)!.fitted.forecast(3, []);
    expect(some.mean[0]).toBeGreaterThan(2);
  });
  it('of whole sales is whole, without bounds below zero', () => {
    for (const path of found.fitted.paths(5, 200, 1)) {
      for (const value of path) expect(Number.isInteger(value) && value >= 0).toBe(true);
    }
  });
});

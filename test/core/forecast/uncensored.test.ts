import { expect, test } from 'vitest';
import { forecastSeries } from '../../../shared/core/forecast/auto.ts';
import { uncensored } from '../../../shared/core/forecast/uncensored.ts';
import { seededRandom } from '../../../shared/core/math/random.ts';

const WEEK = 7;
const none = (weeks: number) => new Array<number>(weeks).fill(0);

test('with stock all the time, what was sold is what was asked for', () => {
  expect(uncensored([3, 0, 5], [0, 0, 0], WEEK)).toEqual([3, 0, 5]);
});

test('a week without a day in stock is unknown', () => {
  expect(uncensored([3, 0, 5], [0, 7, 0], WEEK)).toEqual([3, Number.NaN, 5]);
});

test('a week with days in stock is filled up at the rate of days in stock, in whole units, and none is taken away', () => {
  expect(uncensored([...new Array<number>(9).fill(7), 6], [...none(9), 4], WEEK).at(-1)).toBe(10);
  expect(uncensored([...none(9), 1], [...none(9), 6], WEEK).at(-1)).toBe(1);
});

test('what came later does not change a week', () => {
  const sold = [4, 6, 5, 2, 0, 7, 4];
  const out = [0, 0, 0, 5, 7, 0, 2];
  const all = uncensored(sold, out, WEEK);
  expect(uncensored(sold.slice(0, 5), out.slice(0, 5), WEEK)).toEqual(all.slice(0, 5));
});

test('before two weeks in stock no rate is believed, and sales in a week that seems empty are', () => {
  expect(uncensored([8], [6], WEEK)).toEqual([8]);
  expect(uncensored([5, 5, 2], [0, 0, 7], WEEK).at(-1)).toBeGreaterThan(2);
});

/** Sales of a shop that orders too late: daily Poisson demand, and what of it a stock could serve. */
function shop(seed: number, perDay: number) {
  const random = seededRandom(seed);
  const [weeks, leadDays] = [104, 21];
  const order = Math.round(perDay * 42);
  const asked = none(weeks);
  const sold = none(weeks);
  const out = none(weeks);
  let stock = order;
  let due = -1;
  for (let day = 0; day < weeks * WEEK; day++) {
    const week = Math.floor(day / WEEK);
    if (day === due) stock += order;
    let wanted = 0;
    let time = -Math.log(random.uniform());
    while (time < perDay) {
      wanted++;
      time -= Math.log(random.uniform());
    }
    asked[week]! += wanted;
    if (stock === 0) out[week]!++;
    const served = Math.min(wanted, stock);
    sold[week]! += served;
    stock -= served;
    if (stock <= perDay * 10 && due <= day) due = day + leadDays;
  }
  return { asked, sold, out };
}

test.each([0.3, 2])(
  'with %f units a day, sales are far below demand and the filled weeks are not',
  (perDay) => {
    const level = (weeks: readonly number[]) => {
      const known = weeks.filter((units) => !Number.isNaN(units));
      return known.reduce((sum, units) => sum + units, 0) / known.length;
    };
    const shops = Array.from({ length: 60 }, (_, i) => shop(i + 1, perDay));
    const mean = (of: (one: (typeof shops)[number]) => readonly number[]) =>
      level(shops.map((one) => level(of(one))));
    const asked = mean(({ asked }) => asked);
    expect(mean(({ sold }) => sold) / asked).toBeLessThan(0.85);
    const filled = mean(({ sold, out }) => uncensored(sold, out, WEEK)) / asked;
    expect(filled).toBeGreaterThan(0.93);
    expect(filled).toBeLessThan(1.05);
  },
);

test('what ran out a quarter ago is forecast as before it ran out', () => {
  const { asked } = shop(5, 2);
  const options = { period: 52, horizon: 13, levels: [0.5], seed: 1 };
  const sold = [...asked, ...none(13)];
  const out = [...none(asked.length), ...new Array<number>(13).fill(WEEK)];
  const before = forecastSeries({ ...options, quantities: asked }).total.mean;
  const now = forecastSeries({ ...options, quantities: uncensored(sold, out, WEEK) }).total.mean;
  expect(now / before).toBeGreaterThan(0.9);
  expect(now / before).toBeLessThan(1.1);
  expect(forecastSeries({ ...options, quantities: sold }).total.mean / before).toBeLessThan(0.7);
});

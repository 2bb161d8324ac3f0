import { describe, expect, test } from 'vitest';
import { scaledRegression } from '../../../../shared/core/forecast/online/scaled-regression.ts';
import { transactionLearner } from '../../../../shared/core/forecast/online/transaction-learner.ts';
import { seededRandom } from '../../../../shared/core/math/random.ts';
import { readGolden } from '../../read-golden.ts';

interface Step {
  x: number[];
  y: number;
  prediction: number;
  weights: number[];
  intercept: number;
  mean: number[];
  var: number[];
}
const { steps } = readGolden<{ steps: Step[] }>('online');

function expectClose(found: number, expected: number): void {
  expect(Math.abs(found - expected) / Math.max(1, Math.abs(expected))).toBeLessThan(1e-12);
}

test('scaler and gradient descent follow their formulas, step by step', () => {
  const model = scaledRegression(3);
  expect(steps).toHaveLength(20);
  for (const step of steps) {
    expectClose(model.predict(step.x), step.prediction);
    model.learn(step.x, step.y);
    const state = model.toState();
    expectClose(state.intercept, step.intercept);
    step.weights.forEach((weight, i) => void expectClose(state.weights[i]!, weight));
    step.mean.forEach((mean, i) => void expectClose(state.mean[i]!, mean));
    step.var.forEach((variance, i) => void expectClose(state.variance[i]!, variance));
  }
});

test('a restart in between changes nothing, to the last bit', () => {
  const whole = scaledRegression(3);
  let parted = scaledRegression(3);
  for (const { x, y } of steps) {
    whole.learn(x, y);
    parted = scaledRegression(JSON.parse(JSON.stringify(parted.toState())));
    parted.learn(x, y);
  }
  expect(parted.toState()).toEqual(whole.toState());
});

test('the wrong number of features is refused', () => {
  expect(() => scaledRegression(3).predict([1, 2])).toThrow(RangeError);
  expect(() => scaledRegression(3).learn([1], 2)).toThrow(RangeError);
});

describe('learning from sales', () => {
  /** Two sales a weekday, five on Saturdays, none on Sundays. */
  function sales(days: number) {
    const random = seededRandom(4);
    return Array.from({ length: days }, (_, i) => 19_000 + i).flatMap((day) => {
      const weekday = (day + 4) % 7;
      const count = weekday === 0 ? 0 : weekday === 6 ? 5 : 2;
      const unitCost = 3 + random.uniform();
      return Array.from({ length: count }, () => ({ day, quantity: 1, isSale: weekday === 6, unitCost }));
    });
  }

  test('predicts demand a day, near what a day brings, and never below zero', () => {
    const learner = transactionLearner();
    for (const sale of sales(700)) expect(learner.observe(sale)).toBe(true);
    const plain = learner.predict(19_701, { isSale: false, unitCost: 3.5 });
    const reduced = learner.predict(19_701, { isSale: true, unitCost: 3.5 });
    expect(plain).toBeGreaterThan(0.8);
    expect(plain).toBeLessThan(3);
    expect(reduced).toBeGreaterThan(plain + 1);
    expect(learner.predict(0, { isSale: false, unitCost: -1e9 })).toBeGreaterThanOrEqual(0);
  });

  test('the state is as large after many events as after a few, and survives a restart', () => {
    const all = sales(700);
    const whole = transactionLearner();
    let parted = transactionLearner();
    const lengths: number[] = [];
    for (const [i, sale] of all.entries()) {
      whole.observe(sale);
      if (i % 97 === 0) {
        const text = JSON.stringify(parted.toState());
        lengths.push(text.length);
        parted = transactionLearner(JSON.parse(text));
      }
      parted.observe(sale);
    }
    expect(Math.max(...lengths)).toBeLessThan(700);
    const plan = { isSale: false, unitCost: 3.2 };
    expect(parted.predict(19_800, plan)).toBe(whole.predict(19_800, plan));
    expect(parted.toState()).toEqual(whole.toState());
  });

  test('days without a sale count as zero, and a late sale teaches nothing', () => {
    const learner = transactionLearner();
    learner.observe({ day: 100, quantity: 8, isSale: false, unitCost: 1 });
    learner.observe({ day: 104, quantity: 8, isSale: false, unitCost: 1 });
    const state = learner.toState();
    expect(state.regression.count).toBe(4);
    expect(state.before).toBe(0);
    expect(learner.observe({ day: 103, quantity: 5, isSale: false, unitCost: 1 })).toBe(false);
    expect(learner.toState()).toEqual(state);
  });

  test('however long the silence, closing it is bounded', () => {
    const learner = transactionLearner();
    learner.observe({ day: 0, quantity: 8, isSale: false, unitCost: 1 });
    learner.observe({ day: 3_000_000, quantity: 8, isSale: false, unitCost: 1 });
    expect(learner.toState().regression.count).toBe(401);
  });
});

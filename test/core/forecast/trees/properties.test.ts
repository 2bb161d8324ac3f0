import { describe, expect, test } from 'vitest';
import { binFeatures } from '../../../../shared/core/forecast/trees/bin-features.ts';
import { BoostingModel } from '../../../../shared/core/forecast/trees/boosting-model.ts';
import { ForestModel } from '../../../../shared/core/forecast/trees/forest-model.ts';
import {
  type BoostingOptions,
  fitBoosting,
} from '../../../../shared/core/forecast/trees/gradient-boosting.ts';
import { joinForests } from '../../../../shared/core/forecast/trees/join-forests.ts';
import { fitForest } from '../../../../shared/core/forecast/trees/random-forest.ts';
import { seededRandom } from '../../../../shared/core/math/random.ts';
import { pick, range, train, unseen } from './demand-rows.ts';

const losses: BoostingOptions['loss'][] = ['squared', 'absolute', 'quantile', 'poisson', 'tweedie'];
/** Log links need targets that are not negative. */
const positive = { columns: train.columns, target: train.target.map((value) => Math.max(0, value)) };
const some = { trees: 40, maxLeaves: 15 };

function expectClose(found: Float64Array, wanted: Float64Array, share = 1e-9): void {
  expect(found.length).toBe(wanted.length);
  found.forEach((value, i) => {
    expect(Math.abs(value - wanted[i]!)).toBeLessThanOrEqual(share * Math.max(1, Math.abs(wanted[i]!)));
  });
}

const pinball = (target: Float64Array, predicted: Float64Array, p: number): number =>
  predicted.reduce((sum, value, i) => {
    const over = target[i]! - value;
    return sum + Math.max(p * over, (p - 1) * over);
  }, 0) / target.length;

describe.each(losses)('boosting for the %s loss', (loss) => {
  const options = { ...positive, ...some, loss, quantile: 0.8 };

  test('a constant target is predicted exactly', () => {
    for (const constant of [0, 0.1, 7]) {
      const target = new Float64Array(1500).fill(constant);
      const predicted = fitBoosting({ ...options, target }).predict(unseen.columns);
      expect([...new Set(predicted)]).toEqual([constant]);
    }
  });

  test('the order of the rows does not matter', () => {
    const random = seededRandom(5);
    const order = range(0, 1500);
    for (let i = order.length - 1; i > 0; i--) {
      const j = random.integer(i + 1);
      [order[i], order[j]] = [order[j]!, order[i]!];
    }
    const shuffled = fitBoosting({ ...options, ...pick(positive, order) });
    expectClose(shuffled.predict(unseen.columns), fitBoosting(options).predict(unseen.columns));
  });

  test('a feature on another scale changes nothing', () => {
    const scaled = positive.columns.map((column) => column.map((value) => Math.exp(value / 20) - 3));
    const other = fitBoosting({ ...options, columns: scaled });
    expect(other.predict(scaled)).toEqual(fitBoosting(options).predict(positive.columns));
  });

  test('a row of weight 3 is three rows', () => {
    const rows = pick(positive, range(0, 200));
    const weight = Float64Array.from({ length: 200 }, (_, i) => 1 + (i % 3));
    const repeated = pick(
      positive,
      range(0, 200).flatMap((i) => Array<number>(1 + (i % 3)).fill(i)),
    );
    const settings = { ...some, loss, quantile: 0.8, minRowsPerLeaf: 1, maxDepth: 4 };
    const weighted = fitBoosting({ ...rows, ...settings, weight });
    expectClose(
      weighted.predict(unseen.columns),
      fitBoosting({ ...repeated, ...settings }).predict(unseen.columns),
    );
  });

  test('a saved model predicts the same to the last bit', () => {
    const model = fitBoosting(options);
    const again = BoostingModel.fromFile(model.toFile());
    expect(again.predict(unseen.columns)).toEqual(model.predict(unseen.columns));
    expect(again.importance()).toEqual(model.importance());
    expect(again.toFile()).toBe(model.toFile());
  });

  test('missing values are borne, and used when they tell something', () => {
    const holes = positive.columns.map((column) => column.slice());
    const target = positive.target.slice();
    for (let i = 0; i < 1500; i += 4) {
      holes[0]![i] = Number.NaN;
      target[i] = target[i]! + 200;
    }
    const predicted = fitBoosting({ ...options, columns: holes, target, trees: 100 }).predict(holes);
    const mean = (rows: number[]): number =>
      rows.reduce((sum, row) => sum + predicted[row]!, 0) / rows.length;
    const missing = range(0, 1500).filter((i) => i % 4 === 0);
    expect(mean(missing)).toBeGreaterThan(150 + mean(range(0, 1500).filter((i) => i % 4 !== 0)));
    const never = fitBoosting(options).predict(holes);
    expect(never.every(Number.isFinite)).toBe(true);
  });

  test('what is held out is never learnt from', () => {
    const spoilt = {
      columns: positive.columns.map((column) => column.map((value, i) => (i < 1000 ? value : 1e6 * (i % 7)))),
      target: positive.target.map((value, i) => (i < 1000 ? value : 0)),
    };
    const stop = { rows: 1000, patience: 40 };
    const sound = fitBoosting({ ...options, earlyStopping: stop });
    const other = fitBoosting({ ...options, ...spoilt, earlyStopping: stop });
    for (const model of [sound, other]) {
      expect(model.trees).toBeGreaterThan(0);
      const same = fitBoosting({ ...options, ...pick(positive, range(0, 1000)), trees: model.trees });
      expect(model.predict(unseen.columns)).toEqual(same.predict(unseen.columns));
    }
  });

  test('a seed fixes what is drawn, and another seed draws otherwise', () => {
    const drawn = { ...options, rowFraction: 0.6, featureFraction: 0.5 };
    const predict = (seed: number): Float64Array => fitBoosting({ ...drawn, seed }).predict(unseen.columns);
    expect(predict(3)).toEqual(predict(3));
    expect(predict(3)).not.toEqual(predict(4));
  });
});

describe('boosting', () => {
  test('a row is predicted as in its table', () => {
    const model = fitBoosting({ ...train, ...some, loss: 'squared' });
    const rows = model.predict(unseen.columns);
    for (let i = 0; i < 500; i += 50) {
      expect(model.predictRow(unseen.columns.map((column) => column[i]!))).toBe(rows[i]);
    }
  });

  test('fits of several quantiles share one matrix and cover their share of the training rows', () => {
    const columns = binFeatures(train.columns);
    for (const quantile of [0.05, 0.25, 0.5, 0.75, 0.95]) {
      const settings = { target: train.target, loss: 'quantile', quantile, ...some } as const;
      const model = fitBoosting({ columns, ...settings });
      const predicted = model.predict(train.columns);
      const covered = predicted.filter((value, i) => train.target[i]! <= value).length / 1500;
      expect(Math.abs(covered - quantile)).toBeLessThan(0.06);
      expect(predicted).toEqual(fitBoosting({ columns: train.columns, ...settings }).predict(train.columns));
      const start = pinball(
        train.target,
        fitBoosting({ columns, ...settings, trees: 0 }).predict(train.columns),
        quantile,
      );
      expect(pinball(train.target, predicted, quantile)).toBeLessThan(0.7 * start);
    }
  });

  test('growing ends when the rows held out get no better', () => {
    const noise = seededRandom(1);
    const target = Float64Array.from({ length: 1500 }, () => noise.normal());
    const held = Uint8Array.from({ length: 1500 }, (_, i) => (i % 3 === 0 ? 1 : 0));
    const model = fitBoosting({
      ...train,
      target,
      loss: 'squared',
      trees: 500,
      earlyStopping: { rows: held, patience: 5 },
    });
    expect(model.trees).toBeLessThan(60);
  });

  test('categories are told apart by their demand, not by their number, and new ones are borne', () => {
    const effect = [3, 50, 7, 42, 1, 60, 9, 38];
    const random = seededRandom(2);
    const category = Float64Array.from({ length: 2000 }, () => random.integer(8));
    const target = category.map((c) => effect[c]! + random.normal());
    const model = fitBoosting({
      columns: [category],
      categorical: [0],
      target,
      loss: 'squared',
      trees: 60,
      maxLeaves: 2,
    });
    const shown = model.predict([Float64Array.from(effect.keys())]);
    // Stumps on numbers in this order could not: high and low alternate.
    shown.forEach((value, c) => {
      expect(Math.abs(value - effect[c]!)).toBeLessThan(3);
    });
    expect(model.predict([Float64Array.of(99, Number.NaN)]).every(Number.isFinite)).toBe(true);
    const again = BoostingModel.fromFile(model.toFile());
    expect(again.predict([category])).toEqual(model.predict([category]));
  });

  test('importance is a share of the gain, and noise has little', () => {
    const shares = fitBoosting({ ...train, ...some, loss: 'squared' }).importance();
    expect(shares.reduce((a, b) => a + b)).toBeCloseTo(1, 12);
    expect(shares[6]! + shares[7]!).toBeLessThan(0.03);
    expect(shares[3]!).toBeGreaterThan(0.3);
  });

  test('log links keep the mean: rare demand is not forecast away', () => {
    const random = seededRandom(8);
    const columns = [Float64Array.from({ length: 4000 }, () => random.uniform())];
    const target = columns[0]!.map((x) => (random.uniform() < 0.05 + 0.1 * x ? 1 + random.integer(5) : 0));
    const ratio = (options: Partial<BoostingOptions>): number => {
      const settings = {
        columns,
        target,
        loss: 'poisson',
        trees: 200,
        learningRate: 0.05,
        ...options,
      } as const;
      const predicted = fitBoosting(settings).predict(columns);
      expect(predicted.every((value) => value > 0)).toBe(true);
      return predicted.reduce((a, b) => a + b) / target.reduce((a, b) => a + b);
    };
    expect(Math.abs(ratio({}) - 1)).toBeLessThan(0.02);
    // The Tweedie loss weighs large demands less, which costs some of the mean unless asked for.
    expect(Math.abs(ratio({ loss: 'tweedie' }) - 1)).toBeLessThan(0.08);
    expect(ratio({ loss: 'tweedie', balance: true })).toBeCloseTo(1, 9);
  });

  test('senseless options are refused', () => {
    const good = { ...train, loss: 'squared', trees: 2 } as const;
    expect(() => fitBoosting({ ...good, target: train.target.subarray(1) })).toThrow(RangeError);
    expect(() => fitBoosting({ ...good, weight: new Float64Array(1500) })).toThrow('weight');
    expect(() => fitBoosting({ ...good, loss: 'poisson' })).toThrow('negative');
    expect(() => fitBoosting({ ...good, loss: 'quantile', quantile: 1 })).toThrow('inside 0..1');
    expect(() => fitBoosting({ ...good, rowFraction: 0 })).toThrow('inside 0..1');
    expect(() => fitBoosting({ ...good, learningRate: 0 })).toThrow('learning rate');
    expect(() => fitBoosting({ ...good, l2: -1 })).toThrow('l2');
    expect(() => fitBoosting({ ...good, trees: 1.5 })).toThrow('whole number');
    expect(() => BoostingModel.fromFile('{"format":"trees","version":2}')).toThrow('version 1');
  });
});

describe('a random forest', () => {
  const forest = fitForest({ ...train, trees: 30, seed: 9 });

  test('grown in parts is the same forest', () => {
    const parts = [
      fitForest({ ...train, trees: 12, seed: 9 }),
      fitForest({ ...train, trees: 18, firstTree: 12, seed: 9 }),
    ];
    expect(joinForests(parts).predict(unseen.columns)).toEqual(forest.predict(unseen.columns));
  });

  test('saved predicts the same to the last bit', () => {
    const again = ForestModel.fromFile(forest.toFile());
    expect(again.predict(unseen.columns)).toEqual(forest.predict(unseen.columns));
    expect(again.quantiles(unseen.columns, [0.1, 0.9])).toEqual(forest.quantiles(unseen.columns, [0.1, 0.9]));
  });

  test('predicts a constant exactly and a row as in its table', () => {
    const constant = fitForest({ ...train, target: new Float64Array(1500).fill(0.1), trees: 7 });
    expect([...new Set(constant.predict(unseen.columns))]).toEqual([0.1]);
    const rows = forest.predict(unseen.columns);
    expect(forest.predictRow(unseen.columns.map((column) => column[33]!))).toBe(rows[33]);
  });

  test('does not mind the scale of a feature', () => {
    const scaled = train.columns.map((column) => column.map((value) => Math.exp(value / 20) - 3));
    // Rows that a tree did not draw may lie between two thresholds that are halfway on either scale.
    const settings = { target: train.target, trees: 30, bootstrap: false };
    const other = fitForest({ ...settings, columns: scaled });
    const plain = fitForest({ ...settings, columns: train.columns });
    expect(other.predict(scaled)).toEqual(plain.predict(train.columns));
  });

  test('without drawing anything reproduces its training rows', () => {
    const whole = fitForest({ ...train, trees: 2, bootstrap: false, featureFraction: 1 });
    const predicted = whole.predict(train.columns);
    const distinct = predicted.filter((value, i) => Math.abs(value - train.target[i]!) < 1e-9).length;
    expect(distinct).toBeGreaterThan(1400);
  });

  test('quantiles are ordered and cover their share of unseen rows', () => {
    const many = fitForest({ ...train, trees: 300, minRowsPerLeaf: 10, featureFraction: 1 });
    const [low, middle, high] = many.quantiles(unseen.columns, [0.1, 0.5, 0.9]) as [
      Float64Array,
      Float64Array,
      Float64Array,
    ];
    const share = (q: Float64Array): number =>
      q.filter((value, i) => unseen.target[i]! <= value).length / 500;
    expect(Math.abs(share(low) - 0.1)).toBeLessThan(0.05);
    expect(Math.abs(share(middle) - 0.5)).toBeLessThan(0.06);
    expect(Math.abs(share(high) - 0.9)).toBeLessThan(0.05);
    expect(low.every((value, i) => value <= middle[i]! && middle[i]! <= high[i]!)).toBe(true);
  });

  test('never draws a row of weight 0', () => {
    const weight = Float64Array.from({ length: 1500 }, (_, i) => (i < 750 ? 1 : 0));
    const target = train.target.map((value, i) => (i < 750 ? value : 1e6));
    for (const bootstrap of [true, false]) {
      const predicted = fitForest({ ...train, target, weight, trees: 10, bootstrap }).predict(unseen.columns);
      expect(Math.max(...predicted)).toBeLessThan(200);
    }
  });

  test('uses missing values and categories', () => {
    const random = seededRandom(4);
    const category = Float64Array.from({ length: 1000 }, (_, i) =>
      i % 5 === 0 ? Number.NaN : random.integer(6),
    );
    const target = category.map((c) => (Number.isNaN(c) ? 500 : [3, 50, 7, 42, 1, 60][c]!));
    for (const categorical of [[], [0]]) {
      const model = fitForest({ columns: [category], target, categorical, trees: 5 });
      expectClose(model.predict([category]), target);
      const joined = joinForests([model, model]);
      expectClose(joined.predict([category]), target);
    }
  });
});

import { describe, expect, test } from 'vitest';
import {
  type BoostingOptions,
  fitBoosting,
} from '../../../../shared/core/forecast/trees/gradient-boosting.ts';
import { type ForestOptions, fitForest } from '../../../../shared/core/forecast/trees/random-forest.ts';
import type { TreeTable } from '../../../../shared/core/forecast/trees/tree-table.ts';
import { readGolden } from '../../read-golden.ts';
import { demandRows, errorsOf, train, unseen } from './demand-rows.ts';

interface Node {
  feature: number;
  threshold: number;
  left: number;
  right: number;
  value: number;
}
type Band = { mae: [number, number]; rmse: [number, number] };
interface Golden {
  checksum: { sum_y: number; sum_y2: number; column_sums: number[]; final_state: number };
  assert_within: Record<string, Band>;
  quantile: Record<string, { coverage: number; pinball: number }>;
  exact_tree_small: { x: number[][]; y: number[]; nodes: Node[]; predictions: number[]; boosted: number[] };
  exact_tree_data: { nodes: Node[]; test: { mae: number; rmse: number } };
}
const golden = readGolden<Golden>('trees');

const sum = (values: ArrayLike<number>): number => Array.from(values).reduce((a, b) => a + b, 0);
const close = (found: number, wanted: number, share: number): void =>
  expect(Math.abs(found - wanted)).toBeLessThanOrEqual(share * Math.max(1, Math.abs(wanted)));

function expectWithin(name: string, predicted: Float64Array): void {
  const { mae, rmse } = errorsOf(predicted);
  const band = golden.assert_within[name]!;
  expect(mae, name).toBeGreaterThanOrEqual(band.mae[0]);
  expect(mae, name).toBeLessThanOrEqual(band.mae[1]);
  expect(rmse, name).toBeGreaterThanOrEqual(band.rmse[0]);
  expect(rmse, name).toBeLessThanOrEqual(band.rmse[1]);
}

/** Compares two trees node by node, whatever their numbering; `base` is added to our leaf values. */
function expectTree(table: TreeTable, base: number, wanted: readonly Node[]): void {
  let seen = 0;
  const walk = (ours: number, theirs: number): void => {
    seen++;
    const node = wanted[theirs]!;
    if (node.left < 0) {
      expect(table.feature[ours]).toBe(-1);
      close(base + table.threshold[ours]!, node.value, 1e-6);
      return;
    }
    expect(table.feature[ours]).toBe(node.feature);
    close(table.threshold[ours]!, node.threshold, 1e-6);
    walk(table.left[ours]!, node.left);
    walk(table.left[ours]! + 1, node.right);
  };
  walk(table.roots[0]!, 0);
  expect(seen).toBe(wanted.length);
}

/** One tree that takes the whole step is a plain regression tree. */
const single = {
  loss: 'squared',
  trees: 1,
  learningRate: 1,
  maxLeaves: 1000,
  minRowsPerLeaf: 1,
  maxBins: 2000,
} as const satisfies Partial<BoostingOptions>;

describe('scikit-learn agrees', () => {
  test('the rows are those of the generator', () => {
    const { columns, target, state } = demandRows();
    const { checksum } = golden;
    expect(state).toBe(checksum.final_state);
    close(sum(target), checksum.sum_y, 1e-9);
    close(sum(target.map((value) => value * value)), checksum.sum_y2, 1e-9);
    columns.forEach((column, f) => {
      close(sum(column), checksum.column_sums[f]!, 1e-9);
    });
  });

  test('a small tree has the same nodes and predictions', () => {
    const { x, y, nodes, predictions } = golden.exact_tree_small;
    const columns = [0, 1].map((f) => Float64Array.from(x, (row) => row[f]!));
    const model = fitBoosting({ ...single, columns, target: Float64Array.from(y), maxDepth: 2 });
    expectTree(model.parts.table, model.parts.base, nodes);
    model.predict(columns).forEach((value, i) => {
      close(value, predictions[i]!, 1e-6);
    });
    const forest = fitForest({
      columns,
      target: Float64Array.from(y),
      trees: 1,
      bootstrap: false,
      featureFraction: 1,
      maxDepth: 2,
    });
    expectTree(forest.parts.table, 0, nodes);
  });

  test('three boosted stumps predict the same', () => {
    const { x, y, boosted } = golden.exact_tree_small;
    const columns = [0, 1].map((f) => Float64Array.from(x, (row) => row[f]!));
    const model = fitBoosting({
      columns,
      target: Float64Array.from(y),
      loss: 'squared',
      trees: 3,
      learningRate: 0.5,
      maxDepth: 1,
      minRowsPerLeaf: 1,
    });
    model.predict(columns).forEach((value, i) => {
      close(value, boosted[i]!, 1e-6);
    });
  });

  test('a tree of 1,500 rows has the same nodes and errors when every value has its bin', () => {
    const { nodes, test: errors } = golden.exact_tree_data;
    const model = fitBoosting({ ...single, ...train, maxDepth: 3 });
    expectTree(model.parts.table, model.parts.base, nodes);
    const found = errorsOf(model.predict(unseen.columns));
    close(found.mae, errors.mae, 1e-6);
    close(found.rmse, errors.rmse, 1e-6);
  });

  const boosting: Record<string, Partial<BoostingOptions>> = {
    hist_gb_defaults: { trees: 100 },
    hist_gb_200_lr005_l15: { trees: 200, learningRate: 0.05, maxLeaves: 15 },
    gb_100_depth3_sub08: { trees: 100, maxLeaves: 8, maxDepth: 3, rowFraction: 0.8, minRowsPerLeaf: 1 },
    tree_depth4: { ...single, maxDepth: 4 },
  };
  test.each(Object.entries(boosting))('boosting is as accurate: %s', (name, options) => {
    const model = fitBoosting({ ...train, loss: 'squared', trees: 100, ...options });
    expectWithin(name, model.predict(unseen.columns));
  });

  const forests: Record<string, Partial<ForestOptions>> = {
    rf_100_defaults: { featureFraction: 1 },
    rf_100_leaf5_third: { featureFraction: 1 / 3, minRowsPerLeaf: 5 },
    rf_50_depth6: { featureFraction: 1, trees: 50, maxDepth: 6 },
  };
  test.each(Object.entries(forests))('a forest is as accurate: %s', (name, options) => {
    expectWithin(name, fitForest({ ...train, ...options }).predict(unseen.columns));
  });

  test.each(Object.entries(golden.quantile))(
    'the %s quantile covers as much, as sharply',
    (level, wanted) => {
      const p = Number(level);
      const model = fitBoosting({ ...train, loss: 'quantile', quantile: p, trees: 100 });
      const predicted = model.predict(unseen.columns);
      let covered = 0;
      let pinball = 0;
      predicted.forEach((value, i) => {
        const over = unseen.target[i]! - value;
        if (over <= 0) covered++;
        pinball += Math.max(p * over, (p - 1) * over);
      });
      expect(Math.abs(covered / predicted.length - wanted.coverage)).toBeLessThanOrEqual(0.04);
      close(pinball / predicted.length / wanted.pinball, 1, 0.05);
    },
  );
});

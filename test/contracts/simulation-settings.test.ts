import { expect, test } from 'vitest';
import { Fault } from '../../shared/contracts/fault.ts';
import { CONFIG_FLAGS } from '../../shared/contracts/simulation-config.ts';
import { type Naming, readSimulationConfig, settingsOf } from '../../shared/contracts/simulation-settings.ts';

function refusalOf(config: unknown, naming: Naming = 'flags'): string {
  try {
    readSimulationConfig(config, naming);
  } catch (error) {
    if (error instanceof Fault && error.kind === 'invalid') return error.message;
    throw error;
  }
  return '';
}

test.each([
  [
    { PRODUCT_RESTOCK_UNIFORM_PROPORTION: 1, PRODUCT_RESTOCK_LOWER_PROPORTION: 0.9 },
    ['--restock-uniform 1', '--restock-lower 0.9'],
  ],
  [{ PRODUCT_RESTOCK_LOWER_PROPORTION: 1.3 }, ['--restock-lower 1.3', '--restock-upper 1.2 (its default)']],
  [{ PRODUCT_RESTOCK_UPPER_PROPORTION: 0.5 }, ['--restock-lower 0.8 (its default)', '--restock-upper 0.5']],
  [
    { SALE_SIMULATION_PROPORTION_LOWER_BOUND: 0.4, SALE_SIMULATION_PROPORTION_UPPER_BOUND: 0.3 },
    ['--sale-lower 0.4', '--sale-upper 0.3'],
  ],
  [
    {
      ITERATION_PRODUCT_COUNT_ALLOCATION_LOWER_BOUND: 10,
      ITERATION_PRODUCT_COUNT_ALLOCATION_UPPER_BOUND: 10,
    },
    ['--alloc-lower 10', '--alloc-upper 10'],
  ],
  [
    {
      ITERATION_PRODUCT_COUNT_ALLOCATION_UNIFORM_BOUND: 500,
      ITERATION_PRODUCT_COUNT_ALLOCATION_UPPER_BOUND: 900,
    },
    ['--alloc-uniform 500', '--alloc-upper 900'],
  ],
  [{ SIMULATION_DEMAND: 'realistic', REFUND_RATE: [1, 9] }, ['--demand realistic', '--refund-rate 1,9']],
  [{ SIMULATION_PRODUCTS: 50 }, ['--products 50', '--demand original (its default)']],
  [
    { SIMULATION_DEMAND: 'realistic', SIMULATION_PRODUCTS: 50_000, WAREHOUSE_LISTING: ['A', 'B'] },
    ['--products 50000', '--warehouse-listing'],
  ],
  [
    { METRIC_DATE_CUTOFF: '2023-12-31', SIMULATION_STARTING_DATE: '2024-01-01' },
    ['--metric-cutoff 2023-12-31', '--start-date 2024-01-01'],
  ],
])('%j is refused in a sentence that names both flags', (config, names) => {
  const refusal = refusalOf(config);
  for (const name of names) expect(refusal).toContain(name);
});

test('a configuration names its own keys, not the flags of the command', () => {
  const refusal = refusalOf(
    { PRODUCT_RESTOCK_UNIFORM_PROPORTION: 1, PRODUCT_RESTOCK_LOWER_PROPORTION: 0.9 },
    'keys',
  );
  expect(refusal).toContain('PRODUCT_RESTOCK_UNIFORM_PROPORTION 1 and PRODUCT_RESTOCK_LOWER_PROPORTION 0.9');
  expect(refusal).not.toContain('--');
});

test.each([
  [{ SIMULATION_DAYS: 900 }, '--days 900 is not between 1 and 899'],
  [{ SIMULATION_DAYS: 1.5 }, '--days 1.5 is not whole'],
  [{ NEW_PRODUCT_ITERATION_PROB: 91 }, '--new-product-prob 91 is not between 0 and 90'],
  [{ REFUND_RATE: [9, 2] }, '--refund-rate 9,2 does not sum to 10'],
  [{ REFUND_RATE: [10] }, '--refund-rate 10 is not two numbers'],
  [{ QUANTITY_SELL_RATES: [0.5, 0.4, 0.05, 0.02, 0.01] }, 'does not sum to 1'],
  [{ QUANTITY_SELL_RATES: [0.5, 0.5] }, 'is not five numbers'],
  [{ SALE_TREND_SUBSET: 100 }, '--subset-size 100 is not between 101 and 100000'],
  [{ SIMULATION_STARTING_DATE: '2024-02-30' }, '--start-date 2024-02-30 is no day'],
  [{ SIMULATION_DEMAND: 'dreamt' }, '--demand dreamt is neither original nor realistic'],
  [{ PRODUCT_LISTING: ['Drills', 'drills'] }, 'has a name twice'],
  [{ WAREHOUSE_LISTING: ['Boston', 'WH-BOS'] }, 'whose ids would be the same'],
  [{ WAREHOUSE_LISTING: ['???'] }, 'or empty'],
  [{ METRIC_OPERATION: 'mood' }, '--metric-operation mood is none of product_counts'],
  [{ SIMULATION_NAME: 'a b' }, '--name a b is not 1 to 24 letters'],
  [{ MOOD: 1 }, 'There is no MOOD'],
])('%j is refused by its name', (config, sentence) => {
  expect(refusalOf(config)).toContain(sentence);
});

test('of several faults none is kept back', () => {
  const refusal = refusalOf({ SIMULATION_DAYS: 0, REFUND_RATE: [5, 4] });
  expect(refusal).toContain('--days 0');
  expect(refusal).toContain('--refund-rate 5,4');
});

test('defaults are those of the demand system, and a constant is a range of one number', () => {
  expect(settingsOf(readSimulationConfig({}, 'keys'))).toMatchObject({
    demand: 'original',
    newCategoryPercent: 10,
    categoryUnits: { lower: 300, upper: 2_500 },
    soldShare: { lower: 0.05, upper: 0.3 },
    refundShare: 0.1,
    restockShare: { lower: 0.8, upper: 1.2 },
    quantityShares: [0.82, 0.1, 0.05, 0.02, 0.01],
  });
  expect(settingsOf(readSimulationConfig({ PRODUCT_RESTOCK_UNIFORM_PROPORTION: 1.1 }, 'keys'))).toMatchObject(
    { restockShare: { lower: 1.1, upper: 1.1 } },
  );
});

test('no two keys have the same flag', () => {
  const flags = Object.values(CONFIG_FLAGS);
  expect(new Set(flags).size).toBe(flags.length);
});

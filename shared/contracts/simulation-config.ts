import * as z from 'zod';
import { METRIC_OPERATIONS } from '../core/analytics/operations/run-operation.ts';
import { NearDay } from './near-day.ts';

const listOf = (most: number) =>
  z
    .array(
      z
        .string('has a name that is no text')
        .trim()
        .min(1, 'has an empty name')
        .max(100, 'has a name of more than 100 characters')
        // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what must not get in
        .refine((text) => !/[\u0000-\u001f\u007f]/.test(text), 'contains control characters'),
      'is no list of names',
    )
    .min(1, 'names nothing')
    .max(most, `has more than ${most} names`)
    .refine(
      (names) => new Set(names.map((name) => name.toLowerCase())).size === names.length,
      'has a name twice',
    );

const between = (least: number, most: number) =>
  z
    .number({ error: 'is no number' })
    .refine((value) => value >= least && value <= most, `is not between ${least} and ${most}`);
const wholeBetween = (least: number, most: number) =>
  between(least, most).refine((value) => Number.isSafeInteger(value), 'is not whole');

/** Most products at locations in one world. */
export const MOST_ITEMS = 50_000;

/** Configuration of a simulation, and of what is done with it, under the names of the demand system. */
export const SimulationConfig = z.strictObject({
  /** Categories that may appear; else the hundred of the vocabulary. */
  PRODUCT_LISTING: listOf(1_000).optional(),
  /** Names of warehouses; else twenty cities, and with realistic demand the main warehouse. */
  WAREHOUSE_LISTING: listOf(100).optional(),
  PRODUCT_RESTOCK_LOWER_PROPORTION: between(0, 10).optional(),
  PRODUCT_RESTOCK_UPPER_PROPORTION: between(0, 10).optional(),
  PRODUCT_RESTOCK_UNIFORM_PROPORTION: between(0, 10).optional(),
  SALE_TREND_SUBSET: wholeBetween(101, 100_000).optional(),
  SIMULATION_STARTING_DATE: NearDay.optional(),
  SIMULATION_DAYS: wholeBetween(1, 899).optional(),
  NEW_PRODUCT_ITERATION_PROB: wholeBetween(0, 90).optional(),
  /** Parts of ten: refunded, kept. */
  REFUND_RATE: z
    .array(wholeBetween(0, 10), 'is not two numbers')
    .length(2, 'is not two numbers')
    .refine((parts) => parts.reduce((sum, part) => sum + part, 0) === 10, 'does not sum to 10')
    .optional(),
  QUANTITY_SELL_RATES: z
    .array(between(0, 1), 'is not five numbers')
    .length(5, 'is not five numbers')
    .refine((parts) => Math.abs(parts.reduce((sum, part) => sum + part, 0) - 1) < 1e-9, 'does not sum to 1')
    .optional(),
  SALE_SIMULATION_PROPORTION_LOWER_BOUND: between(0, 1).optional(),
  SALE_SIMULATION_PROPORTION_UPPER_BOUND: between(0, 1).optional(),
  ITERATION_PRODUCT_COUNT_ALLOCATION_LOWER_BOUND: wholeBetween(0, 1_000_000).optional(),
  ITERATION_PRODUCT_COUNT_ALLOCATION_UPPER_BOUND: wholeBetween(0, 1_000_000).optional(),
  ITERATION_PRODUCT_COUNT_ALLOCATION_UNIFORM_BOUND: wholeBetween(0, 1_000_000).optional(),
  METRIC_OPERATION: z.enum(METRIC_OPERATIONS, `is none of ${METRIC_OPERATIONS.join(', ')}`).optional(),
  /** Last day that measures look at. */
  METRIC_DATE_CUTOFF: NearDay.optional(),
  /** Forecasts know what happened up to this day. */
  CUTOFF_DATE_FORECAST: NearDay.optional(),
  HORIZON_DAYS_FORECAST: wholeBetween(1, 365).optional(),
  /** The same seed and configuration make the same ledger, to the byte. */
  SIMULATION_SEED: wholeBetween(0, 2_147_483_647).optional(),
  /** Begins every id. */
  SIMULATION_NAME: z
    .string('is no text')
    .regex(/^[A-Za-z0-9_-]{1,24}$/, 'is not 1 to 24 letters, digits, - and _')
    .optional(),
  SIMULATION_DEMAND: z.enum(['original', 'realistic'], 'is neither original nor realistic').optional(),
  /** Products of a realistic market. */
  SIMULATION_PRODUCTS: wholeBetween(1, MOST_ITEMS).optional(),
  /** Units a day of its average product at one location. */
  SIMULATION_MEAN_DEMAND: between(0.001, 10_000).optional(),
  /** Share of its sales lines whose goods come back. */
  SIMULATION_RETURN_SHARE: between(0, 1).optional(),
  /** Share of its replenishment cycles that should end without a stockout. */
  SIMULATION_SERVICE_LEVEL: between(0.5, 0.999).optional(),
});
export type SimulationConfig = z.infer<typeof SimulationConfig>;
export type ConfigKey = keyof SimulationConfig;

/** The flags of the command beside the keys that they set. Keys without one exist in configurations only. */
export const CONFIG_FLAGS: Readonly<Partial<Record<ConfigKey, string>>> = {
  PRODUCT_LISTING: '--product-listing',
  WAREHOUSE_LISTING: '--warehouse-listing',
  PRODUCT_RESTOCK_LOWER_PROPORTION: '--restock-lower',
  PRODUCT_RESTOCK_UPPER_PROPORTION: '--restock-upper',
  PRODUCT_RESTOCK_UNIFORM_PROPORTION: '--restock-uniform',
  SALE_TREND_SUBSET: '--subset-size',
  SIMULATION_STARTING_DATE: '--start-date',
  SIMULATION_DAYS: '--days',
  NEW_PRODUCT_ITERATION_PROB: '--new-product-prob',
  REFUND_RATE: '--refund-rate',
  QUANTITY_SELL_RATES: '--quantity-sell-rates',
  SALE_SIMULATION_PROPORTION_LOWER_BOUND: '--sale-lower',
  SALE_SIMULATION_PROPORTION_UPPER_BOUND: '--sale-upper',
  ITERATION_PRODUCT_COUNT_ALLOCATION_LOWER_BOUND: '--alloc-lower',
  ITERATION_PRODUCT_COUNT_ALLOCATION_UPPER_BOUND: '--alloc-upper',
  ITERATION_PRODUCT_COUNT_ALLOCATION_UNIFORM_BOUND: '--alloc-uniform',
  METRIC_OPERATION: '--metric-operation',
  METRIC_DATE_CUTOFF: '--metric-cutoff',
  SIMULATION_SEED: '--seed',
  SIMULATION_NAME: '--name',
  SIMULATION_DEMAND: '--demand',
  SIMULATION_PRODUCTS: '--products',
  SIMULATION_MEAN_DEMAND: '--mean-demand',
  SIMULATION_RETURN_SHARE: '--return-share',
  SIMULATION_SERVICE_LEVEL: '--service-level',
};

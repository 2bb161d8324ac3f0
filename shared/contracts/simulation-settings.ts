import type { SimulationSettings, Warehouse } from '../core/simulate/settings.ts';
import { RETAIL_CATEGORIES } from '../core/sourcing/retail-categories.ts';
import { WAREHOUSES } from '../core/sourcing/warehouses.ts';
import { Fault, type FaultDetail } from './fault.ts';
import { CONFIG_FLAGS, type ConfigKey, MOST_ITEMS, SimulationConfig } from './simulation-config.ts';

/** How whoever is refused calls what he gave: flags of the command, or keys of a configuration. */
export type Naming = 'flags' | 'keys';

const DEFAULTS = {
  PRODUCT_RESTOCK_LOWER_PROPORTION: 0.8,
  PRODUCT_RESTOCK_UPPER_PROPORTION: 1.2,
  SALE_TREND_SUBSET: 1_000,
  SIMULATION_STARTING_DATE: '2024-01-01',
  SIMULATION_DAYS: 30,
  NEW_PRODUCT_ITERATION_PROB: 10,
  REFUND_RATE: [1, 9],
  QUANTITY_SELL_RATES: [0.82, 0.1, 0.05, 0.02, 0.01],
  SALE_SIMULATION_PROPORTION_LOWER_BOUND: 0.05,
  SALE_SIMULATION_PROPORTION_UPPER_BOUND: 0.3,
  ITERATION_PRODUCT_COUNT_ALLOCATION_LOWER_BOUND: 300,
  ITERATION_PRODUCT_COUNT_ALLOCATION_UPPER_BOUND: 2_500,
  SIMULATION_SEED: 1,
  SIMULATION_NAME: 'sim',
  SIMULATION_DEMAND: 'original',
  SIMULATION_PRODUCTS: 200,
  SIMULATION_MEAN_DEMAND: 1,
  SIMULATION_RETURN_SHARE: 0.03,
  SIMULATION_SERVICE_LEVEL: 0.95,
} as const satisfies SimulationConfigDefaults;

type SimulationConfigDefaults = { readonly [K in ConfigKey]?: unknown };

const ORIGINAL_ONLY: readonly ConfigKey[] = [
  'PRODUCT_RESTOCK_LOWER_PROPORTION',
  'PRODUCT_RESTOCK_UPPER_PROPORTION',
  'PRODUCT_RESTOCK_UNIFORM_PROPORTION',
  'SALE_TREND_SUBSET',
  'NEW_PRODUCT_ITERATION_PROB',
  'REFUND_RATE',
  'QUANTITY_SELL_RATES',
  'SALE_SIMULATION_PROPORTION_LOWER_BOUND',
  'SALE_SIMULATION_PROPORTION_UPPER_BOUND',
  'ITERATION_PRODUCT_COUNT_ALLOCATION_LOWER_BOUND',
  'ITERATION_PRODUCT_COUNT_ALLOCATION_UPPER_BOUND',
  'ITERATION_PRODUCT_COUNT_ALLOCATION_UNIFORM_BOUND',
];
const REALISTIC_ONLY: readonly ConfigKey[] = [
  'SIMULATION_PRODUCTS',
  'SIMULATION_MEAN_DEMAND',
  'SIMULATION_RETURN_SHARE',
  'SIMULATION_SERVICE_LEVEL',
];
/** Lower bound, upper bound, and the constant that may stand in place of both. */
const RANGES: readonly (readonly [lower: RangeKey, upper: RangeKey, uniform?: ConfigKey])[] = [
  [
    'PRODUCT_RESTOCK_LOWER_PROPORTION',
    'PRODUCT_RESTOCK_UPPER_PROPORTION',
    'PRODUCT_RESTOCK_UNIFORM_PROPORTION',
  ],
  ['SALE_SIMULATION_PROPORTION_LOWER_BOUND', 'SALE_SIMULATION_PROPORTION_UPPER_BOUND'],
  [
    'ITERATION_PRODUCT_COUNT_ALLOCATION_LOWER_BOUND',
    'ITERATION_PRODUCT_COUNT_ALLOCATION_UPPER_BOUND',
    'ITERATION_PRODUCT_COUNT_ALLOCATION_UNIFORM_BOUND',
  ],
];
type RangeKey =
  | 'PRODUCT_RESTOCK_LOWER_PROPORTION'
  | 'PRODUCT_RESTOCK_UPPER_PROPORTION'
  | 'SALE_SIMULATION_PROPORTION_LOWER_BOUND'
  | 'SALE_SIMULATION_PROPORTION_UPPER_BOUND'
  | 'ITERATION_PRODUCT_COUNT_ALLOCATION_LOWER_BOUND'
  | 'ITERATION_PRODUCT_COUNT_ALLOCATION_UPPER_BOUND';

/** Products of a new category, and shares of the products that sell on a day. */
const PER_CATEGORY = 10;
const SELLING_SHARE = { lower: 0.1, upper: 0.9 };

/**
 * Checks a configuration before anything runs. Fault `invalid` with a sentence for each thing wrong: one key by its
 * name and value, two that conflict by both names.
 */
export function readSimulationConfig(input: unknown, naming: Naming): SimulationConfig {
  const parsed = SimulationConfig.safeParse(input);
  if (!parsed.success) {
    throw refusal(
      parsed.error.issues.map((issue) => {
        if (issue.code === 'unrecognized_keys')
          return { reason: `There is no ${issue.keys.join(', ')} in the configuration of a simulation` };
        const key = String(issue.path[0] ?? '') as ConfigKey;
        const value = shown((input as Record<string, unknown>)[key]);
        return { field: nameOf(key, naming), reason: `${nameOf(key, naming)} ${value} ${issue.message}` };
      }),
    );
  }
  const conflicts = conflictsOf(parsed.data, naming);
  if (conflicts.length > 0) throw refusal(conflicts);
  return parsed.data;
}

/** The name of a key to whoever gave it. */
export const nameOf = (key: ConfigKey, naming: Naming): string =>
  (naming === 'flags' ? CONFIG_FLAGS[key] : undefined) ?? key;

/** Everything that a simulation needs, defaults filled in, of a checked configuration. */
export function settingsOf(config: SimulationConfig): SimulationSettings {
  const value = <K extends ConfigKey & keyof typeof DEFAULTS>(key: K): NonNullable<SimulationConfig[K]> =>
    (config[key] ?? DEFAULTS[key]) as NonNullable<SimulationConfig[K]>;
  const range = ([lower, upper, uniform]: (typeof RANGES)[number]) => {
    const constant = uniform && (config[uniform] as number | undefined);
    return constant === undefined
      ? { lower: value(lower), upper: value(upper) }
      : { lower: constant, upper: constant };
  };
  const demand = value('SIMULATION_DEMAND');
  const world = {
    name: value('SIMULATION_NAME'),
    seed: value('SIMULATION_SEED'),
    startDate: value('SIMULATION_STARTING_DATE'),
    days: value('SIMULATION_DAYS'),
    categories: config.PRODUCT_LISTING ?? RETAIL_CATEGORIES,
    warehouses: config.WAREHOUSE_LISTING?.map(warehouseOf) ?? (demand === 'original' ? WAREHOUSES : [MAIN]),
  };
  if (demand === 'realistic')
    return {
      ...world,
      demand,
      products: value('SIMULATION_PRODUCTS'),
      meanDemand: value('SIMULATION_MEAN_DEMAND'),
      returnShare: value('SIMULATION_RETURN_SHARE'),
      serviceLevel: value('SIMULATION_SERVICE_LEVEL'),
    };
  return {
    ...world,
    demand,
    productsPerCategory: PER_CATEGORY,
    newCategoryPercent: value('NEW_PRODUCT_ITERATION_PROB'),
    categoryUnits: range(RANGES[2]!),
    sellingShare: SELLING_SHARE,
    soldShare: range(RANGES[1]!),
    quantityShares: value('QUANTITY_SELL_RATES'),
    refundShare: value('REFUND_RATE')[0]! / 10,
    restockShare: range(RANGES[0]!),
    trendRows: value('SALE_TREND_SUBSET'),
  };
}

const MAIN: Warehouse = { locationId: 'MAIN', name: 'Main warehouse' };

/** A warehouse of ours by its id or city, else one whose id is made of the name. */
function warehouseOf(name: string): Warehouse {
  const lower = name.toLowerCase();
  const known = WAREHOUSES.find(
    (one) =>
      [one.locationId, one.name].some((text) => text.toLowerCase() === lower) ||
      one.name.toLowerCase() === `${lower} warehouse`,
  );
  if (known) return known;
  if (lower === 'main') return MAIN;
  return { locationId: idOfName(name), name };
}

const idOfName = (name: string): string =>
  `WH-${name
    .normalize('NFKD')
    .replace(/[^A-Za-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')
    .toUpperCase()
    .slice(0, 40)}`;

function conflictsOf(config: SimulationConfig, naming: Naming): FaultDetail[] {
  const conflicts: FaultDetail[] = [];
  const given = (key: ConfigKey): boolean => config[key] !== undefined;
  const called = (key: ConfigKey): string =>
    given(key) ? `${nameOf(key, naming)} ${shown(config[key])}` : nameOf(key, naming);
  const refuse = (key: ConfigKey, reason: string) => conflicts.push({ field: nameOf(key, naming), reason });
  for (const [lower, upper, uniform] of RANGES) {
    const bounds = [lower, upper].filter(given);
    if (uniform && given(uniform) && bounds.length > 0) {
      for (const bound of bounds)
        refuse(
          uniform,
          `${called(uniform)} and ${called(bound)} exclude each other: give a range or a constant`,
        );
      continue;
    }
    if (bounds.length === 0) continue;
    const least = config[lower] ?? DEFAULTS[lower];
    const most = config[upper] ?? DEFAULTS[upper];
    const told = (key: RangeKey, value: number) =>
      given(key) ? called(key) : `${nameOf(key, naming)} ${value} (its default)`;
    if (least >= most) refuse(lower, `${told(lower, least)} is not below ${told(upper, most)}`);
  }
  const demand = config.SIMULATION_DEMAND ?? DEFAULTS.SIMULATION_DEMAND;
  const foreign = demand === 'realistic' ? ORIGINAL_ONLY : REALISTIC_ONLY;
  for (const key of foreign.filter(given))
    refuse(
      key,
      `${called(key)} means nothing beside ${nameOf('SIMULATION_DEMAND', naming)} ${demand}${given('SIMULATION_DEMAND') ? '' : ' (its default)'}`,
    );
  const places = (config.WAREHOUSE_LISTING ?? []).map((name) => warehouseOf(name).locationId);
  if (new Set(places).size < places.length || places.includes('WH-'))
    refuse(
      'WAREHOUSE_LISTING',
      `${nameOf('WAREHOUSE_LISTING', naming)} names places whose ids would be the same or empty: ${places.join(', ')}`,
    );
  const products = config.SIMULATION_PRODUCTS ?? DEFAULTS.SIMULATION_PRODUCTS;
  if (demand === 'realistic' && products * Math.max(1, places.length) > MOST_ITEMS)
    refuse(
      'SIMULATION_PRODUCTS',
      `${nameOf('SIMULATION_PRODUCTS', naming)} ${products} at the ${places.length} places of ${nameOf('WAREHOUSE_LISTING', naming)} are more than ${MOST_ITEMS} products at locations`,
    );
  if (
    config.METRIC_DATE_CUTOFF !== undefined &&
    config.SIMULATION_STARTING_DATE !== undefined &&
    config.METRIC_DATE_CUTOFF < config.SIMULATION_STARTING_DATE
  )
    refuse(
      'METRIC_DATE_CUTOFF',
      `${called('METRIC_DATE_CUTOFF')} is before ${called('SIMULATION_STARTING_DATE')}`,
    );
  return conflicts;
}

function refusal(details: readonly FaultDetail[]): Fault {
  return new Fault('invalid', details.map(({ reason }) => reason).join('; '), { details });
}

const shown = (value: unknown): string => {
  const text = Array.isArray(value) ? value.join(',') : String(value);
  return text.length > 60 ? `${text.slice(0, 60)}...` : text;
};

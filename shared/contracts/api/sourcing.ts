import * as z from 'zod';
import { RETAIL_CATEGORIES } from '../../core/sourcing/retail-categories.ts';
import { idInput, unitsInput } from './inputs.ts';

/** What can be searched: the engines of the search API. */
export const ENGINES = ['amazon', 'google_shopping', 'walmart', 'ebay'] as const;
export const Engine = z.enum(ENGINES);
export type Engine = z.infer<typeof Engine>;

/** Countries whose markets can be searched. */
export const COUNTRIES = ['US', 'GB', 'CA', 'AU', 'DE', 'FR', 'IT', 'ES', 'IN'] as const;
export const Country = z.enum(COUNTRIES);
export type Country = z.infer<typeof Country>;

/** Engines that know one country only, or not all. */
const ONLY_IN: Partial<Record<Engine, readonly Country[]>> = {
  walmart: ['US'],
  ebay: COUNTRIES.filter((country) => country !== 'IN'),
};

/** Units of one category when the request does not say: drawn between these. */
export const STOCK_DRAWN = { least: 300, most: 2500 } as const;
const MOST_CATEGORIES = 100;

const categoryName = z
  .string()
  .trim()
  .min(1)
  .max(100)
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what must not get in
  .refine((text) => !/[\u0000-\u001f\u007f]/.test(text), 'contains control characters');

/** POST /sourcing: look for products, and give them a first stock. */
export const NewSourcing = z
  .strictObject({
    engine: Engine.default('amazon'),
    country: Country.default('US'),
    /** What to look for, in place of the built-in vocabulary. */
    categories: z
      .array(categoryName)
      .min(1)
      .max(MOST_CATEGORIES)
      .refine(
        (names) => new Set(names.map((name) => name.toLowerCase())).size === names.length,
        'has a name twice',
      )
      .optional(),
    /** How many of the vocabulary to draw where `categories` are not given. */
    category_count: z.int().min(1).max(RETAIL_CATEGORIES.length).optional(),
    /** Products of each category. */
    per_category: z.int().min(1).max(50).default(10),
    /** Units of each category. Drawn between 300 and 2,500 for each where it is not given. */
    stock_per_category: unitsInput
      .refine((units) => units >= 0 && units <= 1_000_000, 'is not between 0 and 1,000,000')
      .optional(),
    /** `exact`: in proportion to rating x reviews. `drawn`: 20 to 80 % of that, by chance; the rest is held back. */
    allocation: z.enum(['exact', 'drawn']).default('exact'),
    /** Locations among which each product's is drawn; without any, the twenty built-in warehouses. */
    locations: z.array(idInput(50)).min(1).max(100).optional(),
    /** The same seed makes the same choices and costs. */
    seed: z.int().min(0).max(2_147_483_647).optional(),
    /** Calls of the search API that this may cost at most, repetitions included. */
    most_searches: z.int().min(1).max(1000).default(200),
  })
  .refine(({ categories, category_count }) => categories === undefined || category_count === undefined, {
    path: ['category_count'],
    error: 'cannot be given beside categories',
  })
  .refine(({ engine, country }) => ONLY_IN[engine]?.includes(country) ?? true, {
    path: ['country'],
    error: 'is not a country of this engine',
  });
export type NewSourcing = z.infer<typeof NewSourcing>;

/** What a sourcing does, with all that was left open decided. */
export const SourcingOrder = z.object({
  engine: Engine,
  country: Country,
  categories: z.array(z.string().min(1)).min(1).max(MOST_CATEGORIES),
  perCategory: z.int().min(1),
  /** Units of each category, in their order. */
  stock: z.array(z.int().min(0)),
  allocation: z.enum(['exact', 'drawn']),
  /** Null: the built-in warehouses. */
  locations: z.array(z.string()).nullable(),
  seed: z.int(),
  mostSearches: z.int(),
});
export type SourcingOrder = z.infer<typeof SourcingOrder>;

const SourcedProduct = z.object({
  product_id: z.string(),
  product_name: z.string(),
  source_id: z.string(),
  title: z.string(),
  rating: z.number().nullable(),
  reviews: z.int().nullable(),
  unit_price: z.string().nullable(),
  cost: z.string().nullable(),
  location_id: z.string(),
  quantity: z.int(),
});

const SourcedCategory = z.object({
  category: z.string(),
  status: z.enum(['waiting', 'done', 'skipped']),
  /** Why it was skipped, or has fewer products than were asked for. */
  reason: z.string().nullable(),
  /** Results that were seen, and those left out: sponsored, without name or price or not readable, known already. */
  results: z.int(),
  sponsored: z.int(),
  unusable: z.int(),
  known: z.int(),
  products: z.int(),
  /** Units that were to be divided, and those that nobody was given. */
  stock: z.int(),
  held_back: z.int(),
});

/** GET /sourcing/{id} */
export const Sourcing = z.object({
  sourcing_id: z.string(),
  status: z.enum(['running', 'done']),
  engine: Engine,
  country: Country,
  /** What the prices are in. */
  currency: z.string(),
  seed: z.int(),
  requested_by: z.string(),
  /** Calls of the search API so far, and the limit. */
  searches: z.int(),
  most_searches: z.int(),
  created_at: z.string(),
  finished_at: z.string().nullable(),
  /** Costs and stock are invented. */
  is_synthetic: z.literal(true),
  categories: z.array(SourcedCategory),
  products: z.array(SourcedProduct),
});
export type Sourcing = z.infer<typeof Sourcing>;

/** What the prices of a country's market are in. */
export const CURRENCY_OF: Readonly<Record<Country, string>> = {
  US: 'USD',
  GB: 'GBP',
  CA: 'CAD',
  AU: 'AUD',
  DE: 'EUR',
  FR: 'EUR',
  IT: 'EUR',
  ES: 'EUR',
  IN: 'INR',
};

import * as z from 'zod';
import { CATALOGUE_CURRENCY } from '../../shared/data/catalogue/catalogue-currency.ts';
import {
  type FreeStock,
  readFreeStock,
  readSites,
  readSpokenFor,
  type Site,
} from '../../shared/data/catalogue/location-sites.ts';
import type { FittedSeries } from '../../shared/data/forecasts/forecast-store.ts';
import { seriesName } from '../../shared/data/forecasts/series-store.ts';
import type { PlanTiming } from '../../shared/data/planning/plan-timing.ts';
import type { PlanSettings } from '../../shared/data/planning/setting-store.ts';
import {
  type ClassPolicies,
  type ItemPolicy,
  readClassPolicies,
  readItemPolicies,
} from '../../shared/data/policies/policy-store.ts';
import { readSeriesFacts } from '../../shared/data/policies/series-class-store.ts';
import { readSupplierItems } from '../../shared/data/purchasing/supplier-item-store.ts';
import { readSupply } from '../../shared/data/purchasing/supply-store.ts';
import type { Statements } from '../../shared/data/sql/database.ts';
import type { StandingSuggestion } from '../../shared/data/suggestions/suggestion-store.ts';
import { type ExpiringUnits, expiringUnits } from '../../shared/data/waste/lot-store.ts';
import type { SeriesInput } from './assess-series.ts';
import { standingSeries } from './decide-changes.ts';
import type { ProductInput } from './judge-product.ts';
import { policyOf } from './policy-of.ts';

/** What is read once for all series, however many. */
export interface World {
  readonly sites: ReadonlyMap<string, Site>;
  readonly classes: ClassPolicies;
  /** That of the catalogue's prices. */
  readonly currency: string;
  /** Whether anything is set for single items, and whether any lot is known: most businesses have neither. */
  readonly hasItemPolicies: boolean;
  readonly hasLots: boolean;
}

/** The world of now. */
export async function readWorld(db: Statements): Promise<World> {
  const [found] = await db.select(
    z.object({ policies: z.int(), lots: z.int(), currency: z.string().nullable() }),
    `SELECT EXISTS (SELECT 1 FROM item_policy) AS policies, EXISTS (SELECT 1 FROM stock_lot) AS lots,
            ${CATALOGUE_CURRENCY} AS currency`,
  );
  return {
    sites: await readSites(db),
    classes: await readClassPolicies(db),
    currency: found!.currency ?? '',
    hasItemPolicies: found!.policies === 1,
    hasLots: found!.lots === 1,
  };
}

export interface ReadProductsOptions extends World {
  /** The run that the forecasts are of. */
  readonly runId: string;
  readonly settings: PlanSettings;
  readonly asOf: string;
  readonly timing: PlanTiming;
  /** What is suggested already for these series, and what people said to it; by `needName`. */
  readonly standing: ReadonlyMap<string, StandingSuggestion>;
}

/** Everything that a decision about these series needs, product by product. Those of one product must be together. */
export async function readProducts(
  db: Statements,
  fitted: readonly FittedSeries[],
  options: ReadProductsOptions,
): Promise<ProductInput[]> {
  const { sites, classes, currency, hasItemPolicies, hasLots, settings, asOf, timing, standing } = options;
  const productIds = [...new Set(fitted.map(({ productId }) => productId))];
  const supply = await readSupply(db, fitted);
  const expiring = hasLots ? await expiringUnits(db, fitted, asOf) : new Map<string, ExpiringUnits>();
  const items = await readSupplierItems(db, productIds);
  const facts = await readSeriesFacts(db, fitted);
  const policies = hasItemPolicies ? await readItemPolicies(db, fitted, asOf) : new Map<string, ItemPolicy>();
  const isAlone = sites.size < 2 || settings.transfers === 'off';
  const freeStock = byProduct(isAlone ? [] : await readSpareStock(db, fitted, options));
  const stands = standingSeries(standing);
  const ruled = new Set(policies.keys());
  const products = new Map<string, SeriesInput[]>();
  for (const series of fitted) {
    const name = seriesName(series);
    const { className, price, onHand, committed } = facts.get(name)!;
    const toCome = supply.get(name) ?? [];
    const input: SeriesInput = {
      series,
      position: { onHand, committed, onOrder: sum(toCome) },
      supply: toCome,
      expiring: sum(expiring.get(name) ?? []),
      policy: policyOf({ className, classes, item: policies.get(name), settings }),
      className,
      price,
      currency,
      receiving: sites.get(series.locationId)?.receiving,
      isStanding: stands.has(name),
      settings,
      asOf,
      ...timing,
    };
    const others = products.get(series.productId);
    if (others) others.push(input);
    else products.set(series.productId, [input]);
  }
  return [...products].map(([productId, series]) => ({
    series,
    items: items.get(productId) ?? [],
    freeStock: freeStock.get(productId) ?? [],
    sites,
    standing,
    ruled,
  }));
}

/**
 * Free stock that these series may be helped with: their own, and what lies where no series of the run asks for it, less
 * what is suggested for other series already. A product with more series than one read has several of these, one after the other.
 */
async function readSpareStock(
  db: Statements,
  fitted: readonly FittedSeries[],
  { runId, standing }: Pick<ReadProductsOptions, 'runId' | 'standing'>,
): Promise<FreeStock[]> {
  const own = new Set(fitted.map(seriesName));
  const all = await readFreeStock(db, [...new Set(fitted.map(({ productId }) => productId))]);
  const elsewhere = all.filter((stock) => !own.has(seriesName(stock)));
  if (elsewhere.length === 0) return all;
  const spokenFor = await readSpokenFor(db, runId, elsewhere);
  for (const one of standing.values()) {
    if (one.status !== 'open' || one.fromLocation === null) continue;
    const giver = seriesName({ productId: one.productId, locationId: one.fromLocation });
    const others = spokenFor.get(giver);
    if (others) spokenFor.set(giver, { ...others, units: others.units - one.quantity });
  }
  return all.flatMap((stock) => {
    const others = spokenFor.get(seriesName(stock));
    if (!others) return [stock];
    const units = stock.units - others.units;
    return others.isPlanned || units <= 0 ? [] : [{ ...stock, units }];
  });
}

function byProduct(stock: readonly FreeStock[]): Map<string, FreeStock[]> {
  const products = new Map<string, FreeStock[]>();
  for (const one of stock) products.set(one.productId, [...(products.get(one.productId) ?? []), one]);
  return products;
}

const sum = (parts: readonly { readonly quantity: number }[]): number =>
  parts.reduce((total, { quantity }) => total + quantity, 0);

import * as z from 'zod';
import type { Statements } from '../../shared/data/database.ts';
import type { FittedSeries } from '../../shared/data/forecast-store.ts';
import { type FreeStock, readFreeStock, readSites, type Site } from '../../shared/data/location-sites.ts';
import { type ExpiringUnits, expiringUnits } from '../../shared/data/lot-store.ts';
import {
  type ClassPolicies,
  type ItemPolicy,
  readClassPolicies,
  readItemPolicies,
} from '../../shared/data/policy-store.ts';
import { readSeriesFacts } from '../../shared/data/series-class-store.ts';
import { seriesName } from '../../shared/data/series-store.ts';
import type { PlanSettings } from '../../shared/data/setting-store.ts';
import { readSupplierItems } from '../../shared/data/supplier-item-store.ts';
import { readSupply } from '../../shared/data/supply-store.ts';
import type { SeriesInput } from './assess-series.ts';
import type { ProductInput } from './judge-product.ts';
import { policyOf } from './policy-of.ts';

/** What is read once for all series, however many. */
export interface World {
  readonly sites: ReadonlyMap<string, Site>;
  readonly classes: ClassPolicies;
  /** Whether anything is set for single items, and whether any lot is known: most businesses have neither. */
  readonly hasItemPolicies: boolean;
  readonly hasLots: boolean;
}

/** The world of now. */
export async function readWorld(db: Statements): Promise<World> {
  const [found] = await db.select(
    z.object({ policies: z.int(), lots: z.int() }),
    `SELECT EXISTS (SELECT 1 FROM item_policy) AS policies, EXISTS (SELECT 1 FROM stock_lot) AS lots`,
  );
  return {
    sites: await readSites(db),
    classes: await readClassPolicies(db),
    hasItemPolicies: found!.policies === 1,
    hasLots: found!.lots === 1,
  };
}

export interface ReadProductsOptions extends World {
  readonly settings: PlanSettings;
  readonly asOf: string;
  /** Names of series for which something is suggested already. */
  readonly standing: ReadonlySet<string>;
}

/** Everything that a decision about these series needs, product by product. Those of one product must be together. */
export async function readProducts(
  db: Statements,
  fitted: readonly FittedSeries[],
  { sites, classes, hasItemPolicies, hasLots, settings, asOf, standing }: ReadProductsOptions,
): Promise<ProductInput[]> {
  const productIds = [...new Set(fitted.map(({ productId }) => productId))];
  const supply = await readSupply(db, fitted);
  const expiring = hasLots ? await expiringUnits(db, fitted, asOf) : new Map<string, ExpiringUnits>();
  const items = await readSupplierItems(db, productIds);
  const facts = await readSeriesFacts(db, fitted);
  const policies = hasItemPolicies ? await readItemPolicies(db, fitted, asOf) : new Map<string, ItemPolicy>();
  const isAlone = sites.size < 2 || settings.transfers === 'off';
  const freeStock = byProduct(isAlone ? [] : await readFreeStock(db, productIds));
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
      receiving: sites.get(series.locationId)?.receiving,
      isStanding: standing.has(name),
      settings,
      asOf,
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
  }));
}

function byProduct(stock: readonly FreeStock[]): Map<string, FreeStock[]> {
  const products = new Map<string, FreeStock[]>();
  for (const one of stock) products.set(one.productId, [...(products.get(one.productId) ?? []), one]);
  return products;
}

const sum = (parts: readonly { readonly quantity: number }[]): number =>
  parts.reduce((total, { quantity }) => total + quantity, 0);

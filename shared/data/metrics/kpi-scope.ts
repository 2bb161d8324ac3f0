import { isOfCategory } from '../forecasts/group-members-store.ts';
import { date, json, type Params } from '../sql/database.ts';

/** What key figures are of. */
export interface KpiScope {
  /** First and last day, both included. */
  readonly from: string;
  readonly to: string;
  /** Without them all. */
  readonly locationIds?: readonly string[] | undefined;
  /** As products write it; without it all. */
  readonly category?: string | undefined;
  /** Without it all. */
  readonly productId?: string | undefined;
}

/** Conditions on columns that narrow a query to the scope; `params` has what they name, the period included. */
export interface ScopeSql {
  readonly product: (column: string) => string;
  readonly location: (column: string) => string;
  /** A DATE lies in the period. */
  readonly day: (column: string) => string;
  /** A DATETIME does. */
  readonly time: (column: string) => string;
  readonly params: Params;
  /** Parameters of `product` and `location` alone. */
  readonly placeParams: Params;
}

/** The conditions of a scope. */
export function scopeSql({ from, to, locationIds, category, productId }: KpiScope): ScopeSql {
  const placeParams: Params = {
    ...(locationIds !== undefined && { locations: json(locationIds) }),
    ...(category !== undefined && { category }),
    ...(productId !== undefined && { productId }),
  };
  return {
    product: (column) =>
      [
        ...(productId === undefined ? [] : [`${column} = :productId`]),
        ...(category === undefined
          ? []
          : [`${column} IN (SELECT p.product_id FROM products p WHERE ${isOfCategory(category)})`]),
      ].join(' AND ') || 'TRUE',
    location: (column) =>
      locationIds === undefined
        ? 'TRUE'
        : // a value, or the optimizer makes a join of it and looks through the places first
          `(${column} IN (SELECT a.location_id
                            FROM JSON_TABLE(:locations, '$[*]' COLUMNS (location_id VARCHAR(50) PATH '$')) AS a)) IS TRUE`,
    day: (column) => `${column} BETWEEN :from AND :to`,
    time: (column) => `${column} >= :from AND ${column} < DATE_ADD(:to, INTERVAL 1 DAY)`,
    placeParams,
    params: { ...placeParams, from: date(from), to: date(to) },
  };
}

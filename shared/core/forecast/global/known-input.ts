import type { Regressor } from '../panel.ts';
import { RunningSums } from './running-sums.ts';

/** How a regressor is shown to the trees. */
export type KnownKind =
  | { readonly name: string; readonly type: 'amount' | 'flag' }
  | { readonly name: string; readonly type: 'category'; readonly codes: ReadonlyMap<string, number> };

/** Categories told apart; rarer ones are one. */
const MOST_CATEGORIES = 100;

/** What a known regressor of a panel is: amounts (such as prices), flags (0 or 1), or categories. */
export function knownKind(name: string, columns: readonly Regressor[]): KnownKind {
  const categories = new Map<string, number>();
  let isFlag = true;
  for (const column of columns) {
    if (column instanceof Float64Array) {
      isFlag &&= column.every((value) => Number.isNaN(value) || value === 0 || value === 1);
    } else {
      for (const value of column) {
        if (value !== null) categories.set(value, (categories.get(value) ?? 0) + 1);
      }
    }
  }
  if (categories.size === 0) return { name, type: isFlag ? 'flag' : 'amount' };
  const common = [...categories]
    .sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))
    .slice(0, MOST_CATEGORIES);
  return { name, type: 'category', codes: new Map(common.map(([category], i) => [category, i + 1])) };
}

/** Number of features that a kind gives. */
export function featuresOf(kind: KnownKind): readonly string[] {
  const { name } = kind;
  if (kind.type === 'category') return [name];
  if (kind.type === 'flag') return [name, `${name} mean`];
  return [name, `${name} to year`, `${name} to recent`, `${name} to last`];
}

/** One regressor of one series. */
export class KnownInput {
  private readonly kind: KnownKind;
  private readonly values: Float64Array;
  private readonly sums: RunningSums;

  constructor(kind: KnownKind, column: Regressor | undefined) {
    this.kind = kind;
    this.values = numbersOf(kind, column);
    this.sums = new RunningSums(this.values);
  }

  /** Writes the features of a target period seen from an origin, from `at` on; answers the next place. */
  write(row: Float64Array, at: number, origin: number, target: number, year: number, recent: number): number {
    const value = this.values[target] ?? Number.NaN;
    row[at++] = value;
    if (this.kind.type === 'category') return at;
    const mean = this.sums.mean(origin + 1 - year, origin + 1);
    if (this.kind.type === 'flag') {
      row[at++] = mean;
      return at;
    }
    row[at++] = value / mean;
    row[at++] = value / this.sums.mean(origin + 1 - recent, origin + 1);
    row[at++] = value / this.values[origin]!;
    return at;
  }
}

function numbersOf(kind: KnownKind, column: Regressor | undefined): Float64Array {
  if (column === undefined) return new Float64Array(0);
  if (kind.type !== 'category') {
    return column instanceof Float64Array ? column : new Float64Array(column.length).fill(Number.NaN);
  }
  if (column instanceof Float64Array) return new Float64Array(column.length).fill(Number.NaN);
  return Float64Array.from(column, (value) => (value === null ? Number.NaN : (kind.codes.get(value) ?? 0)));
}

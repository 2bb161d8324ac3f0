import type { CanonicalRow, Translation } from '../../shared/contracts/csv/foreign-format.ts';
import type { ImportCounts, LateReject } from '../../shared/data/imports/import-store.ts';
import { lockStock } from '../../shared/data/ledger/ledger-store.ts';
import type { Statements } from '../../shared/data/sql/database.ts';
import { applierOf } from './applier-of.ts';
import {
  type Applied,
  type ChunkApplier,
  type ChunkSource,
  isRefusal,
  type ValidRow,
} from './apply-chunk.ts';
import type { OrderLine } from './order-line.ts';

type TemplateOfRow = CanonicalRow['template'];

/** What has to be there first: places and products before stock, what came in before what left. */
const ORDER: readonly TemplateOfRow[] = [
  'locations',
  'products',
  'suppliers',
  'sellers',
  'customers',
  'order_headers',
  'supplier_items',
  'purchase_orders',
  // a ledger counts what was there first, and then tells what moved
  'stock_on_hand',
  'receipts',
  'movements',
  'sales_lines',
  'order_items',
];
/** What happened, as opposed to what things are called. */
const FACTS: ReadonlySet<TemplateOfRow> = new Set([
  'receipts',
  'movements',
  'stock_on_hand',
  'sales_lines',
  'order_items',
  'purchase_orders',
]);

interface Part {
  readonly template: TemplateOfRow;
  readonly isStub: boolean;
  readonly prepared: unknown;
}

interface Place {
  readonly locationId: string;
  readonly name: string;
}

/** A row of a foreign file: rows of our templates. */
export interface ForeignRow {
  readonly line: number;
  readonly parts: readonly Part[];
}

/**
 * Records rows of foreign files: each is several rows of our templates, and those of a chunk are applied template by
 * template in one transaction, each as a file of its own would be.
 */
export function foreignApplier(defaultLocation: string): ChunkApplier<ForeignRow> {
  const appliers = new Map(ORDER.map((template) => [template, applierOf(template, defaultLocation)]));
  const introducedPlaces = new Map<string, Place>();
  // places that a file named once, and that are gone with the transaction in which they were tried
  let lostPlaces: readonly Place[] = [];
  let knownPlaces: ReadonlySet<string> = new Set();
  return {
    prepare(translation, line) {
      const parts: Part[] = [];
      for (const { template, row, revises, stub } of (translation as Extract<Translation, { rows: unknown }>)
        .rows) {
        const prepared = appliers.get(template)!.prepare(row, line) as unknown;
        if (isRefusal(prepared)) return prepared;
        const isLine = template === 'sales_lines' && revises === true;
        parts.push({
          template,
          isStub: stub === true,
          prepared: isLine ? { ...(prepared as OrderLine), revises: true } : prepared,
        });
      }
      return { line, parts };
    },
    async introduce(stubs, rows) {
      const mentioned = (template: TemplateOfRow) =>
        rows.flatMap(({ parts }) =>
          parts.filter((part) => part.isStub && part.template === template).map(({ prepared }) => prepared),
        );
      const places = (mentioned('locations') as ValidRow<{ location_id: string; location_name: string }>[])
        .filter(({ row }) => !introducedPlaces.has(row.location_id))
        .map(({ row }) => ({ locationId: row.location_id, name: row.location_name }));
      const suppliers = mentioned('suppliers') as ValidRow<SupplierCells>[];
      await stubs.ofPlaces(
        [...new Map([...lostPlaces, ...places].map((place) => [place.locationId, place])).values()],
        [...new Map(suppliers.map(({ row }) => [row.supplier_id, supplierOf(row)])).values()],
      );
      for (const place of places) introducedPlaces.set(place.locationId, place);
      lostPlaces = [];
      await stubs.ofDescribed(
        (mentioned('products') as ValidRow<ProductCells>[]).map(({ row }) => stubOf(row)),
      );
      for (const template of ORDER) await appliers.get(template)!.introduce?.(stubs, partsOf(rows, template));
    },
    async apply(tx, rows, source) {
      knownPlaces = new Set([
        ...source.locations,
        ...knownPlaces,
        ...introducedPlaces.keys(),
        ...(partsOf(rows, 'locations') as ValidRow<{ location_id: string }>[]).map(
          ({ row }) => row.location_id,
        ),
      ]);
      const applied = await applyParts(tx, rows, { ...source, locations: knownPlaces }, appliers);
      return sumUp(rows, applied);
    },
    forget() {
      lostPlaces = [...introducedPlaces.values()];
      for (const applier of appliers.values()) applier.forget?.();
    },
  };
}

/** Those rows of a template that are to be applied. */
const partsOf = (rows: readonly ForeignRow[], template: TemplateOfRow): unknown[] =>
  rows.flatMap(({ parts }) =>
    parts.filter((part) => part.template === template && !part.isStub).map(({ prepared }) => prepared),
  );

async function applyParts(
  tx: Statements,
  rows: readonly ForeignRow[],
  source: ChunkSource,
  appliers: ReadonlyMap<TemplateOfRow, ChunkApplier>,
): Promise<ReadonlyMap<TemplateOfRow, Applied>> {
  const applied = new Map<TemplateOfRow, Applied>();
  for (const template of ORDER) {
    // All stock at once, in one order of locking, and before the first plain read: see applyOrderLines.
    if (template === 'supplier_items') {
      const positions = ORDER.flatMap((one) => appliers.get(one)!.positionsOf?.(partsOf(rows, one)) ?? []);
      await lockStock(
        tx,
        positions.filter(({ locationId }) => source.locations.has(locationId)),
      );
    }
    const parts = partsOf(rows, template);
    if (parts.length > 0) applied.set(template, await appliers.get(template)!.apply(tx, parts, source));
  }
  return applied;
}

/** Counts rows of the file: rejected if one of its parts is, known if all that happened in it was. */
function sumUp(rows: readonly ForeignRow[], applied: ReadonlyMap<TemplateOfRow, Applied>): Applied {
  const rejects = new Map<number, LateReject>();
  const knownParts = new Map<number, number>();
  const kinds: Record<string, number> = {};
  const days: string[] = [];
  let [excluded, shortages] = [0, 0];
  for (const [template, { counts, rejects: some, known }] of applied) {
    for (const reject of some) if (!rejects.has(reject.line)) rejects.set(reject.line, reject);
    for (const line of known) knownParts.set(line, (knownParts.get(line) ?? 0) + 1);
    if (template !== 'sales_lines') kinds[template] = counts.imported;
    for (const [kind, n] of Object.entries(counts.kinds)) kinds[kind] = (kinds[kind] ?? 0) + n;
    excluded += counts.excluded;
    shortages += counts.shortages;
    days.push(...[counts.firstDate, counts.lastDate].filter((day) => day !== null));
  }
  const known = rows
    .filter(({ line, parts }) => {
      const facts = parts.filter(({ template, isStub }) => FACTS.has(template) && !isStub).length;
      return !rejects.has(line) && facts > 0 && knownParts.get(line) === facts;
    })
    .map(({ line }) => line);
  days.sort();
  const counts: Omit<ImportCounts, 'total' | 'rejected'> = {
    imported: rows.length - rejects.size - known.length,
    duplicates: known.length,
    excluded,
    shortages,
    kinds,
    firstDate: days[0] ?? null,
    lastDate: days.at(-1) ?? null,
  };
  return { rejects: [...rejects.values()], known, counts };
}

interface ProductCells {
  readonly product_id: string;
  readonly product_name: string;
  readonly category: string | null;
  readonly brand: string | null;
  readonly unit_price: number | null;
  readonly is_service: boolean;
}

const stubOf = (row: ProductCells) => ({
  productId: row.product_id,
  productName: row.product_name,
  category: row.category,
  brand: row.brand,
  unitPrice: row.unit_price,
  isService: row.is_service,
});

interface SupplierCells {
  readonly supplier_id: string;
  readonly supplier_name: string;
  readonly currency: string;
  readonly minimum_order: number;
  readonly is_synthetic: boolean;
}

const supplierOf = (row: SupplierCells) => ({
  supplierId: row.supplier_id,
  supplierName: row.supplier_name,
  currency: row.currency,
  minimumOrder: row.minimum_order,
  isSynthetic: row.is_synthetic,
});

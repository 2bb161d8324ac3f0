import type { Database } from '../../shared/data/database.ts';
import {
  applyLocations,
  applyProducts,
  applySellers,
  applySupplierItems,
  applySuppliers,
} from './apply-catalogue.ts';
import type { ChunkApplier, ValidRow } from './apply-chunk.ts';
import { applyMovements, movementOf, receiptOf } from './apply-movements.ts';
import { applyOrderLines } from './apply-order-lines.ts';
import { applySignals } from './apply-signals.ts';
import { applyStockCounts, stockCountOf } from './apply-stock-counts.ts';
import { MAX_ROWS } from './cut-chunks.ts';
import { flatLine } from './flat-line.ts';
import { StubIntroducer } from './introduce-stubs.ts';
import { LineCounter } from './line-counter.ts';
import type { FormatName } from './recognise-format.ts';
import { salesLine } from './sales-line.ts';
import { uciLine } from './uci-line.ts';

// biome-ignore lint/suspicious/noExplicitAny: the table joins formats whose rows have nothing in common; each entry is checked where it is made
type AnyApplier = ChunkApplier<any>;

/** How the rows of a file of this format are recorded. */
export function applierOf(format: FormatName, database: Database, defaultLocation: string): AnyApplier {
  const stubs = new StubIntroducer(database);
  switch (format) {
    case 'uci_order_lines': {
      const seen = new LineCounter(MAX_ROWS);
      return orderLines(stubs, (row: never, line) => uciLine(row, line, defaultLocation, seen));
    }
    case 'flat_orders':
      return orderLines(stubs, (row: never, line) => flatLine(row, line, defaultLocation));
    case 'sales_lines':
      return orderLines(stubs, (row: never, line) => salesLine(row, line, defaultLocation));
    case 'stock_on_hand':
      return stockMoves(
        stubs,
        (row: never, line) => stockCountOf(row, line, defaultLocation),
        (count) => count.productId,
        applyStockCounts,
      );
    case 'movements':
      return stockMoves(
        stubs,
        (row: never, line) => movementOf(row, line, defaultLocation),
        (movement) => movement.fact.productId,
        applyMovements,
      );
    case 'receipts':
      return stockMoves(
        stubs,
        (row: never, line) => receiptOf(row, line, defaultLocation),
        (movement) => movement.fact.productId,
        applyMovements,
      );
    case 'supplier_items':
      return {
        ...masterData(applySupplierItems),
        introduce: (rows: readonly ValidRow<{ product_id: string }>[]) =>
          stubs.ofProducts(rows.map(({ row }) => row.product_id)),
      };
    case 'products':
      return masterData(applyProducts);
    case 'suppliers':
      return masterData(applySuppliers);
    case 'locations':
      return masterData(applyLocations);
    case 'sellers':
      return masterData(applySellers);
    case 'signal_values':
      return masterData(applySignals);
  }
}

function orderLines(
  stubs: StubIntroducer,
  prepare: (row: never, line: number) => ReturnType<typeof flatLine>,
): AnyApplier {
  return {
    prepare: (row, line) => prepare(row as never, line),
    introduce: (rows) => stubs.ofLines(rows),
    apply: applyOrderLines,
  };
}

function stockMoves<Prepared>(
  stubs: StubIntroducer,
  prepare: (row: never, line: number) => Prepared,
  productOf: (row: Prepared) => string,
  apply: ChunkApplier<Prepared>['apply'],
): AnyApplier {
  return {
    prepare: (row, line) => prepare(row as never, line),
    introduce: (rows: readonly Prepared[]) => stubs.ofProducts(rows.map(productOf)),
    apply,
  };
}

function masterData<Row>(apply: ChunkApplier<ValidRow<Row>>['apply']): AnyApplier {
  return { prepare: (row, line) => ({ row: row as Row, line }), apply };
}

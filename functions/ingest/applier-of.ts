import type { TemplateName } from '../../shared/contracts/csv/templates.ts';
import type { Position } from '../../shared/data/ledger/ledger-store.ts';
import {
  applyCustomers,
  applyLocations,
  applyProducts,
  applySellers,
  applySupplierItems,
  applySuppliers,
} from './apply-catalogue.ts';
import type { ChunkApplier, ValidRow } from './apply-chunk.ts';
import { applyMovements, movementOf } from './apply-movements.ts';
import { applyOrderLines, positionsOfLines } from './apply-order-lines.ts';
import { applyOrderHeaders, applyOrderItems, orderItemOf, positionsOfItems } from './apply-order-parts.ts';
import { applyPurchaseOrders } from './apply-purchase-orders.ts';
import { applyReceipts, receiptOf } from './apply-receipts.ts';
import { applySignals } from './apply-signals.ts';
import { applyStockCounts, stockCountOf } from './apply-stock-counts.ts';
import { MAX_ROWS } from './cut-chunks.ts';
import { flatLine } from './flat-line.ts';
import { LineCounter } from './line-counter.ts';
import type { OrderLine } from './order-line.ts';
import { salesLine } from './sales-line.ts';
import { uciLine } from './uci-line.ts';

// biome-ignore lint/suspicious/noExplicitAny: the table joins formats whose rows have nothing in common; each entry is checked where it is made
type AnyApplier = ChunkApplier<any>;

/** How the rows of a file of this format are recorded. */
export function applierOf(format: TemplateName, defaultLocation: string): AnyApplier {
  switch (format) {
    case 'uci_order_lines': {
      const seen = new LineCounter(MAX_ROWS);
      return orderLines((row: never, line) => uciLine(row, line, defaultLocation, seen));
    }
    case 'flat_orders':
      return orderLines((row: never, line) => flatLine(row, line, defaultLocation));
    case 'sales_lines':
      return orderLines((row: never, line) => salesLine(row, line, defaultLocation));
    case 'stock_on_hand':
      return stockMoves(
        (row: never, line) => stockCountOf(row, line, defaultLocation),
        (count) => count,
        applyStockCounts,
      );
    case 'movements':
      return stockMoves(
        (row: never, line) => movementOf(row, line, defaultLocation),
        (movement) => movement.fact,
        applyMovements,
      );
    case 'receipts':
      return stockMoves(
        (row: never, line) => receiptOf(row, line, defaultLocation),
        (movement) => movement.fact,
        applyReceipts,
      );
    case 'purchase_orders':
      return {
        ...masterData((tx, rows: readonly ValidRow<never>[], source) =>
          applyPurchaseOrders(tx, rows, source, defaultLocation),
        ),
        introduce: (stubs, rows: readonly ValidRow<{ product_id: string }>[]) =>
          stubs.ofProducts(rows.map(({ row }) => row.product_id)),
      };
    case 'supplier_items':
      return {
        ...masterData(applySupplierItems),
        introduce: (stubs, rows: readonly ValidRow<{ product_id: string }>[]) =>
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
    case 'customers':
      return masterData(applyCustomers);
    case 'order_headers':
      return masterData(applyOrderHeaders);
    case 'order_items':
      return orderItems(defaultLocation);
    case 'signal_values':
      return masterData(applySignals);
  }
}

function orderLines(
  prepare: (row: never, line: number) => ReturnType<typeof flatLine>,
): ChunkApplier<OrderLine> {
  return {
    prepare: (row, line) => prepare(row as never, line),
    introduce: (stubs, rows) => stubs.ofLines(rows),
    positionsOf: positionsOfLines,
    apply: applyOrderLines,
  };
}

function orderItems(defaultLocation: string): AnyApplier {
  const numbered = new Map<string, number>();
  return {
    prepare: (row, line) => orderItemOf(row as never, line, defaultLocation, numbered),
    introduce: (stubs, rows) => stubs.ofProducts(rows.map(({ row }) => row.product_id)),
    positionsOf: positionsOfItems,
    apply: applyOrderItems,
  };
}

function stockMoves<Prepared>(
  prepare: (row: never, line: number) => Prepared,
  positionOf: (row: Prepared) => Position,
  apply: ChunkApplier<Prepared>['apply'],
): ChunkApplier<Prepared> {
  return {
    prepare: (row, line) => prepare(row as never, line),
    introduce: (stubs, rows) => stubs.ofProducts(rows.map((row) => positionOf(row).productId)),
    positionsOf: (rows) => rows.map(positionOf),
    apply,
  };
}

function masterData<Row>(apply: ChunkApplier<ValidRow<Row>>['apply']): ChunkApplier<ValidRow<Row>> {
  return { prepare: (row, line) => ({ row: row as Row, line }), apply };
}

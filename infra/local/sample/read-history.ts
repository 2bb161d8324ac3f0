import { createReadStream } from 'node:fs';
import { cutChunks, MAX_ROWS } from '../../../functions/ingest/cut-chunks.ts';
import { LineCounter } from '../../../functions/ingest/line-counter.ts';
import type { OrderLine } from '../../../functions/ingest/order-line.ts';
import { readHeader } from '../../../functions/ingest/read-header.ts';
import { templateReader } from '../../../functions/ingest/read-row.ts';
import { readText } from '../../../functions/ingest/read-text.ts';
import { readingsOf, recogniseFormat } from '../../../functions/ingest/recognise-format.ts';
import { uciLine } from '../../../functions/ingest/uci-line.ts';
import { DEFAULT_STYLE } from '../../../shared/contracts/csv/cell-style.ts';
import type { RowOf } from '../../../shared/contracts/csv/csv-format.ts';
import { uciOrderLines } from '../../../shared/contracts/csv/uci-order-lines.ts';

/** What the real order lines tell of one article. */
export interface ArticleHistory {
  readonly productId: string;
  readonly name: string;
  readonly isService: boolean;
  /** Median price of its sales, in ten-thousandths; null when it never sold. */
  readonly price: number | null;
  /** Units sold less units returned, by day (YYYY-MM-DD). */
  readonly netByDay: ReadonlyMap<string, number>;
  /** Stock corrections, by day: signed, and nobody plans for them. */
  readonly correctionsByDay: ReadonlyMap<string, number>;
}

const CHUNK_ROWS = 10_000;

/** Reads the real order lines as ingest does, and sums them up by article, in the order of their ids. */
export async function readHistory(path: string): Promise<readonly ArticleHistory[]> {
  const articles = new Map<string, OrderLine[]>();
  const header = await readHeader(readText(createReadStream(path), 'utf-8'));
  const recognised = recogniseFormat(readingsOf(header.text));
  const seen = new LineCounter(MAX_ROWS);
  const prepare = (row: unknown, line: number) =>
    uciLine(row as RowOf<typeof uciOrderLines>, line, 'MAIN', seen);
  for await (const chunk of cutChunks<OrderLine>(
    header.rest,
    header.nextLine,
    recognised,
    templateReader<OrderLine>(uciOrderLines, DEFAULT_STYLE, prepare),
    CHUNK_ROWS,
  )) {
    for (const line of chunk.rows) {
      const lines = articles.get(line.sale.productId);
      if (lines) lines.push(line);
      else articles.set(line.sale.productId, [line]);
    }
  }
  return [...articles.keys()].sort().map((productId) => historyOf(productId, articles.get(productId)!));
}

function historyOf(productId: string, lines: readonly OrderLine[]): ArticleHistory {
  const sales = lines.filter((line) => line.sale.kind === 'sale');
  const prices = sales.map((line) => line.sale.price).sort((a, b) => a - b);
  const netByDay = new Map<string, number>();
  const correctionsByDay = new Map<string, number>();
  for (const { sale, movements } of lines) {
    const day = sale.date.slice(0, 10);
    for (const { type, units } of movements) {
      if (type === 'adjustment') correctionsByDay.set(day, (correctionsByDay.get(day) ?? 0) + units);
      else netByDay.set(day, (netByDay.get(day) ?? 0) - units);
    }
  }
  const described = sales.length > 0 ? sales : lines;
  return {
    productId,
    name: mostFrequent(described.map((line) => line.product.productName)) ?? productId,
    isService: lines[0]!.product.isService,
    price: prices[prices.length >> 1] ?? null,
    netByDay,
    correctionsByDay,
  };
}

function mostFrequent(names: readonly string[]): string | undefined {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts].sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1))[0]?.[0];
}

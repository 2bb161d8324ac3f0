/** A line of a UCI file; what a test does not care about has a usual value. */
export interface UciCells {
  readonly invoice?: string;
  readonly code?: string;
  readonly description?: string;
  readonly quantity?: number | string;
  readonly date?: string;
  readonly price?: number | string;
  readonly customer?: string;
  readonly country?: string;
}

export const UCI_HEADER = 'InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country';

/** A UCI file of these lines. */
export function uciFile(...lines: readonly UciCells[]): string {
  return `${[UCI_HEADER, ...lines.map(uciRow)].join('\n')}\n`;
}

export function uciRow(cells: UciCells): string {
  return [
    cells.invoice ?? '536365',
    cells.code ?? '85123A',
    cells.description ?? 'WHITE HANGING HEART',
    cells.quantity ?? 6,
    cells.date ?? '2010-12-01 08:26:00',
    cells.price ?? '2.55',
    cells.customer ?? '17850.0',
    cells.country ?? 'United Kingdom',
  ].join(',');
}

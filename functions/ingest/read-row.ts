import type { CellStyle } from '../../shared/contracts/csv/cell-style.ts';
import { normalHeader } from '../../shared/contracts/csv/column-mapping.ts';
import type { FileContext } from '../../shared/contracts/csv/foreign-format.ts';
import type { Template } from '../../shared/contracts/csv/templates.ts';
import { type ChunkApplier, isRefusal } from './apply-chunk.ts';
import { cellsReader } from './cells-reader.ts';
import type { QualityReport } from './quality-report.ts';
import type { Recognised } from './recognise-format.ts';

/** What a row is: prepared for its applier, not worth recording and why, or refused. */
export type ReadRow<Prepared = unknown> =
  | { readonly row: Prepared }
  | { readonly excluded: string }
  | { readonly refusal: { readonly field: string; readonly reason: string } };

export type RowReader<Prepared = unknown> = (
  cells: Readonly<Record<string, string>>,
  line: number,
) => ReadRow<Prepared>;

/** How the rows of a recognised file are read; every row goes through it once, in the order of the file. */
export function rowReader<Prepared>(
  { file }: Recognised,
  context: FileContext,
  applier: ChunkApplier<Prepared>,
  quality: QualityReport,
): RowReader<Prepared> {
  const { style } = context;
  const prepare = (row: unknown, line: number) => applier.prepare(row, line);
  if (file.kind === 'own')
    return templateReader(file.template, style, prepare, quality.inspectorOf(file.template.name));
  if (file.kind === 'mapped') {
    const read = templateReader(file.template, style, prepare, quality.inspectorOf(file.template.name));
    const sources = Object.entries(file.mapping.columns).map(([column, source]) =>
      typeof source === 'string' ? { column, header: normalHeader(source) } : { column, ...source },
    );
    return (cells, line) => {
      const row: Record<string, string> = {};
      for (const source of sources)
        row[source.column] = 'header' in source ? (cells[source.header] ?? '') : source.value;
      return read(row, line);
    };
  }
  const translate = file.foreign.open(context);
  return (cells, line) => {
    const said = translate(cells, line);
    if ('excluded' in said) return said;
    if (isRefusal(said)) return { refusal: { field: said.field, reason: said.reason } };
    const { rows, imputed = [] } = said as Extract<typeof said, { rows: unknown }>;
    if (rows.length === 0) return { excluded: 'nothing to record' };
    for (const words of imputed) quality.warn('imputed', words, line);
    for (const { template, row, stub } of rows) if (stub !== true) quality.inspect(template, row, line);
    const prepared = applier.prepare(said, line);
    return isRefusal(prepared) ? { refusal: prepared } : { row: prepared };
  };
}

/** How the rows of a template are read: checked, looked at, prepared. */
export function templateReader<Prepared>(
  template: Pick<Template, 'row'>,
  style: CellStyle,
  prepare: (row: unknown, line: number) => Prepared | { readonly field: string; readonly reason: string },
  inspect?: (row: unknown, line: number) => void,
): RowReader<Prepared> {
  const readCells = cellsReader<unknown>(template.row, style);
  return (cells, line) => {
    const checked = readCells(cells);
    if (!checked.success) {
      const issue = checked.error.issues[0]!;
      return { refusal: { field: String(issue.path[0] ?? ''), reason: issue.message } };
    }
    inspect?.(checked.data, line);
    const prepared = prepare(checked.data, line);
    return isRefusal(prepared) ? { refusal: prepared } : { row: prepared };
  };
}

import { type CellStyle, DEFAULT_STYLE } from '../../shared/contracts/csv/cell-style.ts';
import {
  type ColumnMapping,
  normalHeader,
  type StyleChoice,
} from '../../shared/contracts/csv/column-mapping.ts';
import {
  detectStyle,
  type Example,
  isPartedDate,
  type StyleFindings,
} from '../../shared/contracts/csv/detect-style.ts';
import { Fault } from '../../shared/contracts/fault.ts';
import type { QualityReport } from './quality-report.ts';
import { RecordReader } from './read-records.ts';
import type { Recognised } from './recognise-format.ts';

/** Rows that are looked at, and how far is looked for one that decides: letters of text. */
const SAMPLE_ROWS = 2_000;
const FARTHEST_CHARS = 64 * 1024 * 1024;

/** Headers of columns with numbers or times in them; ids look like numbers and are none. */
const COUNTS =
  /date|time|\bat$|due|effective|price|cost|amount|total|revenue|sales|tax|discount|shipping|value|lead|deviation/i;
/** Headers of units, and of what only sounds like them. */
const UNITS =
  /quantity|qty|units|stock|balance|on ?hand|available|committed|reserved|fulfillable|inbound|minimum|multiple|threshold|receipts|shipments|returns|level|\bcount\b/i;
const MONEY = /price|cost|amount|revenue|value|tax|discount|minimum order/i;
const NAMES = /id$|sku|name|zone|code|number|reference|method|status|zip|postal|phone|asin/i;

/**
 * How the cells of a file are written: what its cells show, else what somebody chose. Where the cells leave the choice
 * of the date's order open, nobody may guess: a shop's year would be sown over the wrong months; so that is Fault
 * `invalid`, telling how to say it. Whatever was chosen and why stands in the report.
 */
export async function fileStyle(
  rows: AsyncGenerator<string>,
  { file, delimiter, columns, headers, isQuoted }: Recognised,
  chosen: StyleChoice,
  /** What the shop's setting says of dates that can be read both ways. */
  usualDates: CellStyle['dates'] | undefined,
  quality: QualityReport,
): Promise<CellStyle> {
  const timeZone = chosen.timeZone ?? DEFAULT_STYLE.timeZone;
  const holds = file.kind === 'mapped' ? heldBy(file.mapping) : contentOf;
  const sample = headers.flatMap((name, index) => {
    const content = holds(name);
    const sampled = { name, index, isCounted: content !== undefined, isUnits: content === 'units' };
    return content === 'nothing' ? [] : [{ ...sampled, cells: [] as string[] }];
  });
  const keep = (fields: readonly string[]): void => {
    // A date tells wherever it stands.
    for (const { index, isCounted, cells } of sample)
      if (isCounted || isPartedDate(fields[index]!)) cells.push(fields[index]!);
  };
  const reader = new RecordReader(delimiter, 1, isQuoted);
  let letters = 0;
  let taken = 0;
  let findings: StyleFindings = detectStyle(sample);
  try {
    for await (const piece of rows) {
      for (const record of reader.push(piece)) {
        if (!('fields' in record) || record.fields.length !== columns.length) continue;
        keep(record.fields);
        taken++;
      }
      letters += piece.length;
      if (taken < SAMPLE_ROWS) continue;
      findings = merge(findings, detectStyle(sample));
      for (const column of sample) column.cells.length = 0;
      taken = 0;
      const isOpen = [findings.decimal, findings.dates].some(
        ({ status }) => status === 'ambiguous' || status === 'open',
      );
      if (!isOpen || letters > FARTHEST_CHARS) break;
    }
    for (const record of reader.end()) {
      if ('fields' in record && record.fields.length === columns.length) keep(record.fields);
    }
    findings = merge(findings, detectStyle(sample));
  } finally {
    await rows.return(undefined);
  }
  // The invoices of this kind write the month first, always.
  const isUci = file.kind === 'own' && file.template.name === 'uci_order_lines';
  const decimal = decimalOf(findings, chosen.decimal, quality);
  const dates = isUci ? 'month-first' : dateOrderOf(findings, chosen.dates, usualDates, quality);
  return {
    timeZone,
    decimal: decimal ?? DEFAULT_STYLE.decimal,
    dates: dates ?? DEFAULT_STYLE.dates,
    ...(decimal === undefined ? { isDecimalOpen: true } : {}),
    ...(dates === undefined ? { isDateOrderOpen: true } : {}),
  };
}

/** What the cells below a header are, as far as numbers go. */
type Content = 'units' | 'numbers' | 'nothing' | undefined;

function contentOf(header: string): Content {
  const name = normalHeader(header).replaceAll('_', ' ');
  if (NAMES.test(name)) return undefined;
  if (UNITS.test(name) && !MONEY.test(name)) return 'units';
  return COUNTS.test(name) || UNITS.test(name) ? 'numbers' : undefined;
}

/** Whatever a file calls its columns: a mapping says what they hold, and which of them nobody reads. */
function heldBy({ columns }: ColumnMapping): (header: string) => Content {
  const held = new Map<string, Content>();
  for (const [column, source] of Object.entries(columns))
    if (typeof source === 'string') held.set(normalHeader(source), contentOf(column));
  return (header) => (held.has(normalHeader(header)) ? held.get(normalHeader(header)) : 'nothing');
}

function decimalOf(
  { decimal: found }: StyleFindings,
  chosen: CellStyle['decimal'] | undefined,
  quality: QualityReport,
): CellStyle['decimal'] | undefined {
  if (chosen !== undefined) {
    quality.warn('style', `numbers were read with a decimal "${chosen}", as was said`);
    return chosen;
  }
  if (found.status === 'found') {
    if (found.value === ',')
      quality.warn('style', `numbers were read with a decimal comma, because of ${shown(found.evidence)}`);
    return found.value;
  }
  if (found.status === 'contradictory') {
    const [one, other] = found.evidence;
    throw new Fault(
      'invalid',
      `The numbers are written in two ways: ${shown(one)} and ${shown(other)}. Retry the import with a style that says which mark is the decimal mark.`,
    );
  }
  if (found.status === 'ambiguous' && found.example.isUnits)
    throw new Fault(
      'invalid',
      `Units such as ${shown(found.example)} may be thousands or a fraction, and no other number tells. Retry the import with the style {"decimal": "."} or {"decimal": ","}, or make a mapping say it.`,
    );
  if (found.status === 'ambiguous')
    quality.warn(
      'style',
      `numbers such as ${shown(found.example)} were read with a decimal point; none tells better`,
    );
  return undefined;
}

function dateOrderOf(
  { dates: found }: StyleFindings,
  chosen: CellStyle['dates'] | undefined,
  usual: CellStyle['dates'] | undefined,
  quality: QualityReport,
): CellStyle['dates'] | undefined {
  if (chosen !== undefined) {
    if (found.status !== 'absent') quality.warn('style', `dates were read ${chosen}, as was said`);
    return chosen;
  }
  if (found.status === 'found') {
    quality.warn('style', `dates were read ${found.value}, because of ${shown(found.evidence)}`);
    return found.value;
  }
  if (found.status === 'absent' || found.status === 'open') return usual;
  if (found.status === 'ambiguous' && usual !== undefined) {
    quality.warn(
      'style',
      `dates such as ${shown(found.example)} were read ${usual}, as the setting date_order says`,
    );
    return usual;
  }
  const why =
    found.status === 'ambiguous'
      ? `Dates such as ${shown(found.example)} may have the day or the month first, and no other tells`
      : `Some dates have the day first and some the month: ${shown(found.evidence[0])}, ${shown(found.evidence[1])}`;
  throw new Fault(
    'invalid',
    `${why}. Retry the import with the style {"dates": "day-first"} or {"dates": "month-first"}, or make a mapping or the setting date_order say it.`,
  );
}

const shown = ({ column, text }: Example): string => `"${text}" in ${column}`;

/** Findings of two parts of a file together. */
function merge(a: StyleFindings, b: StyleFindings): StyleFindings {
  return { decimal: mergeOne(a.decimal, b.decimal), dates: mergeOne(a.dates, b.dates) };
}

function mergeOne<F extends StyleFindings[keyof StyleFindings]>(a: F, b: F): F {
  if (a.status === 'contradictory' || b.status === 'absent') return a;
  if (b.status === 'contradictory' || a.status === 'absent') return b;
  if (a.status === 'open' || b.status === 'open') return a.status === 'open' ? b : a;
  if (a.status === 'ambiguous' && b.status === 'ambiguous') return a.example.isUnits ? a : b;
  if (a.status === 'found' && b.status === 'found') {
    return a.value === b.value
      ? a
      : ({ status: 'contradictory', evidence: [a.evidence, b.evidence] } as unknown as F);
  }
  return a.status === 'found' ? a : b;
}

import { Readable } from 'node:stream';
import type { UploadAnswer } from '../../../shared/contracts/api/import.ts';
import { normalHeader } from '../../../shared/contracts/csv/column-mapping.ts';
import { readTime } from '../../../shared/contracts/csv/time-text.ts';
import { Fault } from '../../../shared/contracts/fault.ts';
import { findMapping, fingerprintOf } from '../../../shared/data/imports/import-mapping-store.ts';
import type { Statements } from '../../../shared/data/sql/database.ts';
import { readShopStyle } from '../../../shared/data/sql/shop-style.ts';
import { CATEGORY_DEMAND_COLUMNS } from '../../ingest/category-demand.ts';
import { fileStyle } from '../../ingest/file-style.ts';
import { openBytes } from '../../ingest/open-bytes.ts';
import { QualityReport } from '../../ingest/quality-report.ts';
import { readHeader } from '../../ingest/read-header.ts';
import { RecordReader } from '../../ingest/read-records.ts';
import { readText } from '../../ingest/read-text.ts';
import {
  type HeaderReading,
  type Recognised,
  readingsOf,
  recogniseFormat,
} from '../../ingest/recognise-format.ts';
import { surveyObject } from '../../ingest/survey-object.ts';

/** Uncompressed. A small archive that swells beyond it is not looked at: its import will, in the background. */
const MAX_LOOK_BYTES = 64 * 1024 ** 2;
/** Categories named in the answer. */
const MAX_CATEGORIES = 1_000;
const CATEGORIES: readonly string[] = CATEGORY_DEMAND_COLUMNS.category;
const DATES: readonly string[] = [
  ...CATEGORY_DEMAND_COLUMNS.date,
  'invoicedate',
  'purchase-date',
  'created at',
];

/**
 * What a small file shows at once: its rows, categories and days. Fault `invalid` for one that no format fits, naming
 * the columns that demand by category lacks.
 */
export async function lookAtUpload(
  db: Statements,
  bytes: Uint8Array,
): Promise<Pick<UploadAnswer, 'records_processed' | 'categories_found' | 'date_range'>> {
  const open = () => Readable.from([bytes], { objectMode: false });
  if (await isLongerThan(MAX_LOOK_BYTES, open())) {
    return { records_processed: null, categories_found: [], date_range: { start: null, end: null } };
  }
  const { encoding } = await surveyObject(open());
  const header = await readHeader(readText(open(), encoding));
  const readings = readingsOf(header.text, header.delimiter);
  const mapping = await findMapping(
    db,
    readings.map(({ headers }) => fingerprintOf(headers)),
  );
  const recognised = recognise(readings, mapping);
  const shop = await readShopStyle(db);
  const style = await fileStyle(
    (await readHeader(readText(open(), encoding))).rest,
    recognised,
    { ...shop.always, ...mapping?.style },
    shop.dates,
    new QualityReport(recognised.name, ''),
  );

  const names = recognised.headers.map(normalHeader);
  const category = names.findIndex((name) => CATEGORIES.includes(name));
  const date = names.findIndex((name) => DATES.includes(name));
  const categories = new Set<string>();
  const reader = new RecordReader(recognised.delimiter, header.nextLine, recognised.isQuoted);
  let rows = 0;
  let [start, end]: [string | null, string | null] = [null, null];
  const take = (records: ReturnType<RecordReader['push']>): void => {
    for (const record of records) {
      rows++;
      if (!('fields' in record)) continue;
      const name = record.fields[category]?.trim();
      if (name && categories.size < MAX_CATEGORIES) categories.add(name);
      const day = readTime(record.fields[date] ?? '', style)?.slice(0, 10);
      if (day === undefined) continue;
      if (start === null || day < start) start = day;
      if (end === null || day > end) end = day;
    }
  };
  for await (const piece of header.rest) take(reader.push(piece));
  take(reader.end());
  return { records_processed: rows, categories_found: [...categories].sort(), date_range: { start, end } };
}

async function isLongerThan(limit: number, object: Readable): Promise<boolean> {
  let bytes = 0;
  for await (const piece of openBytes(object)) {
    bytes += piece.length;
    if (bytes > limit) return true;
  }
  return false;
}

function recognise(
  readings: readonly HeaderReading[],
  mapping: Awaited<ReturnType<typeof findMapping>>,
): Recognised {
  try {
    return recogniseFormat(readings, mapping);
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    const seen = readings.reduce((best, one) => (one.headers.length > best.headers.length ? one : best));
    const has = new Set(seen.headers.map(normalHeader));
    const missing = (['date', 'category', 'quantity'] as const).filter(
      (column) => !CATEGORY_DEMAND_COLUMNS[column].some((name) => has.has(name)),
    );
    const details = missing.map((column) => ({
      field: column,
      reason: `is missing: a column ${CATEGORY_DEMAND_COLUMNS[column].join(', ')}`,
    }));
    throw new Fault('invalid', error.message, { cause: error, details });
  }
}

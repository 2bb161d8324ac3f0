import type { Readable } from 'node:stream';
import type { CellStyle } from '../../shared/contracts/csv/cell-style.ts';
import type { TextEncoding } from '../../shared/contracts/csv/text-encoding.ts';
import { Fault } from '../../shared/contracts/fault.ts';
import {
  findMapping,
  fingerprintOf,
  type StoredMapping,
} from '../../shared/data/imports/import-mapping-store.ts';
import { type ImportJob, saveHeaders } from '../../shared/data/imports/import-store.ts';
import type { Database } from '../../shared/data/sql/database.ts';
import { readShopStyle } from '../../shared/data/sql/shop-style.ts';
import { fileStyle } from './file-style.ts';
import { QualityReport } from './quality-report.ts';
import { type Header, readHeader } from './read-header.ts';
import { readText } from './read-text.ts';
import { type HeaderReading, type Recognised, readingsOf, recogniseFormat } from './recognise-format.ts';
import type { Survey } from './survey-object.ts';

/** Headers of a file that no format fits are kept up to here. */
const MAX_HEADERS_CHARS = 20_000;

/** A file that is understood, its rows still to be read. */
export interface OpenedFile {
  readonly recognised: Recognised;
  readonly header: Header;
  readonly style: CellStyle;
  readonly quality: QualityReport;
}

/**
 * Opens the file at its first row: what its columns are, how its cells are written. What a person said of this file
 * comes before what is said of files with these headers, that before what the file shows, that before the shop's
 * settings. `open` opens the object from its start; `onRead` hears of the bytes of the rows.
 */
export async function openFile(
  database: Database,
  open: () => Promise<Readable>,
  job: ImportJob,
  survey: Survey,
  onRead: (bytes: number) => void,
): Promise<OpenedFile> {
  const first = await readHeader(readText(await open(), job.options?.encoding ?? survey.encoding));
  await first.rest.return(undefined);
  const readings = readingsOf(first.text, first.delimiter);
  const mapping = await findMapping(
    database,
    readings.map(({ headers }) => fingerprintOf(headers)),
  );
  const recognised = await recognise(database, job, readings, mapping);
  const quality = new QualityReport(recognised.name, job.started_at);
  const chosenEncoding = job.options?.encoding ?? mapping?.encoding ?? undefined;
  const encoding = chosenEncoding ?? survey.encoding;
  remarkOnEncoding(quality, encoding, chosenEncoding !== undefined);
  if (mapping !== undefined && recognised.file.kind === 'mapped')
    quality.warn('mapping', `columns were read as the mapping "${mapping.name}" says`);
  if (recognised.ignored.length > 0)
    quality.warn('ignored_columns', `not read: ${recognised.ignored.join(', ').slice(0, 500)}`);
  const shop = await readShopStyle(database);
  const chosen = { ...shop.always, ...mapping?.style, ...job.options?.style };
  const style = await fileStyle(
    (await readHeader(readText(await open(), encoding))).rest,
    recognised,
    chosen,
    shop.dates,
    quality,
  );
  const header = await readHeader(readText(await open(), encoding, onRead));
  return { recognised, header, style, quality };
}

async function recognise(
  database: Database,
  job: ImportJob,
  readings: readonly HeaderReading[],
  mapping: StoredMapping | undefined,
): Promise<Recognised> {
  try {
    return recogniseFormat(readings, mapping);
  } catch (error) {
    const { headers } = readings.reduce((best, one) =>
      one.headers.length > best.headers.length ? one : best,
    );
    if (error instanceof Fault && headers.join('').length < MAX_HEADERS_CHARS)
      await saveHeaders(database, job.import_id, headers);
    throw error;
  }
}

function remarkOnEncoding(quality: QualityReport, encoding: TextEncoding, isChosen: boolean): void {
  if (isChosen) quality.warn('encoding', `the text was read as ${encoding}, as was said`);
  else if (encoding === 'windows-1252')
    quality.warn('encoding', 'the text is not UTF-8 and was read as Windows-1252, which includes ISO-8859-1');
  else if (encoding === 'shift_jis')
    quality.warn(
      'encoding',
      'the text is not UTF-8 but valid Shift-JIS with Japanese letters, and was read as that',
    );
  else if (encoding !== 'utf-8')
    quality.warn('encoding', `the text was read as ${encoding}, as its byte order mark says`);
}

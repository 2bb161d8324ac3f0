import type { Backend } from './backend.ts';
import { DataApiError } from './data-api-error.ts';
import { encodeObjects, encodeRecords } from './encode-rows.ts';
import { literalOf } from './literal.ts';
import { optionalObject, parameterMap, type RequestDocument, requiredText } from './request.ts';
import type { QueryResult } from './run-query.ts';
import { renderSql, sqlTemplate } from './sql-template.ts';
import { targetOf } from './target.ts';
import { runOne, withConnection } from './with-connection.ts';

/** ExecuteStatement: one statement, its rows or its counts. */
export async function executeStatement(backend: Backend, request: RequestDocument): Promise<string> {
  const target = targetOf(request, backend.clusters);
  const sql = rendered(requiredText(request, 'sql'), request.parameters);
  const asJson = request.formatRecordsAs === 'JSON';
  const { limits } = backend;
  const resultBytes = asJson ? limits.formattedBytes : limits.responseBytes;
  const result = await withConnection(backend, target, request, (connection, clock) =>
    runOne(connection, clock, sql, { resultBytes, rowBytes: limits.rowBytes }),
  );
  if (!result.columns) {
    const generatedFields = generated(result.insertId);
    return `{"generatedFields":${generatedFields},"numberOfRecordsUpdated":${result.updated}}`;
  }
  if (asJson) return formatted(result);
  const metadata = request.includeResultMetadata
    ? `"columnMetadata":${JSON.stringify(result.columns.map((column) => column.metadata))},`
    : '';
  const records = encodeRecords(result.columns, result.rows, optionalObject(request, 'resultSetOptions'));
  return `{${metadata}"numberOfRecordsUpdated":0,"records":${records}}`;
}

/** BatchExecuteStatement: one change for each set of parameters. */
export async function batchExecuteStatement(backend: Backend, request: RequestDocument): Promise<string> {
  const target = targetOf(request, backend.clusters);
  const sql = requiredText(request, 'sql');
  const sets = request.parameterSets ?? [];
  if (!Array.isArray(sets)) throw new DataApiError('ValidationException', 'parameterSets must be a list');
  if (/^[\s(]*(select|show|explain|describe|with|values|table)\b/i.test(sql))
    throw new DataApiError('BadRequestException', 'Batch update must not be a query');
  const statements = (sets.length === 0 ? [undefined] : sets).map((set) => rendered(sql, set));
  const { rowBytes, responseBytes: resultBytes } = backend.limits;
  const results = await withConnection(backend, target, request, async (connection, clock) => {
    const ids: string[] = [];
    for (const statement of statements) {
      if (clock.isOver) break;
      const result = await runOne(connection, clock, statement, { resultBytes, rowBytes });
      if (result.columns) throw new DataApiError('BadRequestException', 'Batch update must not be a query');
      ids.push(`{"generatedFields":${generated(result.insertId)}}`);
    }
    return ids;
  });
  return `{"updateResults":[${sets.length === 0 ? '' : results.join(',')}]}`;
}

function rendered(sql: string, parameters: unknown): string {
  const given = parameterMap(parameters);
  return renderSql(sqlTemplate(sql), (name) => {
    const parameter = given.get(name);
    if (!parameter) throw new DataApiError('BadRequestException', `Cannot find parameter: ${name}`);
    return literalOf(parameter);
  });
}

const generated = (insertId: string | undefined): string =>
  insertId === undefined ? '[]' : `[{"longValue":${insertId}}]`;

function formatted({ columns, rows }: Extract<QueryResult, { rows: unknown }>): string {
  const labels = new Set(columns.map(({ label }) => label));
  if (labels.size < columns.length)
    throw new DataApiError('UnsupportedResultException', 'Column labels must differ for formatted records');
  const records = encodeObjects(columns, rows);
  return `{"formattedRecords":${JSON.stringify(records)},"numberOfRecordsUpdated":0}`;
}

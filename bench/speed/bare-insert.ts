import { RDSDataClient } from '@aws-sdk/client-rds-data';
import * as z from 'zod';
import { REGION } from '../../infra/local/account.ts';
import type { Stack } from '../../infra/local/start-stack.ts';
import { openDataApiDatabase } from '../../shared/data/sql/data-api-client.ts';
import type { Database } from '../../shared/data/sql/database.ts';
import { jsonChunks } from '../../shared/data/sql/json-chunks.ts';

export interface BareInsert {
  readonly lines: number;
  readonly seconds: number;
  readonly linesPerSecond: number;
}

/** The columns of `sales`, in the order of the JSON arrays. */
const COLUMNS = [
  ['sale_id', 'VARCHAR(128)'],
  ['order_id', 'VARCHAR(64)'],
  ['customer_id', 'VARCHAR(64)'],
  ['product_id', 'VARCHAR(64)'],
  ['location', 'VARCHAR(50)'],
  ['date', 'DATETIME(3)'],
  ['kind', 'VARCHAR(12)'],
  ['quantity_sold', 'INT'],
  ['sale_price', 'DECIMAL(12, 4)'],
  ['discount', 'DECIMAL(12, 4)'],
  ['tax', 'DECIMAL(12, 4)'],
  ['shipping_cost', 'DECIMAL(12, 4)'],
  ['total_amount', 'DECIMAL(14, 4)'],
  ['refunded', 'INT'],
  ['reason', 'VARCHAR(255)'],
  ['cancelled_by', 'VARCHAR(128)'],
  ['content_hash', 'CHAR(12)'],
] as const;

const NAMES = COLUMNS.map(([name]) => name).join(', ');
/** Keeps an answer of the Data API below its limit of 1 MiB. */
const PAGE_ROWS = 2_000;

const Page = z.object({ sale_id: z.string(), line: z.string() });

/**
 * What the database alone can do: the imported sale lines once more, into a table with the columns of `sales` and no
 * key, by the same Data API in the same chunks.
 */
export async function measureBareInsert(stack: Stack): Promise<BareInsert> {
  const database = asMaster(stack);
  const lines = await readLines(database);
  const table = COLUMNS.map(([name, type]) => `${name} ${type}`).join(', ');
  const parsed = COLUMNS.map(([name, type], i) => `${name} ${type} PATH '$[${i}]'`).join(', ');
  await database.write(`CREATE TABLE bench_sales (${table}) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin`);
  const began = performance.now();
  for (const rows of jsonChunks(lines)) {
    await database.write(
      `INSERT INTO bench_sales (${NAMES})
       SELECT ${NAMES} FROM JSON_TABLE(:rows, '$[*]' COLUMNS (${parsed})) AS line`,
      { rows },
    );
  }
  const seconds = (performance.now() - began) / 1000;
  const [written] = await database.select(z.object({ n: z.int() }), 'SELECT COUNT(*) AS n FROM bench_sales');
  if (written!.n !== lines.length) throw new Error(`wrote ${written!.n} of ${lines.length} lines`);
  await database.write('DROP TABLE bench_sales');
  return { lines: lines.length, seconds, linesPerSecond: lines.length / seconds };
}

/** The functions' own user may not make tables. */
export function asMaster({ wiring, edgeUrl }: Stack): Database {
  const cluster = wiring.clusters[0]!;
  return openDataApiDatabase({
    clusterArn: cluster.arn,
    secretArn: cluster.masterSecretArn,
    database: cluster.databaseName,
    client: new RDSDataClient({
      endpoint: edgeUrl,
      region: REGION,
      credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
      maxAttempts: 1,
    }),
  });
}

async function readLines(database: Database): Promise<unknown[][]> {
  const lines: unknown[][] = [];
  for (let after = ''; ; ) {
    const page = await database.select(
      Page,
      `SELECT sale_id, JSON_ARRAY(${NAMES}) AS line
         FROM sales WHERE sale_id > :after ORDER BY sale_id LIMIT ${PAGE_ROWS}`,
      { after },
    );
    for (const { line } of page) lines.push(JSON.parse(line) as unknown[]);
    if (page.length < PAGE_ROWS) return lines;
    after = page.at(-1)!.sale_id;
  }
}

import * as z from 'zod';
import type { Stack } from '../../infra/local/start-stack.ts';
import { asMaster } from '../speed/bare-insert.ts';
import { load, type ReadSpeed, signIn, speedOf } from '../speed/read-speed.ts';

export const CLIENTS = 100;
const REQUESTS = 3_000;

/** Orders through the API to committed stock, and beside them what one bare INSERT costs on the same way. */
export interface OrderLoad {
  readonly manyProducts: ReadSpeed;
  readonly oneProduct: ReadSpeed;
  readonly bareInsert: ReadSpeed;
}

/** 100 clients at a time, each order of one line; the bare INSERT goes through the same Data API, in a commit of its own. */
export async function measureOrders(stack: Stack, home: string): Promise<OrderLoad> {
  const token = await signIn(stack, home);
  const order = (product: string, batch: string) => ({
    url: `${stack.apiUrl}/orders`,
    token,
    clients: CLIENTS,
    body: `{"id":"${batch}-{n}","product_id":"${product}","quantity":1,"unit_price":2.5}`,
  });
  await load({ ...order('PROD{n}', 'warm'), requests: 2 * CLIENTS });
  const manyProducts = await load({ ...order('PROD{n}', 'many'), requests: REQUESTS });
  const oneProduct = await load({ ...order('PROD1', 'one'), requests: REQUESTS });
  return {
    manyProducts: speedOf('an order, each of another product', manyProducts),
    oneProduct: speedOf('an order, all of one product', oneProduct),
    bareInsert: speedOf('a bare INSERT', await bareInserts(stack)),
  };
}

async function bareInserts(stack: Stack) {
  const master = asMaster(stack);
  await master.write(
    'CREATE TABLE bench_order (id VARCHAR(64) NOT NULL PRIMARY KEY, product_id VARCHAR(64) NOT NULL, quantity INT NOT NULL)',
  );
  const cluster = stack.wiring.clusters[0]!;
  const statement = {
    resourceArn: cluster.arn,
    secretArn: cluster.masterSecretArn,
    database: cluster.databaseName,
    sql: "INSERT INTO bench_order (id, product_id, quantity) VALUES (:id, 'PROD1', 1)",
    parameters: [{ name: 'id', value: { stringValue: 'bare-{n}' } }],
  };
  const found = await load({
    url: `${stack.edgeUrl}/Execute`,
    token: 'unsigned',
    clients: CLIENTS,
    requests: REQUESTS,
    body: JSON.stringify(statement),
  });
  const [written] = await master.select(z.object({ n: z.int() }), 'SELECT COUNT(*) AS n FROM bench_order');
  if (written!.n !== REQUESTS) throw new Error(`wrote ${written!.n} of ${REQUESTS} rows`);
  await master.write('DROP TABLE bench_order');
  return found;
}

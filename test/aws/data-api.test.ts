import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  BeginTransactionCommand,
  CommitTransactionCommand,
  ExecuteStatementCommand,
  RDSDataClient,
  RollbackTransactionCommand,
} from '@aws-sdk/client-rds-data';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openDataApiClient } from '../../shared/aws/data-api.ts';
import { asksForRetry, isTransient } from '../../shared/data/sql/data-api-errors.ts';
import { openTestDatabase, type TestDatabase } from '../database.ts';

const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret', sessionToken: 'a token' };

let db: TestDatabase;
/** What a server that is no database answers, or does. */
let answer: (request: IncomingMessage, response: ServerResponse) => void;
const server = createServer((request, response) => answer(request, response));
const address = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
beforeAll(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  db = await openTestDatabase();
});
afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await db.close();
});

const ownTo = (endpoint: string) => openDataApiClient({ endpoint, region: 'eu-central-1', ...credentials });
const theirsTo = (endpoint: string) =>
  new RDSDataClient({ endpoint, region: 'eu-central-1', credentials, maxAttempts: 1 });

test('a request is signed as the SDK signs it', async () => {
  let seen: { headers: IncomingMessage['headers']; url: string | undefined; body: string } | undefined;
  answer = async (request, response) => {
    let body = '';
    for await (const piece of request) body += piece;
    seen = { headers: request.headers, url: request.url, body };
    response.end('{}');
  };
  const own = ownTo(address());
  const input = { resourceArn: 'r', secretArn: 's', sql: 'SELECT "é€"', includeResultMetadata: true };
  await own.send(new ExecuteStatementCommand(input));
  const { headers, url, body } = seen!;
  expect(JSON.parse(body)).toEqual(input);
  const date = headers['x-amz-date'] as string;
  const signer = await theirsTo(address()).config.signer();
  const { hostname, port } = new URL(address());
  const signed = await signer.sign(
    {
      method: 'POST',
      protocol: 'http:',
      hostname,
      port: Number(port),
      path: url!,
      query: {},
      headers: { host: headers.host!, 'content-type': headers['content-type']! },
      body,
      // biome-ignore lint/suspicious/noExplicitAny: the SDK's own type asks for a class that it does not export here
    } as any,
    { signingDate: new Date(date.replace(/^(....)(..)(..T..)(..)(..Z)$/, '$1-$2-$3:$4:$5')) },
  );
  for (const name of ['authorization', 'x-amz-date', 'x-amz-security-token', 'x-amz-content-sha256'])
    expect(headers[name], name).toBe(signed.headers[name]);
});

describe('like the SDK it', () => {
  const both = async (ask: (client: RDSDataClient) => Promise<unknown>) =>
    Promise.all(
      [ownTo(db.env.AWS_ENDPOINT_URL_RDS_DATA), theirsTo(db.env.AWS_ENDPOINT_URL_RDS_DATA)].map((client) =>
        ask(client).then(
          (output) => ({ ...(output as object), $metadata: undefined }),
          (error: Error) => ({ name: error.name, message: error.message }),
        ),
      ),
    );
  const target = () => ({ resourceArn: db.env.DB_CLUSTER_ARN, secretArn: db.env.DB_SECRET_ARN });
  const statement = (sql: string, parameters?: object[]) =>
    new ExecuteStatementCommand({
      ...target(),
      database: db.env.DB_NAME,
      sql,
      includeResultMetadata: true,
      ...(parameters && { parameters: parameters as never }),
    });

  test('takes and answers values of every kind', async () => {
    const parameters = [
      { name: 'text', value: { stringValue: 'é"\n' } },
      { name: 'whole', value: { longValue: 7 } },
      { name: 'real', value: { doubleValue: 0.5 } },
      { name: 'flag', value: { booleanValue: true } },
      { name: 'nothing', value: { isNull: true } },
      { name: 'day', value: { stringValue: '2011-12-09' }, typeHint: 'DATE' },
      { name: 'bytes', value: { blobValue: new Uint8Array([0, 255, 128]) } },
    ];
    const [own, theirs] = await both((client) =>
      client.send(
        statement(
          `SELECT :text AS t, :whole AS w, :real AS r, :flag AS f, :nothing AS n, :day AS d,
                  CAST(:bytes AS BINARY(3)) AS b, CAST(1.50 AS DECIMAL(9, 2)) AS m`,
          parameters,
        ),
      ),
    );
    expect(own).toEqual(theirs);
    const bytes = { blobValue: new Uint8Array([0, 255, 128]) };
    expect(own).toHaveProperty('records.0.6', bytes);
  });

  test('tells errors by their names and words', async () => {
    for (const command of [
      statement('SELECT no FROM nowhere'),
      statement('SELECT :absent'),
      new CommitTransactionCommand({ ...target(), transactionId: 'unknown' }),
      new ExecuteStatementCommand({ ...target(), resourceArn: 'arn:aws:rds:x', sql: 'SELECT 1' }),
    ]) {
      const [own, theirs] = await both((client) => client.send(command as ExecuteStatementCommand));
      expect(own).toHaveProperty('name', expect.stringMatching(/Exception$|Error$/));
      expect(own).toEqual(theirs);
    }
  });

  test('commits and rolls back', async () => {
    const left = async (client: RDSDataClient) => {
      const names: unknown[] = [];
      for (const End of [RollbackTransactionCommand, CommitTransactionCommand]) {
        const { transactionId } = await client.send(
          new BeginTransactionCommand({ ...target(), database: db.env.DB_NAME }),
        );
        const sql = `INSERT INTO setting (name, value) VALUES (CONCAT('x', UUID_SHORT()), 'y')`;
        await client.send(new ExecuteStatementCommand({ ...target(), sql, transactionId }));
        await client.send(new End({ ...target(), transactionId }));
        const { records } = await client.send(statement(`SELECT COUNT(*) FROM setting WHERE value = 'y'`));
        names.push(records![0]![0]!.longValue);
      }
      await client.send(statement(`DELETE FROM setting WHERE value = 'y'`));
      return { names };
    };
    expect(await left(ownTo(db.env.AWS_ENDPOINT_URL_RDS_DATA))).toEqual({ names: [0, 1] });
  });

  test('knows what may be tried again: nothing listens, the connection breaks, a proxy is in the way', async () => {
    const failure = (endpoint: string) =>
      ownTo(endpoint)
        .send(statement('SELECT 1'))
        .then(
          () => undefined,
          (error: unknown) => error,
        );
    expect(isTransient(await failure('http://127.0.0.1:1'))).toBe(true);
    answer = (_, response) => response.destroy();
    expect(isTransient(await failure(address()))).toBe(true);
    answer = (_, response) => {
      response.writeHead(200, { 'content-length': 100 }).write('{"rec');
      setTimeout(() => response.destroy(), 20);
    };
    expect(isTransient(await failure(address()))).toBe(true);
    answer = (_, response) => response.writeHead(502).end('<h1>Bad gateway</h1>');
    expect(isTransient(await failure(address()))).toBe(true);
    answer = (_, response) => response.writeHead(403).end('<h1>Forbidden</h1>');
    expect(isTransient(await failure(address()))).toBe(false);
    answer = (_, response) =>
      response
        .writeHead(429, { 'x-amzn-errortype': 'ThrottlingException:http://aws' })
        .end('{"message":"Rate"}');
    expect(asksForRetry(await failure(address()))).toBe(true);
  });
});

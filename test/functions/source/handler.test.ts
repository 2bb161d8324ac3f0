import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Context, SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { expect, onTestFinished, test, vi } from 'vitest';
import { orderOf } from '../../../functions/api/imports/request-sourcing.ts';
import { openSecrets } from '../../../infra/local/secrets/open-secrets.ts';
import { NewSourcing } from '../../../shared/contracts/api/sourcing.ts';
import { findViolations } from '../../../shared/data/ledger/invariants.ts';
import { findSourcing } from '../../../shared/data/sourcing/sourcing-reads.ts';
import { openTestDatabase } from '../../database.ts';
import { serveEdge } from '../../infra/local/serve-edge.ts';
import { tempFolder } from '../../infra/local/temp-folder.ts';
import { amazonAnswer, things } from './invented-answers.ts';
import { openSearchServer } from './search-server.ts';

const SECRET = 'arn:aws:secretsmanager:eu-west-1:000000000000:secret:SearchKey-a1B2c3';
const ID = 'sourcing-by-the-handle';

/** A bus that takes everything. */
async function openBusServer() {
  const types: string[] = [];
  const server = createServer((request, response) => {
    let text = '';
    request.on('data', (piece) => (text += piece));
    request.on('end', () => {
      const { Entries } = JSON.parse(text) as { Entries: { DetailType: string }[] };
      types.push(...Entries.map((entry) => entry.DetailType));
      response.setHeader('content-type', 'application/x-amz-json-1.1');
      response.end(JSON.stringify({ FailedEntryCount: 0, Entries: Entries.map(() => ({ EventId: 'x' })) }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, types };
}

test('the function takes its key from Secrets Manager as soon as there is one, and makes the products', async () => {
  const db = await openTestDatabase();
  onTestFinished(() => db.close());
  const search = await openSearchServer(() => ({ body: amazonAnswer(things('handled', 12)) }));
  onTestFinished(() => search.close());
  const bus = await openBusServer();
  const secrets = openSecrets({ directory: tempFolder() });
  secrets.define({ arn: SECRET, template: {}, generateKey: undefined });
  const environment = {
    ...db.env,
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_ENDPOINT_URL_SECRETS_MANAGER: await serveEdge(secrets),
    AWS_ENDPOINT_URL_EVENTBRIDGE: bus.url,
    EVENT_BUS_NAME: 'bus',
    LOG_LEVEL: 'ERROR',
    SOURCE_QUEUE_URL: 'http://127.0.0.1:9/000000000000/source',
    SEARCH_KEY_SECRET_ARN: SECRET,
    SEARCH_API_URL: search.url,
    SEARCHES_PER_SECOND: '50',
  };
  for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
  onTestFinished(() => void vi.unstubAllEnvs());
  const { handler } = await import('../../../functions/source/handler.ts');

  const deliver = async (sourcingId: string): Promise<SQSBatchResponse> => {
    const order = await orderOf(db.database, sourcingId, NewSourcing.parse({ categories: ['Handled'] }));
    const body = JSON.stringify({
      type: 'SourceRequested',
      sourcingId,
      requestedBy: 'planner',
      order,
      position: 0,
    });
    const record = { messageId: sourcingId, body, attributes: { ApproximateReceiveCount: '1' } };
    const context = { getRemainingTimeInMillis: () => 60_000, awsRequestId: 'r' };
    return (await handler(
      { Records: [record] } as unknown as SQSEvent,
      context as unknown as Context,
    )) as SQSBatchResponse;
  };

  const early = 'sourcing-without-a-key';
  expect(await deliver(early)).toEqual({ batchItemFailures: [] });
  expect(await findSourcing(db.database, early)).toMatchObject({
    status: 'done',
    searches: 0,
    categories: [{ status: 'skipped', reason: expect.stringMatching(/^No key for the search API is set/) }],
  });
  expect(search.calls).toHaveLength(0);

  secrets.put(SECRET, 'the-key');
  expect(await deliver(ID)).toEqual({ batchItemFailures: [] });
  expect(search.calls.map(({ parameters }) => parameters.api_key)).toEqual(['the-key']);
  const report = await findSourcing(db.database, ID);
  expect(report).toMatchObject({ status: 'done', searches: 1 });
  expect(report!.products).toHaveLength(10);
  expect(bus.types).toEqual(['sourcing.completed', 'sourcing.completed']);
  expect(await findViolations(db.database)).toEqual([]);
});

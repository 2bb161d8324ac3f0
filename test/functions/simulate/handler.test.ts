import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Context } from 'aws-lambda';
import { expect, onTestFinished, test, vi } from 'vitest';
import { stageConfig } from '../../../infra/config.ts';
import { findSimulation } from '../../../shared/data/simulation/simulation-store.ts';
import { openTestDatabase } from '../../database.ts';

/** A bus that takes every event. */
async function openBus(): Promise<string> {
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (part) => (body += part));
    request.on('end', () => {
      const { Entries } = JSON.parse(body) as { Entries: unknown[] };
      response.setHeader('content-type', 'application/x-amz-json-1.1');
      response.end(JSON.stringify({ FailedEntryCount: 0, Entries: Entries.map(() => ({ EventId: 'e' })) }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

test('one function takes messages of its queue, and invocations by hand', async () => {
  const db = await openTestDatabase();
  onTestFinished(() => db.close());
  const environment = {
    ...db.env,
    AWS_ENDPOINT_URL_EVENTBRIDGE: await openBus(),
    EVENT_BUS_NAME: 'bus',
    LOG_LEVEL: 'ERROR',
    SIMULATE_QUEUE_URL: 'http://127.0.0.1:9/000000000000/simulate',
    DELIVERIES: '3',
    SIMULATIONS: 'off',
  };
  for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
  onTestFinished(() => void vi.unstubAllEnvs());
  const { handler } = await import('../../../functions/simulate/handler.ts');
  const context = { getRemainingTimeInMillis: () => 300_000, awsRequestId: 'r' } as unknown as Context;

  const message = {
    type: 'WorldRequested',
    simulationId: 'shop',
    config: { SIMULATION_DAYS: 3 },
    requestedBy: 'planner',
  };
  const record = {
    messageId: 'm',
    body: JSON.stringify(message),
    attributes: { ApproximateReceiveCount: '1' },
  };
  expect(await handler({ Records: [record] }, context)).toEqual({ batchItemFailures: [] });
  expect(await findSimulation(db.database, 'shop')).toMatchObject({ status: 'done', days_done: 3 });

  expect(await handler({ function: 'run', config: {} }, context)).toMatchObject({ error: 'forbidden' });
  for (const event of [{}, null, 'run', { Records: 1 }])
    expect(await handler(event, context)).toMatchObject({
      error: 'invalid',
      detail: expect.stringContaining('{function: run | metric | forecast'),
    });
  expect(
    await handler({ function: 'metric', config: { METRIC_OPERATION: 'product_counts' } }, context),
  ).toMatchObject({ operation: 'product_counts', catalogue: 10 });
});

test('a stage whose ledger is real lets nothing be invented', () => {
  expect([stageConfig('dev').simulations, stageConfig('prod').simulations]).toEqual(['on', 'off']);
});

import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { openQueue } from '../../shared/aws/queue.ts';

/** What SQS takes in one call. */
const LIMIT_BYTES = 1_048_576;
interface Entry {
  readonly Id: string;
  readonly MessageBody: string;
}

/** Every batch that arrived; entries named in `refuse` are refused once. */
const batches: Entry[][] = [];
const refuse = new Set<string>();
const server = createServer(async (request, response) => {
  const pieces: Buffer[] = [];
  for await (const piece of request) pieces.push(piece as Buffer);
  const { Entries } = JSON.parse(Buffer.concat(pieces).toString()) as { Entries: Entry[] };
  batches.push(Entries);
  const Failed = Entries.filter(({ MessageBody }) => refuse.delete(MessageBody)).map(({ Id }) => ({
    Id,
    SenderFault: false,
    Code: 'InternalError',
    Message: 'busy',
  }));
  response.writeHead(200, { 'content-type': 'application/x-amz-json-1.0' });
  response.end(JSON.stringify({ Successful: [], Failed }));
});
let client: SQSClient;
beforeAll(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  client = new SQSClient({
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    region: 'eu-central-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
});
afterAll(() => {
  client.destroy();
  server.closeAllConnections();
  server.close();
});
beforeEach(() => {
  batches.length = 0;
  refuse.clear();
});

const queue = () => openQueue('http://queue.example/work', client);
const bodies = () => batches.map((batch) => batch.map(({ MessageBody }) => MessageBody));

test('messages travel ten at a time, in their order', async () => {
  const messages = Array.from({ length: 23 }, (_, n) => n);
  await queue().send(messages);
  expect(batches.map((batch) => batch.length)).toEqual([10, 10, 3]);
  expect(bodies().flat().map(Number)).toEqual(messages);
});

test('no batch is larger than a call may be, in bytes and not in characters', async () => {
  await queue().send(['a'.repeat(400_000), 'b'.repeat(400_000), '茶'.repeat(150_000)]);
  expect(bodies().flat()).toHaveLength(3);
  for (const batch of bodies()) {
    expect(batch.reduce((sum, body) => sum + Buffer.byteLength(body), 0)).toBeLessThanOrEqual(LIMIT_BYTES);
  }
});

test('what is refused is sent again, and nothing else', async () => {
  refuse.add('2');
  await queue().send([1, 2, 3]);
  expect(bodies()).toEqual([['1', '2', '3'], ['2']]);
});

test('nothing to send asks nothing', async () => {
  await queue().send([]);
  expect(batches).toEqual([]);
});

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CopyObjectCommand, DeleteObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { createPresignedPost } from '@aws-sdk/s3-presigned-post';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { openObjects } from '../../../infra/local/s3/open-objects.ts';
import { type EventRecord, standUpObjects } from './s3-stand.ts';

const notification = (id: string, event: string, prefix = '', suffix = '') => ({
  id,
  events: [`s3:${event}`],
  prefix,
  suffix,
  targetArn: `arn:aws:sqs:eu-central-1:000000000000:${id}`,
});

let stand: Awaited<ReturnType<typeof standUpObjects>>;
beforeAll(async () => {
  stand = await standUpObjects([
    notification('drops', 'ObjectCreated:*', 'drop/', '.csv'),
    notification('copies', 'ObjectCreated:Copy'),
    notification('removals', 'ObjectRemoved:*'),
  ]);
});
afterAll(() => stand.close());
beforeEach(() => {
  stand.delivered.length = 0;
});

const put = (Key: string, Body = 'a,b\n') =>
  stand.client.send(new PutObjectCommand({ Bucket: 'data', Key, Body }));
const deliveredTo = () => stand.delivered.map(({ targetArn }) => targetArn.split(':').at(-1));

test('a record has version 2.1, the URL-encoded key with + for spaces and / kept, size, eTag and sequencer', async () => {
  const { ETag } = await put('drop/May & June+1 (ä).csv');
  await expect.poll(() => stand.delivered.length).toBe(1);
  const [{ targetArn, record }] = stand.delivered as [(typeof stand.delivered)[0]];
  expect(targetArn).toBe('arn:aws:sqs:eu-central-1:000000000000:drops');
  expect(record).toMatchObject({
    eventVersion: '2.1',
    eventSource: 'aws:s3',
    awsRegion: 'eu-central-1',
    eventName: 'ObjectCreated:Put',
    s3: {
      configurationId: 'drops',
      bucket: { name: 'data', arn: 'arn:aws:s3:::data' },
      object: { key: 'drop/May+%26+June%2B1+%28%C3%A4%29.csv', size: 4, eTag: ETag?.replaceAll('"', '') },
    },
  });
  expect(record.s3.object.sequencer).toMatch(/^[0-9A-F]{18}$/);
});

test('only matching event names, prefixes and suffixes are told, and each of them is', async () => {
  await put('elsewhere/a.csv');
  await put('drop/a.txt');
  await put('drop/a.csv');
  const copy = { Bucket: 'data', Key: 'drop/b.csv', CopySource: 'data/drop/a.csv' };
  await stand.client.send(new CopyObjectCommand(copy));
  await stand.client.send(new DeleteObjectCommand({ Bucket: 'data', Key: 'drop/a.csv' }));
  await expect.poll(() => stand.delivered.length).toBe(4);
  expect(deliveredTo()).toEqual(['drops', 'drops', 'copies', 'removals']);
  const names = stand.delivered.map(({ record }) => record.eventName);
  expect(names).toEqual([
    'ObjectCreated:Put',
    'ObjectCreated:Copy',
    'ObjectCreated:Copy',
    'ObjectRemoved:Delete',
  ]);
  expect(stand.delivered[3]?.record.s3.object).not.toHaveProperty('size');
  const sequencers = stand.delivered.map(({ record }) => record.s3.object.sequencer);
  expect(sequencers).toEqual([...sequencers].sort());
});

test('forms and uploads in parts are told by their own names', async () => {
  const { url, fields } = await createPresignedPost(stand.client, { Bucket: 'data', Key: 'drop/form.csv' });
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  form.append('file', new File(['a'], 'a.csv'));
  await fetch(url, { method: 'POST', body: form });
  const params = { Bucket: 'data', Key: 'drop/parts.csv', Body: Buffer.alloc(6 * 1_048_576) };
  await new Upload({ client: stand.client, params }).done();
  await expect.poll(() => stand.delivered.length).toBe(2);
  const names = stand.delivered.map(({ record }) => record.eventName);
  expect(names).toEqual(['ObjectCreated:Post', 'ObjectCreated:CompleteMultipartUpload']);
});

test('a delivery that fails is tried again, and what is left over comes at the next start', async () => {
  let tries = 0;
  await stand.reopen(async () => {
    tries += 1;
    throw new Error('the queue is not there');
  });
  await put('drop/retried.csv');
  await expect.poll(() => tries, { timeout: 20_000 }).toBeGreaterThan(2);
  expect(stand.delivered).toEqual([]);
  await stand.reopen();
  await expect
    .poll(() => stand.delivered.map(({ record }) => record.s3.object.key))
    .toEqual(['drop/retried.csv']);
  await stand.reopen();
  await put('drop/after.csv');
  await expect.poll(() => stand.delivered.length).toBe(2);
});

test('a target that fails holds up no other', async () => {
  const reached: string[] = [];
  await stand.reopen(async (targetArn, event) => {
    if (targetArn.endsWith(':drops')) throw new Error('the queue is not there');
    reached.push((event as { Records: [EventRecord] }).Records[0].eventName);
  });
  for (let index = 0; index < 20; index += 1) await put(`drop/${index}.csv`);
  await stand.client.send(new DeleteObjectCommand({ Bucket: 'data', Key: 'drop/0.csv' }));
  await expect.poll(() => reached).toEqual(['ObjectRemoved:Delete']);
  await stand.reopen();
  await expect.poll(() => stand.delivered.length).toBe(20);
});

test('no notification of an answered PUT is lost by a kill -9', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'killed-'));
  const bucket = {
    name: 'data',
    arn: 'arn:aws:s3:::data',
    notifications: [notification('drops', 'ObjectCreated:*')],
  };
  // This process stores, never gets to deliver, and is killed.
  const script = `
    import { createServer } from 'node:http';
    import { openObjects } from '${new URL('../../../infra/local/s3/open-objects.ts', import.meta.url).href}';
    const objects = openObjects({ directory: process.argv[1], deliver: () => new Promise(() => {}), region: 'r' });
    objects.define(${JSON.stringify(bucket)});
    const server = createServer((request, response) => objects.handle(request, response));
    server.listen(0, '127.0.0.1', () => console.log(server.address().port));`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script, directory]);
  try {
    const [port] = await once(child.stdout, 'data');
    const url = `http://127.0.0.1:${String(port).trim()}/data`;
    for (let index = 0; index < 20; index += 1) {
      expect((await fetch(`${url}/k${index}`, { method: 'PUT', body: 'x' })).status).toBe(200);
    }
    child.kill('SIGKILL');
    await once(child, 'exit');
    const keys = new Set<string>();
    const objects = openObjects({
      directory,
      region: 'r',
      async deliver(_, event) {
        keys.add((event as { Records: [EventRecord] }).Records[0].s3.object.key);
      },
    });
    objects.define(bucket);
    await expect.poll(() => keys.size).toBe(20);
    await objects.close();
  } finally {
    child.kill('SIGKILL');
    rmSync(directory, { recursive: true, force: true });
  }
});

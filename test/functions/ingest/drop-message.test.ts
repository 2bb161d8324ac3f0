import { expect, test } from 'vitest';
import { DropMessage } from '../../../functions/ingest/drop-message.ts';

const record = (key: string) => ({
  eventName: 'ObjectCreated:Put',
  s3: { bucket: { name: 'data' }, object: { key, size: 12, eTag: 'e1', sequencer: '1' } },
});

test("S3's notification names the files, their keys decoded", () => {
  const message = { Records: [record('drop/M%C3%A4rz+sales%2B1.csv')] };
  expect(DropMessage.parse(message)).toEqual([
    { bucket: 'data', key: 'drop/März sales+1.csv', etag: 'e1', size: 12 },
  ]);
});

test('a file that was handed over is one file', () => {
  const drop = { bucket: 'data', key: 'drop/a b.csv', etag: 'e1', size: 12 };
  expect(DropMessage.parse(drop)).toEqual([drop]);
});

test("S3's test of the notification names no file", () => {
  expect(DropMessage.parse({ Service: 'Amazon S3', Event: 's3:TestEvent', Bucket: 'data' })).toEqual([]);
});

test('anything else is refused, so that it ends in the dead letters', () => {
  expect(DropMessage.safeParse({ hello: 'world' }).success).toBe(false);
  expect(DropMessage.safeParse({ Records: [{}] }).success).toBe(false);
});

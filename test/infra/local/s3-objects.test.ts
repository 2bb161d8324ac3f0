import { createHash } from 'node:crypto';
import { request } from 'node:http';
import { Readable } from 'node:stream';
import { buffer, text } from 'node:stream/consumers';
import {
  ChecksumAlgorithm,
  CopyObjectCommand,
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetBucketLocationCommand,
  GetBucketNotificationConfigurationCommand,
  GetObjectCommand,
  type GetObjectCommandInput,
  GetObjectTaggingCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListBucketsCommand,
  ListObjectsCommand,
  ListObjectsV2Command,
  PutBucketNotificationConfigurationCommand,
  PutObjectCommand,
  type PutObjectCommandInput,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { standUpObjects } from './s3-stand.ts';

let stand: Awaited<ReturnType<typeof standUpObjects>>;
beforeAll(async () => {
  stand = await standUpObjects();
});
afterAll(() => stand.close());

const put = (
  Key: string,
  Body: NonNullable<PutObjectCommandInput['Body']>,
  more: Partial<PutObjectCommandInput> = {},
) => stand.client.send(new PutObjectCommand({ Bucket: 'data', Key, Body, ...more }));

const get = async (Key: string, more: Partial<GetObjectCommandInput> = {}) => {
  const answer = await stand.client.send(new GetObjectCommand({ Bucket: 'data', Key, ...more }));
  return { ...answer, text: await text(answer.Body as Readable) };
};

const md5 = (bytes: string | Buffer) => createHash('md5').update(bytes).digest('hex');

describe('buckets', () => {
  test('CreateBucket succeeds', async () => {
    await stand.client.send(new CreateBucketCommand({ Bucket: 'made-here' }));
    const { Buckets } = await stand.client.send(new ListBucketsCommand({}));
    expect(Buckets?.map(({ Name }) => Name)).toEqual(['data', 'made-here']);
    await stand.client.send(new HeadBucketCommand({ Bucket: 'made-here' }));
    const again = stand.client.send(new CreateBucketCommand({ Bucket: 'made-here' }));
    await expect(again).rejects.toMatchObject({ name: 'BucketAlreadyOwnedByYou' });
    const where = await stand.client.send(new GetBucketLocationCommand({ Bucket: 'data' }));
    expect(where.LocationConstraint).toBe('eu-central-1');
  });

  test('a missing bucket throws NoSuchBucket, and only an empty one can be removed', async () => {
    await expect(get('x', { Bucket: 'missing' })).rejects.toMatchObject({ name: 'NoSuchBucket' });
    await expect(put('x', 'x', { Bucket: 'missing' })).rejects.toMatchObject({ name: 'NoSuchBucket' });
    const head = stand.client.send(new HeadBucketCommand({ Bucket: 'missing' }));
    await expect(head).rejects.toMatchObject({ name: 'NotFound' });
    await stand.client.send(new CreateBucketCommand({ Bucket: 'short-lived' }));
    await put('x', 'x', { Bucket: 'short-lived' });
    const remove = () => stand.client.send(new DeleteBucketCommand({ Bucket: 'short-lived' }));
    await expect(remove()).rejects.toMatchObject({ name: 'BucketNotEmpty' });
    await stand.client.send(new DeleteObjectCommand({ Bucket: 'short-lived', Key: 'x' }));
    await remove();
  });

  test('PutBucketNotificationConfiguration is accepted and stores nothing', async () => {
    const NotificationConfiguration = {
      QueueConfigurations: [{ QueueArn: 'arn:aws:sqs:r:0:q', Events: ['s3:ObjectCreated:*' as const] }],
    };
    const input = { Bucket: 'data', NotificationConfiguration };
    await stand.client.send(new PutBucketNotificationConfigurationCommand(input));
    const read = await stand.client.send(new GetBucketNotificationConfigurationCommand({ Bucket: 'data' }));
    expect(read.QueueConfigurations ?? []).toEqual([]);
  });
});

describe('put and get', () => {
  test('PutObject of a string reads back equal, with content type, user metadata and MD5 ETag', async () => {
    const sent = await put('plain.txt', 'Größe 漢字', {
      ContentType: 'text/plain; charset=utf-8',
      ContentEncoding: 'identity',
      CacheControl: 'no-store',
      Metadata: { origin: 'till 7' },
    });
    expect(sent.ETag).toBe(`"${md5('Größe 漢字')}"`);
    const read = await get('plain.txt');
    expect(read.text).toBe('Größe 漢字');
    expect(read.ETag).toBe(sent.ETag);
    expect(read).toMatchObject({
      ContentType: 'text/plain; charset=utf-8',
      ContentEncoding: 'identity',
      CacheControl: 'no-store',
      Metadata: { origin: 'till 7' },
    });
    expect(sent.ChecksumCRC32).toBeTruthy();
  });

  test.each([
    'with space and + plus & amp',
    '../../escape.txt',
    '/leading/slash',
    'double//slash',
    './dot/../..',
    'unicode/Größe-漢字-🛒',
    'per%20cent%2F',
    'quote\'"<>',
    'k'.repeat(1_024),
  ])('a key may be odd: %s', async (key) => {
    await put(key, key);
    expect((await get(key)).text).toBe(key);
    const list = await stand.client.send(new ListObjectsV2Command({ Bucket: 'data', Prefix: key }));
    expect(list.Contents?.map(({ Key }) => Key)).toEqual([key]);
    await stand.client.send(new DeleteObjectCommand({ Bucket: 'data', Key: key }));
    await expect(get(key)).rejects.toMatchObject({ name: 'NoSuchKey' });
  });

  test('a key of more than 1024 bytes is refused', async () => {
    await expect(put('é'.repeat(513), 'x')).rejects.toMatchObject({ name: 'KeyTooLongError' });
  });

  test('PutObject of a stream with ContentLength reads back equal', async () => {
    const bytes = Buffer.from(Array.from({ length: 300_000 }, (_, at) => (at * 7_919) % 251));
    const pieces = [bytes.subarray(0, 5), bytes.subarray(5, 100_000), bytes.subarray(100_000)];
    await put('stream', Readable.from(pieces), { ContentLength: bytes.length });
    const { Body, ContentLength, ContentEncoding } = await stand.client.send(
      new GetObjectCommand({ Bucket: 'data', Key: 'stream' }),
    );
    expect(ContentLength).toBe(bytes.length);
    expect(ContentEncoding).toBeUndefined();
    expect(bytes.equals(await buffer(Body as Readable))).toBe(true);
  });

  test.each(Object.values(ChecksumAlgorithm).filter((name) => /^(CRC|SHA1|SHA256)/.test(name)))(
    'the checksum %s of the client is verified, as a header and as a trailer',
    async (algorithm) => {
      const bytes = Buffer.from('checked '.repeat(20_000));
      await put('checked', bytes, { ChecksumAlgorithm: algorithm });
      // The client itself checks what it reads against the checksum that was stored.
      expect((await get('checked', { ChecksumMode: 'ENABLED' })).text).toBe(bytes.toString());
      const stream = Readable.from([bytes]);
      await put('checked', stream, { ChecksumAlgorithm: algorithm, ContentLength: bytes.length });
      const read = await get('checked', { ChecksumMode: 'ENABLED' });
      expect(read.text).toBe(bytes.toString());
      expect(read[`Checksum${algorithm}` as 'ChecksumCRC32']).toBeTruthy();
    },
  );

  test('a body that does not agree with its digest is refused and leaves nothing', async () => {
    const files = stand.blobCount();
    const wrong = Buffer.alloc(16).toString('base64');
    await expect(put('bad', 'x', { ContentMD5: wrong })).rejects.toMatchObject({ name: 'BadDigest' });
    await expect(put('bad', 'x', { ContentMD5: 'AAAA' })).rejects.toMatchObject({ name: 'InvalidDigest' });
    const crc = put('bad', 'x', { ChecksumCRC32: 'AAAAAA==' });
    await expect(crc).rejects.toMatchObject({ name: 'BadDigest' });
    const trailer = await fetch(`${stand.served.url}/data/bad`, {
      method: 'PUT',
      headers: {
        'x-amz-content-sha256': 'STREAMING-UNSIGNED-PAYLOAD-TRAILER',
        'x-amz-trailer': 'x-amz-checksum-crc32',
        'x-amz-decoded-content-length': '3',
      },
      body: '3\r\nabc\r\n0\r\nx-amz-checksum-crc32:AAAAAA==\r\n\r\n',
    });
    expect([trailer.status, await trailer.text()]).toEqual([
      400,
      expect.stringContaining('<Code>BadDigest</Code>'),
    ]);
    await expect(get('bad')).rejects.toMatchObject({ name: 'NoSuchKey' });
    expect(stand.blobCount()).toBe(files);
  });

  test('signed chunks are decoded', async () => {
    const signature = `;chunk-signature=${'0'.repeat(64)}`;
    const answer = await fetch(`${stand.served.url}/data/signed`, {
      method: 'PUT',
      headers: {
        'content-encoding': 'aws-chunked,gzip',
        'x-amz-content-sha256': 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD',
        'x-amz-decoded-content-length': '8',
      },
      body: `5${signature}\r\nab\r\nc\r\n3${signature}\r\ndef\r\n0${signature}\r\n\r\n`,
    });
    expect(answer.status).toBe(200);
    const read = await stand.client.send(new GetObjectCommand({ Bucket: 'data', Key: 'signed' }));
    expect(await text(read.Body as Readable)).toBe('ab\r\ncdef');
    expect(read.ContentEncoding).toBe('gzip');
  });

  test('a client that hangs up in the middle of a body leaves nothing', async () => {
    const files = stand.blobCount();
    const url = `${stand.served.url}/data/cut-off`;
    const cut = request(url, { method: 'PUT', headers: { 'content-length': 1_000_000 } });
    cut.on('error', () => {});
    cut.write('the beginning');
    await expect.poll(() => stand.blobCount()).toBe(files + 1);
    cut.destroy();
    await expect.poll(() => stand.blobCount()).toBe(files);
    await expect(get('cut-off')).rejects.toMatchObject({ name: 'NoSuchKey' });
  });

  test('GetObject of a missing key throws NoSuchKey', async () => {
    await expect(get('missing')).rejects.toMatchObject({
      name: 'NoSuchKey',
      $metadata: { httpStatusCode: 404 },
    });
  });

  test('HeadObject of a missing key throws NotFound, with an empty body', async () => {
    const head = stand.client.send(new HeadObjectCommand({ Bucket: 'data', Key: 'missing' }));
    await expect(head).rejects.toMatchObject({ name: 'NotFound' });
    const bare = await fetch(`${stand.served.url}/data/missing`, { method: 'HEAD' });
    expect([bare.status, await bare.text()]).toEqual([404, '']);
  });

  test('GetObject with a Range returns exactly those bytes', async () => {
    await put('digits', '0123456789');
    const ranges = [
      ['bytes=2-4', '234'],
      ['bytes=7-', '789'],
      ['bytes=-2', '89'],
      ['bytes=8-99', '89'],
    ] as const;
    for (const [Range, expected] of ranges) {
      const read = await get('digits', { Range });
      expect(read.text).toBe(expected);
      expect(read.$metadata.httpStatusCode).toBe(206);
    }
    expect((await get('digits', { Range: 'bytes=2-4' })).ContentRange).toBe('bytes 2-4/10');
    const beyond = get('digits', { Range: 'bytes=10-' });
    await expect(beyond).rejects.toMatchObject({ name: 'InvalidRange', $metadata: { httpStatusCode: 416 } });
  });

  test('conditions decide on reads and writes', async () => {
    const { ETag } = await put('conditional', 'one');
    const unchanged = get('conditional', { IfNoneMatch: ETag });
    await expect(unchanged).rejects.toMatchObject({ $metadata: { httpStatusCode: 304 } });
    await expect(get('conditional', { IfMatch: '"other"' })).rejects.toMatchObject({
      name: 'PreconditionFailed',
    });
    const taken = put('conditional', 'two', { IfNoneMatch: '*' });
    await expect(taken).rejects.toMatchObject({ name: 'PreconditionFailed' });
    await put('conditional', 'two', { IfMatch: ETag });
    expect((await get('conditional')).text).toBe('two');
    await put('conditional-new', 'one', { IfNoneMatch: '*' });
  });

  test('a 20 MB object keeps its MD5, and a replaced one gives its bytes back', async () => {
    const bytes = Buffer.alloc(20_000_000, 'twenty megabytes ');
    const files = stand.blobCount();
    await put('large', bytes);
    const { Body, ETag } = await stand.client.send(new GetObjectCommand({ Bucket: 'data', Key: 'large' }));
    expect(ETag).toBe(`"${md5(bytes)}"`);
    expect(md5(await buffer(Body as Readable))).toBe(md5(bytes));
    await put('large', 'small now');
    expect(stand.blobCount()).toBe(files + 1);
  });

  test('a read that has begun ends with the bytes it began with, whatever happens to the object', async () => {
    const bytes = Buffer.alloc(8_000_000, 'old ');
    await put('replaced', bytes);
    const { Body } = await stand.client.send(new GetObjectCommand({ Bucket: 'data', Key: 'replaced' }));
    await put('replaced', 'new');
    await stand.client.send(new DeleteObjectCommand({ Bucket: 'data', Key: 'replaced' }));
    expect(md5(await buffer(Body as Readable))).toBe(md5(bytes));
  });

  test('objects outlive the process; what an interrupted write left does not', async () => {
    await put('lasting', 'still here', { Metadata: { a: 'b' } });
    const files = stand.blobCount();
    const { writeFileSync } = await import('node:fs');
    writeFileSync(`${stand.directory}/blobs/half-written`, 'x');
    await stand.reopen();
    expect(stand.blobCount()).toBe(files);
    expect(await get('lasting')).toMatchObject({ text: 'still here', Metadata: { a: 'b' } });
  });
});

describe('copy, delete and list', () => {
  const source = (key: string) => `data/${encodeURIComponent(key)}`;

  test('CopyObject keeps content and metadata, or replaces the metadata', async () => {
    await put('from +1', 'copied', { ContentType: 'text/csv', Metadata: { a: '1' } });
    const CopySource = source('from +1');
    const copy = await stand.client.send(new CopyObjectCommand({ Bucket: 'data', Key: 'to', CopySource }));
    expect(copy.CopyObjectResult?.ETag).toBe(`"${md5('copied')}"`);
    expect(await get('to')).toMatchObject({ text: 'copied', ContentType: 'text/csv', Metadata: { a: '1' } });
    const MetadataDirective = 'REPLACE';
    const changed = {
      Bucket: 'data',
      Key: 'from +1',
      CopySource,
      MetadataDirective,
      Metadata: { b: '2' },
    } as const;
    await stand.client.send(new CopyObjectCommand(changed));
    expect((await get('from +1')).Metadata).toEqual({ b: '2' });
    const missing = new CopyObjectCommand({ Bucket: 'data', Key: 'x', CopySource: source('missing') });
    await expect(stand.client.send(missing)).rejects.toMatchObject({ name: 'NoSuchKey' });
    await stand.client.send(new DeleteObjectCommand({ Bucket: 'data', Key: 'from +1' }));
    expect((await get('to')).text).toBe('copied');
  });

  test('DeleteObject and DeleteObjects work and report', async () => {
    for (const key of ['del/a', 'del/b <&>', 'del/c']) await put(key, key);
    await stand.client.send(new DeleteObjectCommand({ Bucket: 'data', Key: 'del/never-there' }));
    const Objects = ['del/a', 'del/b <&>', 'del/never-there'].map((Key) => ({ Key }));
    const gone = await stand.client.send(new DeleteObjectsCommand({ Bucket: 'data', Delete: { Objects } }));
    expect(gone.Deleted?.map(({ Key }) => Key)).toEqual(Objects.map(({ Key }) => Key));
    const left = await stand.client.send(new ListObjectsV2Command({ Bucket: 'data', Prefix: 'del/' }));
    expect(left.Contents?.map(({ Key }) => Key)).toEqual(['del/c']);
  });

  test('ListObjectsV2 handles Prefix, Delimiter, MaxKeys, IsTruncated and NextContinuationToken', async () => {
    const Bucket = 'listed';
    await stand.client.send(new CreateBucketCommand({ Bucket }));
    const keys = ['a', 'b/1', 'b/2', 'b/c/3', 'd/4', 'e', 'Z', 'ä'];
    for (const key of keys) await put(key, 'x', { Bucket });
    const list = (more: object) => stand.client.send(new ListObjectsV2Command({ Bucket, ...more }));
    const all = await list({});
    expect(all.Contents?.map(({ Key }) => Key)).toEqual(['Z', 'a', 'b/1', 'b/2', 'b/c/3', 'd/4', 'e', 'ä']);
    expect(all).toMatchObject({ KeyCount: 8, IsTruncated: false });

    const grouped = await list({ Delimiter: '/' });
    expect(grouped.Contents?.map(({ Key }) => Key)).toEqual(['Z', 'a', 'e', 'ä']);
    expect(grouped.CommonPrefixes?.map(({ Prefix }) => Prefix)).toEqual(['b/', 'd/']);
    const below = await list({ Delimiter: '/', Prefix: 'b/' });
    expect(below.Contents?.map(({ Key }) => Key)).toEqual(['b/1', 'b/2']);
    expect(below.CommonPrefixes?.map(({ Prefix }) => Prefix)).toEqual(['b/c/']);

    for (const Delimiter of [undefined, '/']) {
      const found: (string | undefined)[] = [];
      let ContinuationToken: string | undefined;
      do {
        const page = await list({ Delimiter, MaxKeys: 1, ContinuationToken });
        expect(page.KeyCount).toBe(1);
        found.push(page.Contents?.[0]?.Key ?? page.CommonPrefixes?.[0]?.Prefix);
        ContinuationToken = page.NextContinuationToken;
        expect(page.IsTruncated).toBe(ContinuationToken !== undefined);
      } while (ContinuationToken !== undefined);
      const expected =
        Delimiter === undefined
          ? ['Z', 'a', 'b/1', 'b/2', 'b/c/3', 'd/4', 'e', 'ä']
          : ['Z', 'a', 'b/', 'd/', 'e', 'ä'];
      expect(found).toEqual(expected);
    }
    const later = await list({ StartAfter: 'b/2' });
    expect(later.Contents?.map(({ Key }) => Key)).toEqual(['b/c/3', 'd/4', 'e', 'ä']);
    expect(await list({ MaxKeys: 0 })).toMatchObject({ KeyCount: 0, IsTruncated: false });
  });

  test('ListObjects of the first version pages by marker', async () => {
    const first = await stand.client.send(
      new ListObjectsCommand({ Bucket: 'listed', Delimiter: '/', MaxKeys: 3 }),
    );
    expect(first).toMatchObject({ IsTruncated: true, NextMarker: 'b/' });
    const next = { Bucket: 'listed', Delimiter: '/', Marker: first.NextMarker };
    const second = await stand.client.send(new ListObjectsCommand(next));
    expect(second.CommonPrefixes?.map(({ Prefix }) => Prefix)).toEqual(['d/']);
    expect(second.Contents?.map(({ Key }) => Key)).toEqual(['e', 'ä']);
  });

  test('tags are none; what is absent says so instead of passing for something else', async () => {
    await put('tagged', 'x');
    const tags = await stand.client.send(new GetObjectTaggingCommand({ Bucket: 'data', Key: 'tagged' }));
    expect(tags.TagSet).toEqual([]);
    const acl = await fetch(`${stand.served.url}/data/tagged?acl`, { method: 'PUT', body: '<x/>' });
    expect(acl.status).toBe(501);
    expect((await get('tagged')).text).toBe('x');
  });

  test('pages of other machines are refused, pages of this one are let in', async () => {
    const ask = (Origin: string, method: string) =>
      fetch(`${stand.served.url}/data/tagged`, { method, headers: { Origin } });
    expect((await ask('https://elsewhere.example', 'GET')).status).toBe(403);
    const preflight = await ask('http://127.0.0.1:8080', 'OPTIONS');
    expect(preflight.headers.get('access-control-allow-origin')).toBe('http://127.0.0.1:8080');
    expect(preflight.headers.get('access-control-allow-methods')).toContain('PUT');
  });
});

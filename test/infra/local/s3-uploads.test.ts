import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  GetObjectCommand,
  ListMultipartUploadsCommand,
  ListPartsCommand,
  PutObjectCommand,
  UploadPartCommand,
  UploadPartCopyCommand,
} from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { createPresignedPost } from '@aws-sdk/s3-presigned-post';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { standUpObjects } from './s3-stand.ts';

let stand: Awaited<ReturnType<typeof standUpObjects>>;
beforeAll(async () => {
  stand = await standUpObjects();
});
afterAll(() => stand.close());

const Bucket = 'data';
const MIB = 1_048_576;
const md5 = (bytes: Buffer) => createHash('md5').update(bytes).digest();

const read = async (Key: string, Range?: string) => {
  const { Body } = await stand.client.send(new GetObjectCommand({ Bucket, Key, Range }));
  return buffer(Body as Readable);
};

/** An upload with these parts, not yet over. */
async function begin(Key: string, bodies: readonly Buffer[]) {
  const { UploadId } = await stand.client.send(new CreateMultipartUploadCommand({ Bucket, Key }));
  const Parts: { PartNumber: number; ETag: string | undefined }[] = [];
  for (const [index, Body] of bodies.entries()) {
    const part = { Bucket, Key, UploadId, PartNumber: index + 1, Body };
    const { ETag } = await stand.client.send(new UploadPartCommand(part));
    Parts.push({ PartNumber: index + 1, ETag });
  }
  const complete = (parts = Parts) =>
    stand.client.send(
      new CompleteMultipartUploadCommand({ Bucket, Key, UploadId, MultipartUpload: { Parts: parts } }),
    );
  return { UploadId, Parts, complete };
}

describe('uploads in parts', () => {
  test('a stream of unknown length comes through lib-storage, with the ETag of its parts', async () => {
    const bytes = Buffer.from(Array.from({ length: 12 * MIB }, (_, at) => (at * 31) % 253));
    const pieces = Array.from({ length: 12 }, (_, at) => bytes.subarray(at * MIB, (at + 1) * MIB));
    const params = { Bucket, Key: 'streamed', Body: Readable.from(pieces), ContentType: 'text/csv' };
    await new Upload({ client: stand.client, params, partSize: 5 * MIB }).done();
    const digests = [0, 5, 10].map((at) => md5(bytes.subarray(at * MIB, Math.min(at + 5, 12) * MIB)));
    const { ETag, ContentType } = await stand.client.send(new GetObjectCommand({ Bucket, Key: 'streamed' }));
    expect(ETag).toBe(`"${md5(Buffer.concat(digests)).toString('hex')}-3"`);
    expect(ContentType).toBe('text/csv');
    expect((await read('streamed')).equals(bytes)).toBe(true);
    const across = await read('streamed', `bytes=${5 * MIB - 3}-${10 * MIB + 2}`);
    expect(across.equals(bytes.subarray(5 * MIB - 3, 10 * MIB + 3))).toBe(true);
  });

  test('parts are listed, replaced by number, and gone after abort', async () => {
    const files = stand.blobCount();
    const { UploadId } = await begin('aborted', [Buffer.from('one'), Buffer.from('two')]);
    const again = { Bucket, Key: 'aborted', UploadId, PartNumber: 2, Body: 'other' };
    await stand.client.send(new UploadPartCommand(again));
    const list = () => stand.client.send(new ListPartsCommand({ Bucket, Key: 'aborted', UploadId }));
    expect((await list()).Parts).toMatchObject([
      { PartNumber: 1, Size: 3 },
      { PartNumber: 2, Size: 5 },
    ]);
    const running = async (Prefix?: string) =>
      (await stand.client.send(new ListMultipartUploadsCommand({ Bucket, Prefix }))).Uploads?.map(
        (upload) => upload.UploadId,
      );
    expect(await running()).toContain(UploadId);
    expect(await running('abort')).toEqual([UploadId]);
    expect(await running('bort')).toBeUndefined();
    await stand.client.send(new AbortMultipartUploadCommand({ Bucket, Key: 'aborted', UploadId }));
    await expect(list()).rejects.toMatchObject({ name: 'NoSuchUpload' });
    expect(stand.blobCount()).toBe(files);
  });

  test('completing twice gives the same answer, and an upload outlives the process', async () => {
    const upload = await begin('twice', [Buffer.alloc(5 * MIB, 'a'), Buffer.from('b')]);
    await stand.reopen();
    const first = await upload.complete();
    expect((await upload.complete()).ETag).toBe(first.ETag);
    expect(await read('twice')).toHaveLength(5 * MIB + 1);
  });

  test('wrong parts are refused: InvalidPart, InvalidPartOrder, EntityTooSmall, NoSuchUpload', async () => {
    const { Parts, complete, UploadId } = await begin('wrong', [Buffer.from('small'), Buffer.from('b')]);
    const [one, two] = Parts as [(typeof Parts)[0], (typeof Parts)[0]];
    await expect(complete([{ ...one, ETag: '"x"' }])).rejects.toMatchObject({ name: 'InvalidPart' });
    await expect(complete([two, one])).rejects.toMatchObject({ name: 'InvalidPartOrder' });
    await expect(complete()).rejects.toMatchObject({ name: 'EntityTooSmall' });
    const elsewhere = { Bucket, Key: 'other', UploadId, PartNumber: 1, Body: 'x' };
    const sent = stand.client.send(new UploadPartCommand(elsewhere));
    await expect(sent).rejects.toMatchObject({ name: 'NoSuchUpload' });
    expect((await complete([two])).ETag).toMatch(/-1"$/);
    expect((await read('wrong')).toString()).toBe('b');
  });

  test('a part can be copied from a range of another object', async () => {
    await stand.client.send(new PutObjectCommand({ Bucket, Key: 'source', Body: '0123456789' }));
    const { UploadId, complete } = await begin('copied', []);
    const copy = {
      Bucket,
      Key: 'copied',
      UploadId,
      CopySource: `${Bucket}/source`,
      CopySourceRange: 'bytes=3-5',
    };
    const { CopyPartResult } = await stand.client.send(new UploadPartCopyCommand({ ...copy, PartNumber: 1 }));
    await complete([{ PartNumber: 1, ETag: CopyPartResult?.ETag }]);
    expect((await read('copied')).toString()).toBe('345');
  });
});

describe('presigned URLs', () => {
  test('a presigned PUT stores and a presigned GET reads, with no other client than fetch', async () => {
    const putUrl = await getSignedUrl(
      stand.client,
      new PutObjectCommand({ Bucket, Key: 'drop/über month.csv', Metadata: { by: 'page' } }),
    );
    const stored = await fetch(putUrl, { method: 'PUT', body: 'a,b\n1,2\n' });
    expect(stored.status).toBe(200);
    const command = new GetObjectCommand({
      Bucket,
      Key: 'drop/über month.csv',
      ResponseContentDisposition: 'attachment',
    });
    const answer = await fetch(await getSignedUrl(stand.client, command));
    expect(await answer.text()).toBe('a,b\n1,2\n');
    expect(answer.headers.get('content-disposition')).toBe('attachment');
    expect(answer.headers.get('x-amz-meta-by')).toBe('page');
  });

  test('a presigned URL ends at its time', async () => {
    const url = await getSignedUrl(stand.client, new PutObjectCommand({ Bucket, Key: 'late' }), {
      expiresIn: 60,
    });
    stand.clock.aheadMs = 61_000;
    const answer = await fetch(url, { method: 'PUT', body: 'x' });
    stand.clock.aheadMs = 0;
    expect([answer.status, await answer.text()]).toEqual([
      403,
      expect.stringContaining('Request has expired'),
    ]);
    await expect(read('late')).rejects.toMatchObject({ name: 'NoSuchKey' });
  });
});

describe('presigned POST', () => {
  const conditions = [
    ['starts-with', '$key', 'drop/'],
    ['content-length-range', 3, 10],
    ['starts-with', '$Content-Type', 'text/'],
  ] as Parameters<typeof createPresignedPost>[1]['Conditions'];

  const post = async (body: string, change: Record<string, string> = {}) => {
    // biome-ignore lint/suspicious/noTemplateCurlyInString: S3 puts the name of the file there.
    const options = { Bucket, Key: 'drop/${filename}', Conditions: conditions!, Expires: 60 };
    const { url, fields } = await createPresignedPost(stand.client, options);
    const form = new FormData();
    for (const [name, value] of Object.entries({ ...fields, 'Content-Type': 'text/csv', ...change })) {
      form.append(name, value);
    }
    form.append('file', new File([body], 'June $& "1".csv'));
    form.append('submit', 'ignored, because it comes behind the file');
    const answer = await fetch(url, { method: 'POST', body: form, redirect: 'manual' });
    return { status: answer.status, headers: answer.headers, text: await answer.text() };
  };

  test('a form that its policy allows is stored under the name of its file', async () => {
    expect((await post('\r\n--x\r\n')).status).toBe(204);
    expect((await read('drop/June $& "1".csv')).toString()).toBe('\r\n--x\r\n');
  });

  test('the form chooses the answer', async () => {
    const policy = (extra: object) => {
      const document = { expiration: '2999-01-01T00:00:00Z', conditions: [...conditions!, extra] };
      return Buffer.from(JSON.stringify(document)).toString('base64');
    };
    const send = async (extra: Record<string, string>) => {
      const form = new FormData();
      const fields = {
        key: 'drop/x',
        'Content-Type': 'text/csv',
        'x-amz-signature': 'none',
        policy: policy(extra),
      };
      for (const [name, value] of Object.entries({ ...fields, ...extra })) form.append(name, value);
      form.append('file', new File(['12345'], 'x'));
      return fetch(`${stand.served.url}/data`, { method: 'POST', body: form, redirect: 'manual' });
    };
    const created = await send({ success_action_status: '201' });
    expect([created.status, await created.text()]).toEqual([
      201,
      expect.stringContaining('<Key>drop/x</Key>'),
    ]);
    const redirected = await send({ success_action_redirect: 'http://127.0.0.1:8080/imports' });
    expect(redirected.status).toBe(303);
    expect(redirected.headers.get('location')).toContain('/imports?bucket=data&key=drop%2Fx');
  });

  test.each([
    ['a key outside the prefix', '12345', { key: 'elsewhere/x' }, 'AccessDenied'],
    ['another content type', '12345', { 'Content-Type': 'image/png' }, 'AccessDenied'],
    ['a field that no condition names', '12345', { 'x-amz-meta-extra': '1' }, 'AccessDenied'],
    ['a file that is too short', '12', {}, 'EntityTooSmall'],
    ['a file that is too long', '12345678901', {}, 'EntityTooLarge'],
    ['a file that is far too long', 'x'.repeat(3_000_000), {}, 'EntityTooLarge'],
  ])('the policy refuses %s', async (_, body, change, code) => {
    const files = stand.blobCount();
    const answer = await post(body, change);
    expect(answer.text).toContain(`<Code>${code}</Code>`);
    expect(answer.status).toBe(code === 'AccessDenied' ? 403 : 400);
    expect(stand.blobCount()).toBe(files);
  });

  test('a policy ends at its time, and a form without one is refused', async () => {
    stand.clock.aheadMs = 61_000;
    const late = await post('12345');
    stand.clock.aheadMs = 0;
    expect(late.text).toContain('Policy expired');
    const form = new FormData();
    form.append('key', 'drop/x');
    form.append('file', new File(['12345'], 'x'));
    const bare = await fetch(`${stand.served.url}/data`, { method: 'POST', body: form });
    expect(bare.status).toBe(403);
  });
});

import { createHash } from 'node:crypto';
import { type Answer, xmlAnswer } from './answer.ts';
import { startChecksum } from './checksums.ts';
import { writeCheck } from './conditions.ts';
import { findObject, putObjectRow, type StoredChecksum } from './object-table.ts';
import { readDocument } from './read-document.ts';
import type { S3Request } from './read-request.ts';
import { childText, type XmlElement } from './read-xml.ts';
import { S3Error } from './s3-error.ts';
import { requireBucket, type Store } from './store.ts';
import { findUpload, type Part, partsOf, removeUpload, type Upload } from './upload-table.ts';

const MINIMUM_PART_BYTES = 5 * 1_048_576;

/** Makes one object of the parts that the request names, in their order, without copying a byte. */
export async function completeUpload(
  store: Store,
  request: S3Request,
  bucket: string,
  key: string,
): Promise<Answer> {
  requireBucket(store, bucket);
  const document = await readDocument(request, 'CompleteMultipartUpload');
  const uploadId = request.query.get('uploadId') ?? '';
  const upload = findUpload(store, request, bucket, key);
  const existing = findObject(store, bucket, key);
  if (upload === undefined) {
    // A client that did not hear the first answer asks again, and is to hear the same.
    if (existing?.uploadId !== undefined && existing.uploadId === uploadId) {
      return answer(request, bucket, key, existing.etag, existing.checksum);
    }
    throw new S3Error('NoSuchUpload', 'The specified upload does not exist.');
  }
  const all = partsOf(store, upload.id);
  const parts = chooseParts(document, all, upload);
  const etag = `${createHash('md5')
    .update(Buffer.from(parts.map((part) => part.etag).join(''), 'hex'))
    .digest('hex')}-${parts.length}`;
  const checksum = compositeChecksum(parts, upload);
  const object = {
    bucket,
    key,
    segments: parts,
    etag,
    metadata: upload.metadata,
    checksum,
    uploadId: upload.id,
  };
  putObjectRow(store, 'ObjectCreated:CompleteMultipartUpload', object, {
    check: writeCheck(request.header),
    alongside: () => removeUpload(store, upload.id),
  });
  store.blobs.retire(all.filter((part) => !parts.includes(part)));
  return answer(request, bucket, key, etag, checksum);
}

function chooseParts(document: XmlElement, all: readonly Part[], upload: Upload): Part[] {
  const byNumber = new Map(all.map((part) => [part.number, part]));
  const named = document.children.filter(({ name }) => name === 'Part');
  if (named.length === 0) throw new S3Error('MalformedXML', 'You must specify at least one part');
  let last = 0;
  const parts = named.map((element) => {
    const number = Number(childText(element, 'PartNumber'));
    if (!(number > last)) {
      throw new S3Error('InvalidPartOrder', 'The list of parts was not in ascending order.');
    }
    last = number;
    const part = byNumber.get(number);
    const etag = childText(element, 'ETag')?.trim().replaceAll('"', '');
    const checksum = upload.algorithm && childText(element, `Checksum${upload.algorithm}`);
    const isOther = checksum !== undefined && part !== undefined && checksum !== part.checksum;
    if (part === undefined || part.etag !== etag || isOther) {
      throw new S3Error(
        'InvalidPart',
        `Part ${number} could not be found, or is another than the one you name.`,
      );
    }
    return part;
  });
  if (parts.slice(0, -1).some(({ size }) => size < MINIMUM_PART_BYTES)) {
    throw new S3Error('EntityTooSmall', 'Your proposed upload is smaller than the minimum allowed size');
  }
  return parts;
}

/** One checksum over those of the parts; undefined where the parts have none. */
function compositeChecksum(parts: readonly Part[], { algorithm }: Upload): StoredChecksum | undefined {
  // CRC64NVME has no composite form, and the whole object is not read again for it.
  if (algorithm === undefined || algorithm === 'CRC64NVME') return undefined;
  const sum = startChecksum(algorithm);
  for (const { checksum } of parts) {
    if (checksum === null) return undefined;
    sum.update(Buffer.from(checksum, 'base64'));
  }
  return { algorithm, value: `${sum.digest().toString('base64')}-${parts.length}`, type: 'COMPOSITE' };
}

function answer(
  request: S3Request,
  bucket: string,
  key: string,
  etag: string,
  checksum: StoredChecksum | undefined,
): Answer {
  return xmlAnswer('CompleteMultipartUploadResult', {
    Location: `http://${request.header('host')}/${bucket}/${encodeURIComponent(key).replaceAll('%2F', '/')}`,
    Bucket: bucket,
    Key: key,
    ETag: `"${etag}"`,
    ...(checksum !== undefined && {
      [`Checksum${checksum.algorithm}`]: checksum.value,
      ChecksumType: checksum.type,
    }),
  });
}

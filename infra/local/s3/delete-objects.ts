import { type Answer, emptyAnswer, xmlAnswer } from './answer.ts';
import { deleteObject } from './object-table.ts';
import { readDocument } from './read-document.ts';
import type { S3Request } from './read-request.ts';
import { childText } from './read-xml.ts';
import { S3Error } from './s3-error.ts';
import { requireBucket, type Store } from './store.ts';

const MAXIMUM_KEYS = 1_000;

/** Removes one object; a missing one is as good as removed. */
export function removeObject(store: Store, bucket: string, key: string): Answer {
  requireBucket(store, bucket);
  deleteObject(store, bucket, key);
  return emptyAnswer(204);
}

/** Removes up to a thousand objects and reports each, or none of them if the request is quiet. */
export async function removeObjects(store: Store, request: S3Request, bucket: string): Promise<Answer> {
  requireBucket(store, bucket);
  const document = await readDocument(request, 'Delete');
  const objects = document.children.filter(({ name }) => name === 'Object');
  if (objects.length === 0 || objects.length > MAXIMUM_KEYS) {
    throw new S3Error('MalformedXML', `A request removes 1 to ${MAXIMUM_KEYS} objects.`);
  }
  const keys = objects.map((object) => childText(object, 'Key') ?? '');
  if (keys.includes('')) throw new S3Error('MalformedXML', 'Every object needs a key.');
  for (const key of keys) deleteObject(store, bucket, key);
  const isQuiet = childText(document, 'Quiet')?.trim() === 'true';
  return xmlAnswer('DeleteResult', isQuiet ? {} : { Deleted: keys.map((Key) => ({ Key })) });
}

import { type Answer, xmlAnswer } from './answer.ts';
import {
  bucketSetting,
  createBucket,
  deleteBucket,
  headBucket,
  listBuckets,
  putNotification,
} from './bucket-actions.ts';
import { completeUpload } from './complete-upload.ts';
import { copyObject } from './copy-object.ts';
import { removeObject, removeObjects } from './delete-objects.ts';
import { getObject } from './get-object.ts';
import { listObjects } from './list-objects.ts';
import { requireObject } from './object-table.ts';
import { postObject } from './post-object.ts';
import { putObject } from './put-object.ts';
import type { S3Request } from './read-request.ts';
import { S3Error } from './s3-error.ts';
import { requireBucket, type Store } from './store.ts';
import { abortUpload, createUpload, listParts, listUploads, uploadPart } from './upload-actions.ts';

// Parts of the API that a query names and that one machine does without; they must not pass for plain reads or writes.
const ABSENT = [
  ...[
    'accelerate',
    'acl',
    'analytics',
    'attributes',
    'cors',
    'encryption',
    'intelligent-tiering',
    'inventory',
  ],
  ...[
    'legal-hold',
    'lifecycle',
    'logging',
    'metrics',
    'object-lock',
    'ownershipControls',
    'policy',
    'policyStatus',
  ],
  ...[
    'publicAccessBlock',
    'replication',
    'requestPayment',
    'restore',
    'retention',
    'select',
    'tagging',
    'torrent',
  ],
  ...['versions', 'website'],
];

/** Finds the action that a request means, and answers it. */
export async function routeRequest(store: Store, request: S3Request): Promise<Answer> {
  const { bucket, key, method, query } = request;
  if (bucket === undefined) {
    if (method === 'GET') return listBuckets(store);
    throw notAllowed();
  }
  if (key !== undefined && method === 'GET' && query.has('tagging')) {
    requireBucket(store, bucket);
    requireObject(store, bucket, key);
    return xmlAnswer('Tagging', { TagSet: {} });
  }
  const absent = ABSENT.find((name) => query.has(name));
  if (absent !== undefined)
    throw new S3Error('NotImplemented', `"${absent}" is not available on one machine.`);
  return key === undefined ? routeBucket(store, request, bucket) : routeObject(store, request, bucket, key);
}

function routeBucket(store: Store, request: S3Request, bucket: string): Answer | Promise<Answer> {
  const { method, query } = request;
  switch (method) {
    case 'HEAD':
      return headBucket(store, bucket);
    case 'GET':
      if (query.has('uploads')) return listUploads(store, request, bucket);
      return bucketSetting(store, request, bucket) ?? listObjects(store, request, bucket);
    case 'PUT':
      if (query.has('notification')) return putNotification(store, request, bucket);
      if (query.has('versioning'))
        throw new S3Error('NotImplemented', 'Versions are not available on one machine.');
      request.message.resume();
      return createBucket(store, bucket);
    case 'DELETE':
      return deleteBucket(store, bucket);
    case 'POST':
      return query.has('delete') ? removeObjects(store, request, bucket) : postObject(store, request, bucket);
    default:
      throw notAllowed();
  }
}

function routeObject(
  store: Store,
  request: S3Request,
  bucket: string,
  key: string,
): Answer | Promise<Answer> {
  const { method, query } = request;
  const isUpload = query.has('uploadId');
  switch (method) {
    case 'HEAD':
      return getObject(store, request, bucket, key);
    case 'GET':
      return isUpload ? listParts(store, request, bucket, key) : getObject(store, request, bucket, key);
    case 'PUT':
      if (isUpload) return uploadPart(store, request, bucket, key);
      if (request.header('x-amz-copy-source') !== undefined) return copyObject(store, request, bucket, key);
      return putObject(store, request, bucket, key);
    case 'DELETE':
      return isUpload ? abortUpload(store, request, bucket, key) : removeObject(store, bucket, key);
    case 'POST':
      if (query.has('uploads')) return createUpload(store, request, bucket, key);
      if (isUpload) return completeUpload(store, request, bucket, key);
      throw notAllowed();
    default:
      throw notAllowed();
  }
}

function notAllowed(): S3Error {
  return new S3Error('MethodNotAllowed', 'The specified method is not allowed against this resource.');
}

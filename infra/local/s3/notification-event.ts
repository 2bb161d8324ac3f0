import { randomBytes } from 'node:crypto';
import type { BucketDefinition, BucketNotification } from '../services.ts';

/** One change of one object. */
export interface ObjectChange {
  /** Such as `ObjectCreated:Put`. */
  readonly name: string;
  readonly bucket: string;
  readonly key: string;
  /** Absent for removals. */
  readonly created: { readonly size: number; readonly etag: string } | undefined;
  /** Grows with every change, so that readers can order the changes of a key. */
  readonly sequence: number;
}

/** The document that AWS would send for this change, undefined where the notification does not ask for it. */
export function notificationEvent(
  bucket: BucketDefinition,
  notification: BucketNotification,
  change: ObjectChange,
  { region, at }: { region: string; at: number },
): object | undefined {
  const { prefix, suffix, events } = notification;
  const isMeant = change.key.startsWith(prefix) && change.key.endsWith(suffix);
  if (!isMeant || !events.some((pattern) => matches(pattern, `s3:${change.name}`))) return undefined;
  const requestId = randomBytes(8).toString('hex').toUpperCase();
  const { created } = change;
  const record = {
    eventVersion: '2.1',
    eventSource: 'aws:s3',
    awsRegion: region,
    eventTime: new Date(at).toISOString(),
    eventName: change.name,
    userIdentity: { principalId: 'AWS:LOCAL' },
    requestParameters: { sourceIPAddress: '127.0.0.1' },
    responseElements: { 'x-amz-request-id': requestId, 'x-amz-id-2': requestId },
    s3: {
      s3SchemaVersion: '1.0',
      configurationId: notification.id,
      bucket: { name: bucket.name, ownerIdentity: { principalId: 'LOCAL' }, arn: bucket.arn },
      object: {
        key: encodeKey(change.key),
        ...(created !== undefined && { size: created.size, eTag: created.etag }),
        sequencer: change.sequence.toString(16).toUpperCase().padStart(18, '0'),
      },
    },
  };
  return { Records: [record] };
}

function matches(pattern: string, name: string): boolean {
  return pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : pattern === name;
}

/** A key as events carry it: URL-encoded, `+` for a space, `/` kept. */
function encodeKey(key: string): string {
  const encoded = encodeURIComponent(key).replace(
    /[!'()]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return encoded.replaceAll('%20', '+').replaceAll('%2F', '/');
}

import * as z from 'zod';
import { ObjectDropped } from '../../shared/contracts/messages.ts';

const Notification = z.object({
  Records: z.array(
    z.object({
      s3: z.object({
        bucket: z.object({ name: z.string().min(1) }),
        object: z.object({ key: z.string().min(1), size: z.number().min(0), eTag: z.string().min(1) }),
      }),
    }),
  ),
});

/** What S3 sends when a notification is set up. */
const TestEvent = z.object({ Event: z.literal('s3:TestEvent') });

/** A message of the ingest queue: S3's notification, its test, or a file handed over; as the files it names. */
export const DropMessage = z.union([
  Notification.transform(({ Records }) =>
    Records.map(
      ({ s3 }): ObjectDropped => ({
        bucket: s3.bucket.name,
        // form encoding: a space travels as a plus
        key: decodeURIComponent(s3.object.key.replaceAll('+', ' ')),
        etag: s3.object.eTag,
        size: s3.object.size,
      }),
    ),
  ),
  TestEvent.transform((): ObjectDropped[] => []),
  ObjectDropped.transform((drop) => [drop]),
]);

import * as z from 'zod';
import {
  ImportRetryRequested,
  type ImportTask,
  ImportUndoRequested,
  ObjectDropped,
} from '../../shared/contracts/messages.ts';

const Notification = z.object({
  Records: z.array(
    z.object({
      eventTime: z.iso.datetime().optional(),
      s3: z.object({
        bucket: z.object({ name: z.string().min(1) }),
        object: z.object({ key: z.string().min(1), size: z.number().min(0), eTag: z.string().min(1) }),
      }),
    }),
  ),
});

/** What S3 sends when a notification is set up. */
const TestEvent = z.object({ Event: z.literal('s3:TestEvent') });

/** A message of the ingest queue: S3's notification, its test, a file handed over, or an undo; as what is to be done. */
export const DropMessage = z.union([
  Notification.transform(({ Records }) =>
    Records.map(
      ({ s3, eventTime }): ImportTask => ({
        bucket: s3.bucket.name,
        // form encoding: a space travels as a plus
        key: decodeURIComponent(s3.object.key.replaceAll('+', ' ')),
        etag: s3.object.eTag,
        size: s3.object.size,
        ...(eventTime === undefined ? {} : { droppedAt: eventTime }),
      }),
    ),
  ),
  TestEvent.transform((): ImportTask[] => []),
  ImportRetryRequested.transform((retry): ImportTask[] => [retry]),
  ImportUndoRequested.transform((undo): ImportTask[] => [undo]),
  ObjectDropped.transform((drop): ImportTask[] => [drop]),
]);

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openStaticFiles } from '../../functions/api/http/static-files.ts';
import { openUploads } from '../../functions/api/imports/uploads.ts';
import { DropMessage } from '../../functions/ingest/drop-message.ts';
import { runTask } from '../../functions/ingest/run-task.ts';
import { openObjects } from '../../shared/aws/objects.ts';
import type { ImportTask } from '../../shared/contracts/messages.ts';
import { serveApi } from '../functions/api/serve-api.ts';
import { standUpObjects } from '../infra/local/s3-stand.ts';
import { buildPage, STREAM_URL } from './serve-page.ts';

export type ServedDataPage = Awaited<ReturnType<typeof serveDataPage>>;

/** The page with a bucket on another port, as it is in the cloud, and an ingest that its notifications start. */
export async function serveDataPage() {
  const site = mkdtempSync(join(tmpdir(), 'smart-inventory-page-'));
  await buildPage(site);
  const targetArn = 'arn:aws:sqs:eu-central-1:000000000000:ingest';
  const events = ['s3:ObjectCreated:*'];
  const stand = await standUpObjects([{ id: 'drops', events, prefix: 'drop/', suffix: '', targetArn }]);
  const uploads = openUploads('data', stand.client);
  let ingest = (_: ImportTask): Promise<void> => Promise.reject(new Error('nobody is there yet'));
  // one after the other, as a queue would hand them on
  let line: Promise<void> = Promise.resolve();
  const hold: { until?: Promise<void> } = {};
  const enqueue = (message: unknown): void => {
    for (const task of DropMessage.parse(message))
      line = line.then(async () => {
        await hold.until;
        await ingest(task);
      });
  };
  await stand.reopen(async (_, event) => enqueue(event));
  const served = await serveApi({
    files: openStaticFiles(site, STREAM_URL, await uploads.address()),
    streamUrl: STREAM_URL,
    uploads,
    ingestQueue: { send: async (messages) => messages.forEach(enqueue) },
  });
  const objects = openObjects('data', stand.client);
  const needs = {
    database: served.api.database,
    objects,
    handOver: async (task: ImportTask) => enqueue(task),
  };
  ingest = (task) => runTask(needs, task, () => 900_000);
  return {
    ...served,
    /** Lets the ingest wait until what is answered is called. */
    holdIngest(): () => void {
      const { promise, resolve } = Promise.withResolvers<void>();
      hold.until = promise;
      return resolve;
    },
    async close(): Promise<void> {
      await line;
      await served.close();
      await stand.close();
      rmSync(site, { recursive: true, force: true });
    },
  };
}

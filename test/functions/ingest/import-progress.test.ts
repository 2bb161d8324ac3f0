import { expect, test } from 'vitest';
import * as z from 'zod';
import { ImportProgress } from '../../../functions/ingest/import-progress.ts';
import { findImportDetail } from '../../../shared/data/imports/import-reads.ts';
import { openImport } from '../../../shared/data/imports/import-store.ts';
import { openTestDatabase } from '../../database.ts';

const Row = z.object({ envelope: z.string() });

test('a long import tells how far it is, once a second at most, while it goes on', async () => {
  const { database, close } = await openTestDatabase();
  const importId = 'a'.repeat(22);
  const job = await openImport(database, { importId, key: 'drop/a.csv', etag: 'e', size: 1_000 });
  let published = 0;
  const progress = new ImportProgress({ database, publishEvents: async () => void published++ }, job);
  const told = () => database.select(Row, `SELECT envelope FROM outbox`);
  progress.read(400);
  await progress.rows(10);
  expect(await told()).toEqual([]);
  await new Promise((resolve) => setTimeout(resolve, 1_100));
  await progress.rows(20);
  await progress.rows(21);
  const events = (await told()).map((row) => JSON.parse(row.envelope));
  expect(events[0]).toMatchObject({
    event_type: 'import.progress',
    data: { importId, stage: 'importing', bytesDone: 400, bytesTotal: 1_000, rowsDone: 20 },
  });
  expect(published).toBe(events.length);
  expect((await findImportDetail(database, importId))!.progress).toMatchObject({
    bytes_done: 400,
    bytes_total: 1_000,
    rows_done: expect.any(Number),
  });
  await close();
});

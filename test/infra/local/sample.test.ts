import { readFile } from 'node:fs/promises';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import * as z from 'zod';
import { ingestObject } from '../../../functions/ingest/ingest-object.ts';
import { SAMPLE_COUNTS } from '../../../infra/local/sample/documented-counts.ts';
import { generateSample } from '../../../infra/local/sample/generate.ts';
import { SAMPLE_PHASES } from '../../../infra/local/sample/phases.ts';
import { findViolations } from '../../../shared/data/ledger/invariants.ts';
import { openTestDatabase, type TestDatabase } from '../../database.ts';
import { type ImportReport, openDrops } from '../../functions/ingest/drop-file.ts';

const FILES = SAMPLE_PHASES.flat();
const SALES = FILES.at(-1)!;

let db: TestDatabase;

beforeAll(async () => {
  db = await openTestDatabase();
});

afterAll(() => db.close());

test('the sample is below 5 MB', async () => {
  const sizes = await Promise.all(FILES.map(async (file) => (await readFile(file.path)).length));
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(5_000_000);
});

test('the invented files are what the generator makes of the seed', async () => {
  const generated = await generateSample(SALES.path);
  expect(generated.size).toBe(FILES.length - 1);
  for (const [name, text] of generated) {
    const file = FILES.find(({ path }) => path.endsWith(`/${name}.gz`))!;
    expect(gunzipSync(await readFile(file.path)).toString() === text, name).toBe(true);
  }
});

test('imported phase by phase it comes to the documented counts, and every promise of the ledger holds', async () => {
  const drops = openDrops(db.database);
  const reports: ImportReport[] = [];
  for (const phase of SAMPLE_PHASES) {
    for (const { key, path } of phase) {
      const dropped = drops.put(key, await readFile(path));
      await ingestObject(drops.needs, dropped, () => 900_000);
      reports.push(await drops.report(dropped));
    }
  }
  const sum = (pick: (report: ImportReport) => number) =>
    reports.reduce((all, report) => all + pick(report), 0);
  expect(reports.map((report) => report.status)).toEqual(reports.map(() => 'done'));
  expect(sum((report) => report.rejected_rows)).toBe(SAMPLE_COUNTS.rejectedRows);
  expect(sum((report) => report.shortages)).toBe(SAMPLE_COUNTS.shortages);
  expect(reports.at(-1)).toMatchObject({
    total_rows: SAMPLE_COUNTS.orderLines,
    imported_rows: SAMPLE_COUNTS.orderLines,
    last_date: SAMPLE_COUNTS.asOf,
  });
  const [taken] = await db.database.select(
    z.object({ n: z.int() }),
    'SELECT COUNT(*) AS n FROM sales WHERE cancelled_by IS NOT NULL',
  );
  expect(taken!.n).toBe(SAMPLE_COUNTS.takenBack);
  expect(await findViolations(db.database)).toEqual([]);
}, 600_000);

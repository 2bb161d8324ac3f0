import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { openStaticFiles } from '../../functions/api/http/static-files.ts';
import { addDays } from '../../shared/core/calendar/add-days.ts';
import type { Database } from '../../shared/data/sql/database.ts';
import { serveApi } from '../functions/api/serve-api.ts';
import { planAndAssess } from '../functions/assess/accuracy-fixture.ts';
import { openDrops } from '../functions/ingest/drop-file.ts';

const root = resolve(import.meta.dirname, '../..');
export const STREAM_URL = 'wss://stream.example/live';
const WEEKS = 40;
const FIRST_MONDAY = '2011-01-03';

/** More than one page of suggestions, from two suppliers, and one article of which there is plenty. */
export const PLANTED = { short: 14, plenty: 'Plenty of paper napkins' } as const;

/** By supplier. */
const CATEGORIES: Readonly<Record<string, string>> = { S0: 'Home', S1: 'Party & Paper' };

export type ServedPage = Awaited<ReturnType<typeof servePage>>;

/** The page as it is built for the cloud, behind gateway, sign-in and API, over imported sales and their plan. */
export async function servePage() {
  const site = mkdtempSync(join(tmpdir(), 'smart-inventory-page-'));
  await buildPage(site);
  const served = await serveApi({ files: openStaticFiles(site, STREAM_URL), streamUrl: STREAM_URL });
  await importSales(served.api.database);
  // a plan of five weeks ago, so that there are weeks to judge
  await planAndAssess(served.api.database, '2011-08-29');
  await planAndAssess(served.api.database, '2011-10-03');
  return {
    ...served,
    async close(): Promise<void> {
      await served.close();
      rmSync(site, { recursive: true, force: true });
    },
  };
}

/** In a process of its own: the test runner's NODE_ENV would make another page. */
export async function buildPage(site: string): Promise<void> {
  const vite = join(root, 'node_modules/vite/bin/vite.js');
  const options = ['--config', join(root, 'web/vite.config.ts'), '--outDir', site, '--emptyOutDir'];
  await promisify(execFile)(process.execPath, [vite, 'build', ...options, '--logLevel', 'warn'], {
    cwd: root,
    env: { ...process.env, NODE_ENV: 'production' },
  });
}

async function importSales(database: Database): Promise<void> {
  const drops = openDrops(database);
  const articles = [
    ...Array.from({ length: PLANTED.short }, (_, i) => ({
      id: `A${i}`,
      name: `Hanging heart T-light holder of a long name, number ${i}`,
      supplier: `S${i % 2}`,
      weekly: (week: number) => 10 * (i + 1) + ((week * 7 + i) % 9),
      left: 5,
    })),
    { id: 'P', name: PLANTED.plenty, supplier: 'S0', weekly: () => 3, left: 9000 },
  ];
  const rows = (lines: (article: (typeof articles)[number]) => string | string[]) =>
    articles.flatMap(lines).join('\n');
  const weeks = Array.from({ length: WEEKS }, (_, week) => week);
  const sold = (article: (typeof articles)[number]) =>
    weeks.reduce((sum, week) => sum + article.weekly(week), 0);
  const files = [
    `supplier_id,supplier_name\nS0,Albion Giftware\nS1,Thames Paper Mill`,
    `product_id,product_name,category,unit_price\n${rows(({ id, name, supplier }) => `${id},"${name}",${CATEGORIES[supplier]},2.50`)}`,
    `supplier_id,product_id,unit_cost,lead_time_days,lead_time_deviation\n${rows(({ id, supplier }) => `${supplier},${id},1.20,14,2`)}`,
    `product_id,quantity,date\n${rows((article) => `${article.id},${sold(article) + article.left},${FIRST_MONDAY} 00:00:00`)}`,
    `order_id,line,date,product_id,quantity,unit_price\n${rows(({ id, weekly }) =>
      weeks.map(
        (week) => `${id}-${week},1,${addDays(FIRST_MONDAY, 7 * week)} 10:00:00,${id},${weekly(week)},2.50`,
      ),
    )}`,
  ];
  for (const file of files) {
    const report = await drops.drop(`${file}\n`);
    if (report.status !== 'done' || report.rejected_rows + report.shortages > 0)
      throw new Error(JSON.stringify(report));
  }
}

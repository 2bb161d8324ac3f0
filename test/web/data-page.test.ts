import { readFileSync } from 'node:fs';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Role } from '../../shared/contracts/role.ts';
import {
  endImport,
  NO_COUNTS,
  openImport,
  saveProgress,
  saveSurvey,
} from '../../shared/data/imports/import-store.ts';
import { findViolations } from '../../shared/data/ledger/invariants.ts';
import { CHROMIUM, inBrowser, openBrowser, openPage } from './open-browser.ts';
import { type ServedDataPage, serveDataPage } from './serve-data-page.ts';

const PATIENCE_MS = 5 * 60_000;
const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };

const PRODUCTS = `product_id,product_name,unit_price\nP1,Lamp,2.50\nP2,Chair,40\n`;
const MOVEMENTS = `movement_id,product_id,date,quantity_change,change_type
M1,P1,2011-03-01,100,opening
M2,P1,2011-03-05,40,receipt
M3,P1,2011-03-07,many,receipt
M4,P2,2011-02-30,5,receipt
M5,P2,2011-03-09,7,receipt
`;
const TILL = `Beleg;Artikel;Wann;Stück;Einzelpreis\n1;P1;13.06.2011;3;2,50\n2;P1;14.06.2011;4;2,50\n`;

describe.skipIf(!CHROMIUM)(inBrowser('the page of data in a browser'), { timeout: PATIENCE_MS }, () => {
  let served: ServedDataPage;
  let browser: Browser;
  let troubles: string[] = [];

  beforeAll(async () => {
    served = await serveDataPage();
    browser = await openBrowser();
  }, PATIENCE_MS);
  afterAll(async () => {
    await browser?.close();
    await served?.close();
  });
  afterEach(async () => {
    for (const context of browser.contexts()) await context.close();
    expect(troubles, 'errors of the console, uncaught errors, failed requests').toEqual([]);
    expect(await findViolations(served.api.database)).toEqual([]);
  });

  async function openAs(role: Role, options?: BrowserContextOptions): Promise<Page> {
    const opened = await openPage(browser, `${served.url}/#data`, options);
    troubles = opened.troubles;
    const { page } = opened;
    await page.getByLabel('User').fill(role);
    await page.getByRole('textbox', { name: 'Password' }).fill(served.passwordOf(role));
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('heading', { name: 'Imports', exact: true }).waitFor();
    return page;
  }

  const send = (page: Page, name: string, content: string) =>
    page
      .locator('input[type=file]')
      .setInputFiles({ name, mimeType: 'text/csv', buffer: Buffer.from(content) });
  const row = (page: Page, name: string) =>
    page.getByRole('region', { name: 'Imports', exact: true }).getByRole('row', { name });
  /** The report of the file, once it is in this state. */
  async function report(page: Page, name: string, status: string) {
    const panel = page.getByRole('region', { name, exact: true });
    await panel.getByText(status, { exact: true }).waitFor();
    return panel;
  }
  const width = (page: Page) => page.evaluate<number>('document.documentElement.scrollWidth');
  async function onHand(page: Page, product: string, at = '', knownAt = ''): Promise<string> {
    const panel = page.getByRole('region', { name: 'Stock as of a time' });
    await panel.getByLabel('Product').fill(product);
    await panel.getByLabel('Stock at (UTC)').fill(at);
    await panel.getByLabel('As known at (UTC)').fill(knownAt);
    await panel.getByLabel('As known at (UTC)').focus();
    const answered = page.waitForResponse((response) => response.url().includes('/ledger?'));
    await panel.getByRole('button', { name: 'Ask the ledger' }).click();
    await answered;
    await panel.getByRole('table', { name: 'Newest movements' }).waitFor();
    return await panel.getByText(/on hand$/).innerText();
  }

  test('begins empty, is its own address, and leads to the overview and back', async () => {
    const page = await openAs('planner');
    await page.getByText('Nothing was imported yet').waitFor();
    await page.reload();
    await page.getByRole('heading', { name: 'Imports', exact: true }).waitFor();
    // whoever reloads gives up what the page was still asking for
    expect(troubles.splice(0).filter((trouble) => !trouble.includes('ERR_ABORTED'))).toEqual([]);
    await page.getByRole('link', { name: 'Overview' }).click();
    await page.getByRole('heading', { name: 'Sales by week' }).waitFor();
    expect(await page.getByRole('heading', { name: 'Imports', exact: true }).isVisible()).toBe(false);
    await page.goBack();
    await page.getByRole('heading', { name: 'Imports', exact: true }).waitFor();
    expect(await page.getByRole('link', { name: 'Data' }).getAttribute('aria-current')).toBe('page');
    await page.getByRole('button', { name: 'Which files are known?' }).click();
    await page.getByRole('rowheader', { name: 'shopify orders' }).waitFor();
    await page.getByRole('rowheader', { name: 'stock on hand' }).waitFor();
  });

  test('sends a good file to the bucket, waits for its import, and shows that all is well', async () => {
    const page = await openAs('planner');
    const release = served.holdIngest();
    await send(page, 'Lämpchen & Stühle.csv', PRODUCTS);
    await page.getByText('has arrived; its import begins in a moment').waitFor();
    release();
    const panel = await report(page, 'Lampchen - Stuhle.csv', 'done');
    await panel.getByText('2 lines: 2 imported.').waitFor();
    await panel.getByText('No line was rejected.').waitFor();
    await row(page, 'Lampchen - Stuhle.csv').getByText('products').waitFor();
    expect(await page.getByText('has arrived').count()).toBe(0);
  });

  test('takes files that are dropped on it, one after the other, and knows content that came before', async () => {
    const page = await openAs('planner');
    const files = await page.evaluateHandle(dragged, {
      'again.csv': PRODUCTS,
      'sellers.csv': 'seller_id,seller_name\nS1,Anna\n',
    });
    await page.locator('.drop').dispatchEvent('drop', { dataTransfer: files });
    await row(page, 'sellers.csv').getByText('done').waitFor();
    await row(page, 'again.csv').getByRole('button').click();
    const panel = await report(page, 'again.csv', 'duplicate');
    await panel.getByRole('button', { name: 'Show that import' }).click();
    await report(page, 'Lampchen - Stuhle.csv', 'done');
  });

  test('says so when the way to the bucket breaks off, and sends the file again when asked', async () => {
    const page = await openAs('planner');
    await page.route(/\/data$/, (route) => route.abort('connectionreset'), { times: 2 });
    await send(page, 'more.csv', 'seller_id,seller_name\nS2,Bert\n');
    const alert = page.getByRole('alert').filter({ hasText: 'more.csv was not sent' });
    await alert.getByText(/broke off/).waitFor();
    await alert.getByRole('button').click();
    await alert.waitFor({ state: 'hidden' });
    await page.unroute(/\/data$/);
    await send(page, 'more.csv', 'seller_id,seller_name\nS2,Bert\n');
    await report(page, 'more.csv', 'done');
    expect(troubles.splice(0).filter((trouble) => !/ERR_CONNECTION_RESET/.test(trouble))).toEqual([]);
  });

  test('lets planners ask for models that know the new data, and nobody else', async () => {
    const page = await openAs('planner');
    await page.getByRole('button', { name: 'Train the models anew' }).click();
    await expect.poll(() => served.api.sent).toContainEqual({ type: 'TrainRequested', cause: 'api' });
    const buyer = await openAs('buyer');
    expect(await buyer.getByRole('button', { name: 'Train the models anew' }).count()).toBe(0);
  });

  test('tells of each refused row why, and hands out all of them', async () => {
    const page = await openAs('warehouse');
    await send(page, 'movements.csv', MOVEMENTS);
    const panel = await report(page, 'movements.csv', 'done');
    await panel.getByText('5 lines: 3 imported, 2 rejected.').waitFor();
    const refused = panel.getByRole('table', { name: 'Rejected, by reason' });
    expect(await refused.getByRole('row', { name: /quantity_change/ }).innerText()).toMatch(/1\s+4$/);
    expect(await refused.getByRole('row', { name: /^date/ }).innerText()).toMatch(/1\s+5$/);
    const coming = page.waitForEvent('download');
    await panel.getByRole('button', { name: 'Download the rejected rows' }).click();
    const text = readFileSync(await (await coming).path(), 'utf8');
    expect(text.split('\n')[0]).toBe('line,field,reason,original');
    expect(text).toContain('M3,P1,2011-03-07,many,receipt');
    const [, imported, known, left, rejected] = await row(page, 'movements.csv')
      .getByRole('cell')
      .allInnerTexts();
    expect([imported, known, left, rejected]).toEqual(['3', '0', '0', '2']);
    // to a browser a download is a navigation that it gave up
    expect(troubles.splice(0).filter((trouble) => !/rejects.*ERR_ABORTED/.test(trouble))).toEqual([]);
  });

  test('asks of a file that nobody knows what its columns are, tries it, and imports it for good', async () => {
    const page = await openAs('buyer');
    await send(page, 'till.csv', TILL);
    let panel = await report(page, 'till.csv', 'failed');
    await panel.getByText(/Seen: beleg, artikel, wann, stück, einzelpreis/).waitFor();
    const form = panel.getByRole('form', { name: 'Map the columns' });
    await form.getByLabel('The lines are').selectOption({ label: 'sales lines' });
    await form.getByText('Still needed: order_id').waitFor();
    const columns = {
      order_id: 'Beleg',
      date: 'Wann',
      product_id: 'Artikel',
      quantity: 'Stück',
      unit_price: 'Einzelpreis',
    };
    expect(await form.getByRole('combobox', { name: 'brand', exact: true }).count()).toBe(0);
    await form.getByRole('button', { name: /^16 more columns/ }).click();
    await form.getByRole('combobox', { name: 'brand', exact: true }).waitFor();
    for (const [column, header] of Object.entries(columns))
      await form.getByRole('combobox', { name: column, exact: true }).selectOption({ label: header });
    await form
      .getByRole('combobox', { name: 'line', exact: true })
      .selectOption({ label: 'the same for every line' });
    await form.getByLabel('line of every line').fill('1');
    await form.getByRole('button', { name: 'Save and try' }).click();
    panel = await report(page, 'till.csv', 'checked');
    await panel.getByText('2 lines: 2 imported.').waitFor();
    await panel.getByText(/decimal comma, because of/).waitFor();
    await panel.getByRole('button', { name: 'Import for good' }).click();
    await report(page, 'till.csv', 'done');
    expect(await onHand(page, 'P1')).toBe('133 on hand');
  });

  test('reads a file again as somebody says, where it can be read both ways', async () => {
    const page = await openAs('planner');
    await page.getByLabel('Only try').check();
    await send(
      page,
      'orders.csv',
      'order_id,line,date,product_id,quantity,unit_price\nA,1,03/04/2011,P2,1,2\n',
    );
    let panel = await report(page, 'orders.csv', 'failed');
    await panel.getByText(/may have the day or the month first/).waitFor();
    expect(await panel.innerText()).not.toContain('{');
    await panel.getByLabel('Dates').selectOption('day-first');
    await panel.getByRole('button', { name: 'Read again' }).click();
    panel = await report(page, 'orders.csv', 'checked');
    await panel.getByText(/3 Apr 2011/).waitFor();
    await panel.getByRole('button', { name: 'Import for good' }).click();
    panel = await report(page, 'orders.csv', 'done');
    await panel.getByText(/3 Apr 2011/).waitFor();
  });

  test('takes an import back once a reason is given; the ledger still knows what it knew', async () => {
    const page = await openAs('planner');
    await row(page, 'movements.csv').getByRole('button').click();
    const panel = await report(page, 'movements.csv', 'done');
    const before = new Date().toISOString().slice(0, 19);
    await panel.getByRole('button', { name: 'Take this import back' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText(/linked reversal/).waitFor();
    expect(await dialog.getByRole('button', { name: 'Take it back' }).isDisabled()).toBe(true);
    await dialog.getByLabel('Reason').fill('the wrong year');
    await dialog.getByRole('button', { name: 'Take it back' }).click();
    await report(page, 'movements.csv', 'undone');
    await panel.getByText(/Taken back by planner.*the wrong year/).waitFor();
    expect(await onHand(page, 'P1', '2011-03-06T00:00', before)).toBe('140 on hand');
    const later = page.getByRole('table', { name: 'Newest movements' }).getByText('(later)');
    expect(await later.count()).toBeGreaterThan(0);
    // what the till sold later must have been there
    expect(await onHand(page, 'P1', '2011-03-06T00:00')).toBe('7 on hand');
    await expect.poll(() => later.count()).toBe(0);
    const movements = page.getByRole('table', { name: 'Newest movements' });
    await movements
      .getByText(/^takes \d+ back$/)
      .first()
      .waitFor();
    await movements.getByText('import undone: the wrong year').first().waitFor();
  });

  test('follows an import that runs until it ends', async () => {
    const { database } = served.api;
    const importId = 'one-that-runs-for-long';
    const key = 'drop/history.csv';
    await openImport(database, { importId, key, etag: 'e', size: 4_000_000 });
    const page = await openAs('viewer');
    await row(page, 'history.csv').getByRole('button').click();
    const panel = await report(page, 'history.csv', 'running');
    await panel.getByText('The file is looked through.').waitFor();
    await saveSurvey(database, importId, { sha256: 'a'.repeat(64), encoding: 'utf-8' });
    await saveProgress(database, importId, { bytes: 1_000_000, rows: 12_000 });
    await panel.getByText(/^12,000 lines done, [\d,]+ a second\.$/).waitFor();
    const bars = page.getByRole('progressbar', { name: 'How far history.csv is' });
    await expect.poll(() => bars.count()).toBe(2);
    await expect.poll(() => bars.first().getAttribute('aria-valuenow')).toBe('25');
    const end = { status: 'failed', detail: 'The file ends within quotes.', format: null } as const;
    await endImport(database, importId, { ...end, rejectsKey: null, counts: NO_COUNTS });
    await report(page, 'history.csv', 'failed');
    await panel.getByText('The file ends within quotes.').waitFor();
    await row(page, 'history.csv').getByText('failed').waitFor();
    expect(await bars.count()).toBe(0);
  });

  test('says that a file is empty, and that a product is unknown', async () => {
    const page = await openAs('planner');
    await send(page, 'empty.csv', '');
    await page.getByText('The file is empty.').waitFor();
    const panel = page.getByRole('region', { name: 'Stock as of a time' });
    await panel.getByLabel('Product').fill('nothing of ours');
    await panel.getByLabel('As known at (UTC)').focus();
    await panel.getByRole('button', { name: 'Ask the ledger' }).click();
    await panel.getByText(/no product nothing of ours/i).waitFor();
    expect(troubles.splice(0).filter((trouble) => !/404/.test(trouble))).toEqual([]);
  });

  test('shows viewers what was imported, and offers them nothing to do', async () => {
    const page = await openAs('viewer');
    await row(page, 'till.csv').getByRole('button').click();
    await report(page, 'till.csv', 'done');
    expect(await page.locator('input[type=file]').count()).toBe(0);
    expect(await page.getByRole('button', { name: /take|import|read again/i }).count()).toBe(0);
  });

  test('fits a phone, in light and in dark, and can be used by keyboard', async () => {
    for (const colorScheme of ['light', 'dark'] as const) {
      const page = await openAs('planner', { ...PHONE, colorScheme });
      const button = row(page, 'till.csv').getByRole('button');
      await button.focus();
      await page.keyboard.press('Enter');
      const panel = await report(page, 'till.csv', 'done');
      expect(await width(page)).toBeLessThanOrEqual(390);
      await onHand(page, 'P1');
      expect(await width(page)).toBeLessThanOrEqual(390);
      await panel.getByRole('button', { name: 'Take this import back' }).focus();
      await page.keyboard.press('Enter');
      await page
        .getByRole('dialog')
        .getByText(/linked reversal/)
        .waitFor();
      expect(await width(page)).toBeLessThanOrEqual(390);
      await page.keyboard.press('Escape');
      await page.getByRole('dialog').waitFor({ state: 'hidden' });
    }
  });
});

/** Files as a mouse drags them in. */
function dragged(files: Record<string, string>): unknown {
  // biome-ignore lint/suspicious/noExplicitAny: a class of the browser
  const transfer = new (globalThis as any).DataTransfer();
  for (const [name, content] of Object.entries(files))
    transfer.items.add(new File([content], name, { type: 'text/csv' }));
  return transfer;
}

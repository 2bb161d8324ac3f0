import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Role } from '../../shared/contracts/role.ts';
import { CHROMIUM, inBrowser, openBrowser, openPage, type WatchedPage } from './open-browser.ts';
import { PLANTED, type ServedPage, servePage } from './serve-page.ts';

const PATIENCE_MS = 5 * 60_000;
/** The right edge of the cell, button or chart that reaches farthest: nothing is cut off. */
const RIGHTMOST = `Math.max(...[...document.querySelectorAll('td, th, button, canvas')].map((it) => it.getBoundingClientRect().right))`;
const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };

describe.skipIf(!CHROMIUM)(inBrowser('the page in a browser'), { timeout: PATIENCE_MS }, () => {
  let served: ServedPage;
  let browser: Browser;
  let troubles: string[] = [];

  beforeAll(async () => {
    served = await servePage();
    browser = await openBrowser();
  }, PATIENCE_MS);
  afterAll(async () => {
    await browser?.close();
    await served?.close();
  });
  afterEach(async () => {
    for (const context of browser.contexts()) await context.close();
    expect(troubles, 'errors of the console, uncaught errors, failed requests').toEqual([]);
  });

  async function open(options?: BrowserContextOptions): Promise<Page> {
    const opened: WatchedPage = await openPage(browser, served.url, options);
    troubles = opened.troubles;
    return opened.page;
  }

  /** The whole page, with everything on it loaded. */
  async function openAs(role: Role, options?: BrowserContextOptions): Promise<Page> {
    const page = await open(options);
    await page.getByLabel('User').fill(role);
    await page.getByRole('textbox', { name: 'Password' }).fill(served.passwordOf(role));
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('img', { name: /weeks of demand/ }).waitFor();
    await page.getByRole('img', { name: /^Revenue/ }).waitFor();
    await page.getByRole('img', { name: /^Forecast of/ }).waitFor();
    await page.getByRole('cell', { name: /^PO-/ }).first().waitFor();
    return page;
  }

  const suggestions = (page: Page) =>
    page.getByRole('region', { name: 'What to order' }).locator('tbody').getByRole('row');
  const order = (page: Page, supplier: string) =>
    page.getByRole('region', { name: 'Purchase orders' }).getByRole('row', { name: supplier });
  const width = (page: Page) => page.evaluate<number>('document.documentElement.scrollWidth');

  test('says that a password is wrong, and then lets the right one in and out again', async () => {
    const page = await open();
    await page.getByLabel('User').fill('viewer');
    await page.getByRole('textbox', { name: 'Password' }).fill('guessed');
    await page.getByRole('button', { name: 'Sign in' }).click();
    expect(await page.getByRole('alert').innerText()).toMatch(/wrong user name or password/i);
    expect(troubles.splice(0)).toContain('401: /auth/token');
    await page.getByRole('textbox', { name: 'Password' }).fill(served.passwordOf('viewer'));
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByLabel('User').waitFor();
    await page.reload();
    await page.getByLabel('User').waitFor();
    // whoever leaves at once gives up what the page was still asking for
    expect(troubles.splice(0).filter((trouble) => !trouble.includes('ERR_ABORTED'))).toEqual([]);
  });

  test('asks for the password again when the token has ended', async () => {
    const page = await openAs('viewer');
    await page.evaluate(() => {
      const [name, text] = Object.entries(sessionStorage)[0]!;
      const session = JSON.parse(text);
      sessionStorage.setItem(name, JSON.stringify({ ...session, token: `${session.token}x` }));
    });
    await page.reload();
    await page.getByLabel('User').waitFor();
    // what was asked for at the same time is refused too, or given up
    expect(troubles.splice(0).filter((trouble) => !/401|ERR_ABORTED/.test(trouble))).toEqual([]);
  });

  test('shows sales, what to order, and a forecast whose band lies in the future', async () => {
    const page = await openAs('viewer');
    expect(await page.getByText(/^as of \d/).innerText()).toBe('as of 3 Oct 2011');
    expect(await page.getByRole('img', { name: /^Revenue/ }).getAttribute('aria-label')).toMatch(/40 weeks/);
    expect(await suggestions(page).count()).toBe(12);
    await page.getByText(`${PLANTED.short} suggestions`).waitFor();
    await page.getByRole('button', { name: 'Page 2 of the suggestions' }).click();
    await expect.poll(() => suggestions(page).count()).toBe(PLANTED.short - 12);
    expect(await page.getByText(PLANTED.plenty).count()).toBe(0);
    const chart = page
      .getByRole('img', { name: /weeks of demand, [\d,.]+ units expected/ })
      .locator('canvas');
    const tint = await chart.evaluate(tintedPixels);
    expect(tint.right).toBeGreaterThan(1000);
    expect(tint.left).toBeLessThan(tint.right / 20);
  });

  test('shows the forecast of all products, and of a category once it is chosen', async () => {
    const page = await openAs('viewer');
    const region = page.getByRole('region', { name: 'Demand and forecast by week' });
    const units = async (of: string): Promise<number> => {
      const chart = region.getByRole('img', {
        name: new RegExp(`^Forecast of ${of}: [\\d,.]+ units in 13 weeks`),
      });
      const tint = await chart.locator('canvas').evaluate(tintedPixels);
      expect(tint.right).toBeGreaterThan(500);
      expect(tint.left).toBeLessThan(tint.right / 5);
      return Number((await region.innerText()).replaceAll(',', '').match(/(\d+) units in 13 weeks/)![1]);
    };
    const all = await units('All products');
    const parts: number[] = [];
    for (const category of ['Home', 'Party & Paper']) {
      await region.getByLabel('Category').selectOption(category);
      parts.push(await units(category));
    }
    expect(Math.abs(parts[0]! + parts[1]! - all)).toBeLessThanOrEqual(2);
  });

  test('tells of each suggestion why, in words and numbers that are those of its row', async () => {
    const page = await openAs('viewer');
    for (const nth of [3, 7]) {
      const row = suggestions(page).nth(nth);
      await row.getByRole('button').click();
      const name = await row.getByRole('button').innerText();
      const [, , position, quantity] = await row.getByRole('cell').allInnerTexts();
      const why = page.getByRole('region', { name });
      await why.getByRole('img', { name: /weeks of demand/ }).waitFor();
      const number = (what: string) =>
        why
          .getByRole('row')
          .filter({ has: page.getByRole('cell', { name: what, exact: true }) })
          .getByRole('cell')
          .nth(1)
          .innerText();
      expect([await number('position'), await number('quantity')]).toEqual([position, quantity]);
      expect((await why.innerText()).replaceAll(',', '')).toContain(
        `Order up to ${(await number('order up to')).replaceAll(',', '')} units: `,
      );
    }
  });

  test('leads from a suggestion to the movements behind its stock', async () => {
    const page = await openAs('viewer');
    const [, , position] = await suggestions(page).first().getByRole('cell').allInnerTexts();
    await page.getByRole('link', { name: 'Movements behind its stock' }).click();
    const panel = page.getByRole('region', { name: 'Stock as of a time' });
    await panel.getByText(`${position} on hand`).waitFor();
    await panel.getByRole('table', { name: 'Newest movements' }).getByText('sale').first().waitFor();
    await page.goBack();
    await page.getByRole('img', { name: /weeks of demand/ }).waitFor();
  });

  test('says how far forecasts were off, at which lag, with naive beside it, and where no week is closed yet', async () => {
    const page = await openAs('viewer');
    const panel = page.getByRole('region', { name: 'How good forecasts were' });
    const row = panel.getByRole('row', { name: 'Home' });
    await row.waitFor();
    const [, sold, error, naive, bias, inside] = await row.getByRole('cell').allInnerTexts();
    expect(Number(sold!.replaceAll(',', ''))).toBeGreaterThan(100);
    for (const share of [error, naive, inside]) expect(share).toMatch(/^\d+\.\d %$/);
    expect(bias).toMatch(/^[+-]?\d+\.\d %$/);
    const about = await panel.innerText();
    expect(about).toMatch(/Bucket: week/);
    expect(about).toMatch(/Lag: forecast 1 week ahead\. 1 closed week, ended 5 Sept 2011/);
    await panel.getByText('4 weeks ahead', { exact: true }).click();
    await panel.getByText(/forecast 4 weeks ahead.*26 Sept 2011/).waitFor();
    await panel.getByText('13 weeks ahead', { exact: true }).click();
    await panel.getByText(/No closed week yet.*13 weeks ahead/).waitFor();
  });

  test('lets an approver approve an order, whose suggestions are then done, and a viewer only look', async () => {
    const approver = await openAs('approver');
    const viewer = await openAs('viewer');
    expect(await viewer.getByRole('button', { name: /approve/i }).count()).toBe(0);
    expect(await order(viewer, 'Albion Giftware').innerText()).toMatch(/draft/i);
    await order(approver, 'Albion Giftware')
      .getByRole('button', { name: /^Approve PO-\d+$/ })
      .click();
    await order(approver, 'Albion Giftware').getByText('approved').waitFor();
    expect(await order(approver, 'Albion Giftware').innerText()).toMatch(/approver, /);
    await approver.getByText(`${PLANTED.short / 2} suggestions`).waitFor();
    await viewer.reload();
    await order(viewer, 'Albion Giftware').getByText('approved').waitFor();
    const id = (await order(viewer, 'Thames Paper Mill').getByRole('cell').first().innerText()).slice(3);
    expect(await viewer.evaluate(approveByHand, id)).toBe(403);
    expect(troubles.splice(0)).toContain(`403: /purchase-orders/${id}/approve`);
  });

  test('fits a phone, in light and in dark', async () => {
    const form = await open(PHONE);
    await form.getByLabel('User').waitFor();
    expect(await width(form)).toBeLessThanOrEqual(390);
    for (const colorScheme of ['light', 'dark'] as const) {
      const page = await openAs('approver', { ...PHONE, colorScheme });
      expect(await width(page)).toBeLessThanOrEqual(390);
      expect(await page.evaluate<number>(RIGHTMOST)).toBeLessThanOrEqual(390);
      await suggestions(page).nth(1).getByRole('button').tap();
      await page.getByRole('img', { name: /weeks of demand/ }).waitFor();
      expect(await width(page)).toBeLessThanOrEqual(390);
    }
  });

  test('can be used by keyboard alone: everything that Tab reaches has a name, and Enter does it', async () => {
    const page = await open();
    await page.getByLabel('User').waitFor();
    const form = await tabThrough(page, /button "Sign in"/);
    expect(form).toEqual([
      expect.stringMatching(/textbox "User/),
      expect.stringMatching(/textbox "Password/),
      expect.stringMatching(/button "Sign in"/),
    ]);
    await page.getByLabel('User').focus();
    await page.keyboard.type('approver');
    await page.keyboard.press('Tab');
    await page.keyboard.type(served.passwordOf('approver'));
    await page.keyboard.press('Enter');
    await page.getByRole('cell', { name: /^PO-/ }).first().waitFor();
    await page.getByRole('img', { name: /weeks of demand/ }).waitFor();
    const names = await tabThrough(page, /button "Approve PO-/);
    expect(names[0]).toMatch(/button "Sign out"/);
    expect(names.filter((name) => !/^- \w+ ".+"/.test(name))).toEqual([]);
    expect(names.filter((name) => /Hanging heart/.test(name))).toHaveLength(PLANTED.short / 2);
    await suggestions(page).nth(2).getByRole('button').focus();
    await page.keyboard.press('Enter');
    const chosen = await suggestions(page).nth(2).getByRole('button').innerText();
    await page.getByRole('region', { name: chosen }).getByRole('img').waitFor();
    await page.getByRole('button', { name: /^Approve PO-/ }).focus();
    await page.keyboard.press('Enter');
    await page.getByText('Nothing to order').waitFor();
  });
});

/** What the focus meets, as a screen reader says it, from the next stop to the first that fits. */
async function tabThrough(page: Page, last: RegExp): Promise<string[]> {
  const met: string[] = [];
  for (let stop = 0; stop < 60; stop++) {
    await page.keyboard.press('Tab');
    met.push((await page.locator(':focus').ariaSnapshot()).split('\n')[0]!);
    if (last.test(met.at(-1)!)) return met;
  }
  throw new Error(`Tab did not come to ${last}: ${met.join('; ')}`);
}

interface Canvas {
  readonly width: number;
  readonly height: number;
  getContext(kind: '2d'): {
    getImageData(x: number, y: number, width: number, height: number): { data: Uint8ClampedArray };
  };
}

/** Pixels in the pale blue of the band: in the left third, which is past, and in the right one, which is future. */
function tintedPixels(element: unknown): { left: number; right: number } {
  const canvas = element as Canvas;
  const { width, height } = canvas;
  const { data } = canvas.getContext('2d').getImageData(0, 0, width, height);
  const counts = { left: 0, right: 0 };
  for (let i = 0; i < data.length; i += 4) {
    const [red, , blue, alpha] = data.subarray(i, i + 4);
    if (alpha === 0 || blue! - red! < 40) continue;
    const x = (i / 4) % width;
    if (x < width / 3) counts.left++;
    else if (x > (2 * width) / 3) counts.right++;
  }
  return counts;
}

/** What the API answers to a user who asks for what the page does not offer. */
async function approveByHand(id: string): Promise<number> {
  const { token } = JSON.parse(Object.values(sessionStorage)[0]);
  const answer = await fetch(`/purchase-orders/${id}/approve`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
      'idempotency-key': 'mine',
    },
    body: '{}',
  });
  return answer.status;
}

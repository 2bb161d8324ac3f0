import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
/** A slow machine that does other work as well. */
const PATIENCE_MS = 30_000;

/** The browser of this machine: the variable CHROMIUM, else one on the PATH; undefined when there is none. */
export const CHROMIUM = process.env.CHROMIUM || onPath();

/** What a suite in a browser is called: without a browser its tests are skipped, and its name says so. */
export const inBrowser = (name: string): string =>
  CHROMIUM ? name : `${name} (skipped: no Chromium on the PATH, and CHROMIUM names none)`;

/** A page, and everything that went wrong in it so far. */
export interface WatchedPage {
  readonly page: Page;
  /** Errors and warnings of the console, uncaught errors, requests without an answer or refused. */
  readonly troubles: string[];
}

export const openBrowser = (): Promise<Browser> => chromium.launch({ executablePath: CHROMIUM! });

/** A page in a session of its own, as one more person would open it. */
export async function openPage(
  browser: Browser,
  url: string,
  options: BrowserContextOptions = {},
): Promise<WatchedPage> {
  const context = await browser.newContext({ colorScheme: 'light', ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE_MS);
  const troubles: string[] = [];
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) troubles.push(`console: ${message.text()}`);
  });
  page.on('pageerror', (error) => troubles.push(`uncaught: ${error.message}`));
  page.on('requestfailed', (request) =>
    troubles.push(`failed: ${request.url()} ${request.failure()?.errorText}`),
  );
  page.on('response', (response) => {
    if (response.status() >= 400) troubles.push(`${response.status()}: ${new URL(response.url()).pathname}`);
  });
  await page.goto(url);
  return { page, troubles };
}

function onPath(): string | undefined {
  const folders = (process.env.PATH ?? '').split(delimiter).filter((folder) => folder !== '');
  return NAMES.flatMap((name) => folders.map((folder) => join(folder, name))).find((path) => {
    try {
      accessSync(path, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

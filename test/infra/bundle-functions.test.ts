import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { FUNCTION_NAMES } from '../../infra/functions.ts';
import { synthesize } from '../../infra/synth.ts';

/**
 * Of one minified bundle; what is larger starts cold too slowly. The API's has grown by the routes of purchasing, policies,
 * allocation, lots and simulations, a kilobyte or two each: its libraries are what they were.
 */
const MOST_BYTES = 1.6 * 1_048_576;

describe('the synthesized app', () => {
  let folder: string;
  let directory: string;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'smart-inventory-synth-'));
    ({ directory } = await synthesize({ stage: 'dev', outdir: join(folder, 'first') }));
  }, 300_000);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  /** Asset key of each function. */
  function assetsOf(assembly: string): Record<string, string> {
    const templates = readdirSync(assembly).filter((file) => file.endsWith('.template.json'));
    const resources = templates.flatMap((file) =>
      Object.values(
        JSON.parse(readFileSync(join(assembly, file), 'utf8')).Resources as Record<
          string,
          {
            Type: string;
            Properties: { Code: { S3Key: string }; Environment?: { Variables: Record<string, string> } };
          }
        >,
      ),
    );
    return Object.fromEntries(
      resources.flatMap(({ Type, Properties }) => {
        const name =
          Type === 'AWS::Lambda::Function' && Properties.Environment?.Variables.POWERTOOLS_SERVICE_NAME;
        return name ? [[name, Properties.Code.S3Key.replace(/\.zip$/, '')]] : [];
      }),
    );
  }

  test('runs every function from an asset of its own, whose folder is in the assembly', () => {
    const assets = assetsOf(directory);
    expect(Object.keys(assets).sort()).toEqual([...FUNCTION_NAMES].sort());
    expect(new Set(Object.values(assets)).size).toBe(FUNCTION_NAMES.length);
    for (const hash of Object.values(assets)) {
      expect(statSync(join(directory, `asset.${hash}`, 'index.mjs')).isFile()).toBe(true);
    }
  });

  test('has no bundle above 1.6 MiB', () => {
    for (const hash of Object.values(assetsOf(directory))) {
      expect(statSync(join(directory, `asset.${hash}`, 'index.mjs')).size).toBeLessThan(MOST_BYTES);
    }
  });

  test('has the holidays of countries beside the functions that may ask for them, ready to load', async () => {
    const assets = assetsOf(directory);
    const holders = Object.keys(assets).filter((name) =>
      readdirSync(join(directory, `asset.${assets[name]}`)).includes('date-holidays.mjs'),
    );
    expect(holders.sort()).toEqual(['forecast', 'train']);
    const file = join(directory, `asset.${assets.train}`, 'date-holidays.mjs');
    const { default: Holidays } = await import(pathToFileURL(file).href);
    const days = new Holidays('GB', 'ENG')
      .getHolidays(2022)
      .map(({ date }: { date: string }) => date.slice(0, 10));
    expect(days).toContain('2022-08-29');
  });

  test('has the same assets when it is synthesized again elsewhere', async () => {
    const again = await synthesize({ stage: 'dev', outdir: join(folder, 'again') });
    expect(assetsOf(again.directory)).toEqual(assetsOf(directory));
  }, 300_000);
});

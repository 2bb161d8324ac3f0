import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, expect, test } from 'vitest';
import { addDays } from '../../shared/core/calendar/add-days.ts';

const BENCH = new URL('../../bench/run.ts', import.meta.url).pathname;
const folder = mkdtempSync(join(tmpdir(), 'smart-inventory-bench-'));
const results = join(folder, 'results');
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function accuracy(...parameters: string[]): Promise<{ failed: boolean; stdout: string; stderr: string }> {
  const asked = [BENCH, 'accuracy', '--data', folder, '--results', results, ...parameters];
  return new Promise((resolve) => {
    execFile(process.execPath, asked, { timeout: 120_000 }, (error, stdout, stderr) => {
      resolve({ failed: error !== null, stdout, stderr });
    });
  });
}

test('earlier origins are refused for M4, which has none, and sets that there are not at all', async () => {
  const m4 = await accuracy('--earlier', '1', '--sets', 'm4-weekly');
  expect(m4).toMatchObject({ failed: true, stderr: expect.stringContaining('m4-weekly has the origin') });
  const mixed = await accuracy('--earlier', '1', '--sets', 'm5-weekly,m4-weekly');
  expect(mixed).toMatchObject({ failed: true, stderr: expect.stringContaining('m4-weekly has the origin') });
  const unknown = await accuracy('--sets', 'm5-yearly');
  expect(unknown).toMatchObject({ failed: true, stderr: expect.stringContaining('no set m5-yearly') });
  expect(existsSync(results)).toBe(false);
});

test('earlier origins are scored and nothing is written', async () => {
  const rows = Array.from(
    { length: 120 },
    (_, week) => `a,${addDays('2020-01-06', 7 * week)},${20 + (week % 5)}`,
  );
  const peers = join(folder, 'bench/peers/amazon-category-weekly');
  mkdirSync(join(folder, 'data'));
  mkdirSync(peers, { recursive: true });
  const csv = ['series_id,date,quantity', ...rows, ''].join('\n');
  writeFileSync(join(folder, 'data/amazon-category-weekly.csv.gz'), gzipSync(csv));
  writeFileSync(join(peers, 'folds.csv'), `series_id,origin\na,${addDays('2020-01-06', 7 * 107)}\n`);
  writeFileSync(join(folder, 'bench/peers/peers.csv'), 'set,model\n');
  const found = await accuracy('--earlier', '1', '--sets', 'amazon-category-weekly', '--models', 'naive');
  expect(found, found.stderr).toMatchObject({ failed: false });
  expect(found.stdout).toContain('amazon-category-weekly smart-inventory naive');
  expect(existsSync(results)).toBe(false);
});

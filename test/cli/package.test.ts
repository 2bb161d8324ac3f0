import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { afterAll, beforeAll, expect, test } from 'vitest';

const run = promisify(execFile);
const root = new URL('../..', import.meta.url).pathname;
const project = await mkdtemp(join(tmpdir(), 'smart-inventory-package-'));
const installed = join(project, 'node_modules/smart-inventory');

/** What an install of the tarball leaves: its files, and the packages it names, here those of the repository. */
beforeAll(async () => {
  const env = { ...process.env, PATH: `${join(root, 'node_modules/.bin')}:${process.env.PATH}` };
  await run('npm', ['pack', '--pack-destination', project], { cwd: root, env });
  await run('tar', ['-xzf', join(project, 'smart-inventory-0.1.0.tgz'), '-C', project]);
  await mkdir(join(project, 'node_modules'));
  await cp(join(project, 'package'), installed, { recursive: true });
  const { dependencies } = JSON.parse(await readFile(join(installed, 'package.json'), 'utf8')) as {
    dependencies: Record<string, string>;
  };
  for (const name of ['pure-rand', 'commander', 'zod']) {
    expect(dependencies).toHaveProperty(name);
    await symlink(join(root, 'node_modules', name), join(project, 'node_modules', name));
  }
  await writeFile(join(project, 'package.json'), '{ "type": "module" }');
}, 300_000);

afterAll(() => rm(project, { recursive: true, force: true }));

test('an empty project imports the forecasting library from the packed tarball', async () => {
  await writeFile(
    join(project, 'use.js'),
    `import { forecastSeries, NAMED_MODELS } from 'smart-inventory/core/forecast';
     import { fitPolicy } from 'smart-inventory/core/inventory/policies/fit-policy';
     const quantities = new Float64Array(30).fill(7);
     const { mean } = forecastSeries({ quantities, period: 7, horizon: 2, levels: [0.5], seed: 1 });
     console.log(JSON.stringify({ mean, theta: typeof NAMED_MODELS.theta.fit, other: typeof fitPolicy }));`,
  );
  const { stdout } = await run(process.execPath, ['use.js'], { cwd: project });
  expect(JSON.parse(stdout)).toMatchObject({ mean: [7, 7], theta: 'function', other: 'function' });
});

test('its types are checked by a compiler that knows nothing of this repository', async () => {
  const write = (file: string, horizon: string) =>
    writeFile(
      join(project, file),
      `import { forecastSeries, type SeriesForecast } from 'smart-inventory/core/forecast';
       const found: SeriesForecast = forecastSeries({ quantities: [1, 2], period: 1, horizon: ${horizon}, levels: [], seed: 1 });
       export const first: number = found.mean[0] ?? 0;`,
    );
  await write('right.ts', '3');
  await write('wrong.ts', "'three'");
  const check = (file: string) =>
    run(join(root, 'node_modules/.bin/tsc'), ['--noEmit', '--strict', '--module', 'nodenext', file], {
      cwd: project,
    });
  await check('right.ts');
  await expect(check('wrong.ts')).rejects.toMatchObject({ stdout: expect.stringContaining('error TS2322') });
}, 120_000);

test('the command of the package forecasts a file in two threads', async () => {
  const rows = Array.from({ length: 20 }, (_, i) => `a,2024-01-${String(i + 1).padStart(2, '0')},5`);
  await writeFile(join(project, 'history.csv'), ['series_id,date,quantity', ...rows].join('\n'));
  await run(
    process.execPath,
    [
      join(installed, 'cli/smart-inventory.mjs'),
      ...['forecast', '--input', 'history.csv', '--frequency', 'daily', '--horizon', '1', '--jobs', '2'],
      ...['--quantiles', '0.5', '--output', 'forecast.csv'],
    ],
    { cwd: project },
  );
  const [, line] = (await readFile(join(project, 'forecast.csv'), 'utf8')).split('\n');
  expect(line).toMatch(/^2024-01-20,a,2024-01-21,5,5,/);
});

test('the library with its dependencies is no more than 300 KB minified', async () => {
  const { outputFiles } = await build({
    entryPoints: [join(root, 'shared/core/forecast/index.ts')],
    bundle: true,
    minify: true,
    format: 'esm',
    write: false,
  });
  const bytes = outputFiles[0]!.contents.length;
  expect(bytes).toBeGreaterThan(10_000);
  expect(bytes).toBeLessThanOrEqual(300_000);
});

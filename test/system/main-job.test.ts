import { type ChildProcess, execFile } from 'node:child_process';
import { once } from 'node:events';
import {
  copyFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { freePort } from '../../infra/local/free-port.ts';
import { SAMPLE_COUNTS } from '../../infra/local/sample/documented-counts.ts';
import { waitUntil } from '../../infra/local/wait-until.ts';
import { LocalStatus } from '../../shared/contracts/local-status.ts';
import type { Role } from '../../shared/contracts/role.ts';
import { shellBlocks } from '../documents/commands.ts';
import { hasProgram, runBlock } from '../documents/run-block.ts';
import { CHROMIUM, inBrowser, openBrowser, openPage } from '../web/open-browser.ts';
import { killTree, runOnce, SHOWS_PROCESSES, startStack, treeOf } from './run-once.ts';

const PATIENCE_MS = 10 * 60_000;
const home = mkdtempSync(join(tmpdir(), 'main-job-'));
const cli = resolve(import.meta.dirname, '../../cli/main.ts');
let summary: Record<string, number>;

beforeAll(async () => {
  // the engine that earlier tests or starts have found serves here too
  const engine = resolve(process.env.SMART_INVENTORY_HOME ?? '.local', 'engine.json');
  if (existsSync(engine)) copyFileSync(engine, join(home, 'engine.json'));
  summary = await runOnce(home);
}, PATIENCE_MS);

afterAll(() => rmSync(home, { recursive: true, force: true }));

test('the main job on the sample ends with orders, forecasts, suggestions and draft orders, and the known rejects', () => {
  for (const part of ['orders', 'products', 'series', 'forecasts', 'suggestions', 'purchaseOrders']) {
    expect(summary[part], part).toBeGreaterThan(0);
  }
  // a shop that runs well: some articles are due, most are not
  const share = summary.suggestions! / summary.series!;
  expect(share).toBeGreaterThan(0.05);
  expect(share).toBeLessThan(0.5);
  expect(summary.rejectedRows).toBe(SAMPLE_COUNTS.rejectedRows);
});

describe('a later start', () => {
  let child: ChildProcess;
  let edge: string;
  let url: string;
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const clients = () => ({ endpoint: edge, region: 'us-east-1', credentials });

  beforeAll(async () => {
    const [port, edgePort] = [await freePort(), await freePort()];
    edge = `http://127.0.0.1:${edgePort}`;
    url = `http://127.0.0.1:${port}`;
    child = startStack(home, [], { PORT: String(port), AWS_PORT: String(edgePort) });
    child.stdout!.resume();
    child.stderr!.resume();
    const isHealthy = () =>
      fetch(`${url}/health`).then(
        (answer) => answer.ok,
        () => false,
      );
    await waitUntil(isHealthy, { limitMs: PATIENCE_MS, what: 'health' });
  }, PATIENCE_MS);

  afterAll(async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    if (SHOWS_PROCESSES) killTree(child.pid!);
    else child.kill('SIGTERM');
    await once(child, 'exit');
  });

  const command = async (...args: string[]) =>
    (await promisify(execFile)(process.execPath, [cli, '--edge', edge, ...args])).stdout;
  const status = async () => LocalStatus.parse(JSON.parse(await command('status', '--json')));
  const passwordOf = (role: Role): string =>
    JSON.parse(readFileSync(join(home, 'credentials.json'), 'utf8')).users.find(
      (user: { username: string }) => user.username === role,
    ).password;
  const drop = (name: string, body: string, bucket: string) =>
    new S3Client({ ...clients(), forcePathStyle: true }).send(
      new PutObjectCommand({ Bucket: bucket, Key: `drop/${name}`, Body: body }),
    );
  const until = async (what: string, holds: (now: LocalStatus) => boolean): Promise<LocalStatus> => {
    let now = await status();
    const look = async () => {
      now = await status();
      return holds(now);
    };
    await waitUntil(look, { limitMs: PATIENCE_MS, what, everyMs: 500 });
    return now;
  };

  test('has lost nothing', async () => {
    const now = await status();
    expect(now.mainJob).toBe('done');
    expect(now.summary).toEqual(
      expect.objectContaining({ orders: summary.orders, suggestions: summary.suggestions }),
    );
  });

  test('runs every function from the asset that the synthesized templates name', async () => {
    const assembly = join(home, readdirSync(home).find((name) => name.startsWith('cdk.out-'))!);
    const synthesized = readdirSync(assembly)
      .filter((name) => name.endsWith('.assets.json'))
      .flatMap((name) => Object.keys(JSON.parse(readFileSync(join(assembly, name), 'utf8')).files));
    const { functions } = await status();
    expect(functions.length).toBeGreaterThanOrEqual(9);
    for (const { name, assetHash } of functions) expect(synthesized, name).toContain(assetHash);
  });

  test('takes another file of order lines into demand, forecasts and suggestions; a copy changes nothing', {
    timeout: PATIENCE_MS,
  }, async () => {
    const { bucket } = await status();
    const lines = Array.from(
      { length: 50 },
      (_, i) =>
        `990001,22423,REGENCY CAKESTAND 3 TIER,${i + 1},2011-08-08 10:00:00,12.75,17850.0,United Kingdom`,
    );
    const file = [
      'InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country',
      ...lines,
    ].join('\n');
    await drop('august.csv', file, bucket);
    const after = await until(
      'a plan that knows August',
      ({ runs }) => runs[0]?.asOf === '2011-08-08' && runs[0].status === 'done',
    );
    expect(after.summary.orders).toBe(summary.orders! + 1);
    await drop('august-again.csv', file, bucket);
    const again = await until(
      'the copy to be recognised',
      ({ imports }) => imports[0]?.objectKey === 'drop/august-again.csv' && imports[0].status === 'duplicate',
    );
    expect(again.summary).toEqual(after.summary);
    expect(again.runs).toEqual(after.runs);
  });

  test('judges what the plan before had forecast for the week that is over', {
    timeout: PATIENCE_MS,
  }, async () => {
    const signIn = await fetch(`${url}/auth/token`, {
      method: 'POST',
      body: new URLSearchParams({ username: 'viewer', password: passwordOf('viewer') }),
    });
    const { access_token: token } = (await signIn.json()) as { access_token: string };
    let accuracy: Record<string, unknown> = {};
    const isJudged = async () => {
      const path = `${url}/analytics/forecast-accuracy?by=lag&lag=1-13`;
      const answer = await fetch(path, { headers: { authorization: `Bearer ${token}` } });
      accuracy = (await answer.json()) as Record<string, unknown>;
      return accuracy.weeks !== 0;
    };
    await waitUntil(isJudged, { limitMs: PATIENCE_MS, what: 'a closed week', everyMs: 500 });
    expect(accuracy).toMatchObject({ weeks: 1, first_week_end: '2011-08-07', rows: [{ group: '1' }] });
    const [{ forecasts, out_of_stock }] = accuracy.rows as [Record<string, number>];
    expect(forecasts! + out_of_stock!).toBeGreaterThan(3000);
  });

  test('says what is wrong with a poison file, buries a poison message, and sends it back on command', {
    timeout: PATIENCE_MS,
  }, async () => {
    const { bucket, queues } = await status();
    await drop('poison.csv', 'a\0b', bucket);
    const queue = queues.find(({ name }) => name.startsWith('PlanQueue'))!;
    await new SQSClient(clients()).send(
      new SendMessageCommand({
        QueueUrl: `${edge}/000000000000/${queue.name}`,
        MessageBody: '{"type":"Nonsense"}',
      }),
    );
    const buried = ({ queues: all, imports }: LocalStatus) =>
      all.some(({ isDeadLetter, messages }) => isDeadLetter && messages[0]?.body.includes('Nonsense')) &&
      imports.some(({ objectKey, status }) => objectKey === 'drop/poison.csv' && status === 'failed');
    await until('the poison in the dead letters', buried);
    expect(await command('redrive')).toContain('1 messages sent back');
    await until('the poison back in the dead letters', buried);
  });

  test('makes a new plan when the nightly schedule is fired', { timeout: PATIENCE_MS }, async () => {
    await command('run-schedule', 'nightly-plan');
    await until(
      'a plan of the schedule',
      ({ runs }) => runs[0]?.cause === 'schedule' && runs[0].status === 'done',
    );
    await expect(command('run-schedule', 'no-such')).rejects.toThrow(/there is no schedule no-such/);
  });

  test('trains a model when the weekly schedule is fired, and the next plan forecasts with it', {
    timeout: PATIENCE_MS,
  }, async () => {
    const signIn = await fetch(`${url}/auth/token`, {
      method: 'POST',
      body: new URLSearchParams({ username: 'planner', password: passwordOf('planner') }),
    });
    const { access_token: token } = (await signIn.json()) as { access_token: string };
    const ask = async (path: string) => {
      const answer = await fetch(`${url}${path}`, { headers: { authorization: `Bearer ${token}` } });
      return ((await answer.json()) as { data: Record<string, unknown>[] }).data;
    };
    await command('run-schedule', 'weekly-train');
    let models: Record<string, unknown>[] = [];
    await waitUntil(
      async () => {
        models = await ask('/models');
        return models[0]?.status === 'ready';
      },
      { limitMs: PATIENCE_MS, what: 'a model', everyMs: 500 },
    );
    expect(models[0]).toMatchObject({ as_of: '2011-08-08', series: 600, horizon: 13 });
    expect(models[0]!.size_bytes).toBeGreaterThan(10_000);
    const [before] = (await status()).runs;
    await command('run-schedule', 'nightly-plan');
    await until(
      'a plan that has the model',
      ({ runs }) => runs[0]?.runId !== before?.runId && runs[0]?.status === 'done',
    );
    expect((await ask('/forecasts?limit=50')).some(({ model }) => String(model).includes('global'))).toBe(
      true,
    );
    const [planned] = (await status()).runs;
    let groups: Record<string, unknown>[] = [];
    await waitUntil(
      async () => {
        groups = await ask('/forecast-groups?limit=1000');
        return groups[0]?.run_id === planned!.runId;
      },
      { limitMs: PATIENCE_MS, what: 'the forecasts of groups', everyMs: 500 },
    );
    const unitsOf = (rows: Record<string, unknown>[]) =>
      rows.reduce((sum, { total }) => sum + (total as { mean: number }).mean, 0);
    const series: Record<string, unknown>[] = [];
    for (let skip = 0; skip === series.length; skip += 1000)
      series.push(...(await ask(`/forecasts?limit=1000&skip=${skip}`)));
    expect(series).toHaveLength(Number(groups[0]!.series));
    expect(groups.length).toBeGreaterThan(5);
    expect(unitsOf(groups.slice(1)) / unitsOf(groups.slice(0, 1))).toBeCloseTo(1, 7);
    expect(unitsOf(series) / unitsOf(groups.slice(0, 1))).toBeCloseTo(1, 4);
  });

  test('does what the README says, word by word', { timeout: PATIENCE_MS }, async () => {
    const { bucket } = await status();
    const file = join(home, 'orders.csv');
    writeFileSync(
      file,
      'order_id,line,date,product_id,quantity,unit_price\nR1,1,2011-08-03 09:00:00,22423,2,12.75\n',
    );
    const weeks = Array.from({ length: 60 }, (_, week) => {
      const day = new Date(Date.UTC(2023, 0, 2) + week * 7 * 86_400_000).toISOString().slice(0, 10);
      return `a,${day},${5 + (week % 4)}`;
    });
    writeFileSync(join(home, 'history.csv'), ['series_id,date,quantity', ...weeks, ''].join('\n'));
    const here = (text: string) =>
      text
        .replaceAll('orders.csv', file)
        .replaceAll(/\b(history|forecast|metrics|costs)\.csv/g, (name) => join(home, name))
        .replaceAll('--output shop', `--output ${join(home, 'shop')}`)
        .replaceAll('BUCKET', bucket)
        .replaceAll('http://127.0.0.1:4566', edge)
        .replaceAll('127.0.0.1:8080', url.slice('http://'.length))
        .replaceAll('password=...', `password=${passwordOf('planner')}`);
    const blocks = shellBlocks('README.md').filter(
      (block) => /npx smart-inventory|127\.0\.0\.1/.test(block) && !/^npm /m.test(block),
    );
    expect(blocks.length).toBeGreaterThanOrEqual(3);
    const said: string[] = [];
    for (const block of blocks) said.push(await runBlock(here(block), edge));
    const hasSaid = (words: RegExp) => said.some((text) => words.test(text));
    expect(hasSaid(/orders\.csv -> s3:/), 'ingest').toBe(true);
    expect(hasSaid(/main job: (running|done)/), 'status').toBe(true);
    expect(hasSaid(/fired nightly-plan/), 'run-schedule').toBe(true);
    expect(readFileSync(join(home, 'forecast.csv'), 'utf8').trim().split('\n')).toHaveLength(1 + 13);
    expect(readFileSync(join(home, 'metrics.csv'), 'utf8')).toMatch(/^auto,all,/m);
    expect(readFileSync(join(home, 'costs.csv'), 'utf8')).toMatch(/^auto,/m);
    expect(existsSync(join(home, 'shop', 'ledger.csv'))).toBe(true);
    expect(hasSaid(/"status":"open"/), 'curl').toBe(hasProgram('curl') && hasProgram('jq'));
    await until('the import of what the README drops', ({ imports }) =>
      imports.some(({ objectKey, status }) => objectKey === 'drop/orders.csv' && status === 'done'),
    );
  });

  test.skipIf(!CHROMIUM)(
    inBrowser('shows a viewer the page with the figures of the summary'),
    { timeout: PATIENCE_MS },
    async () => {
      await until('the last plan', ({ runs }) => runs.every(({ status }) => status !== 'forecasting'));
      const browser = await openBrowser();
      try {
        const { page, troubles } = await openPage(browser, url);
        await page.getByLabel('User').fill('viewer');
        await page.getByRole('textbox', { name: 'Password' }).fill(passwordOf('viewer'));
        await page.getByRole('button', { name: 'Sign in' }).click();
        await page.getByRole('img', { name: /weeks of demand/ }).waitFor();
        const figure = (label: string) =>
          page.getByText(label, { exact: true }).locator('xpath=following-sibling::*').innerText();
        const { summary: now } = await status();
        const inPage = (count = -1) => new Intl.NumberFormat('en-GB').format(count);
        await expect.poll(() => figure('To order')).toBe(inPage(now.suggestions));
        expect(await figure('Series planned')).toBe(inPage(now.forecasts));
        expect(troubles).toEqual([]);
      } finally {
        await browser.close();
      }
    },
  );

  test.skipIf(!SHOWS_PROCESSES)(
    `ends on SIGTERM and leaves no process${SHOWS_PROCESSES ? '' : ' (left out: needs /proc to see the processes)'}`,
    { timeout: PATIENCE_MS },
    async () => {
      const tree = treeOf(child.pid!);
      expect(tree.length).toBeGreaterThan(2);
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      await ended;
      const isGone = (pid: number) => !existsSync(`/proc/${pid}`);
      await waitUntil(() => tree.every(isGone), { limitMs: 60_000, what: 'every process to end' });
    },
  );
});

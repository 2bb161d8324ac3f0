import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { beforeAll, expect, test } from 'vitest';
import type * as z from 'zod';
import { ApiEnv } from '../../../functions/api/env.ts';
import { AssessEnv } from '../../../functions/assess/env.ts';
import { AuditEnv } from '../../../functions/audit/env.ts';
import { DeliverEnv } from '../../../functions/deliver/env.ts';
import { ForecastEnv } from '../../../functions/forecast/env.ts';
import { IngestEnv } from '../../../functions/ingest/env.ts';
import { LearnEnv } from '../../../functions/learn/env.ts';
import { MigrateEnv } from '../../../functions/migrate/env.ts';
import { NotifyEnv } from '../../../functions/notify/env.ts';
import { PlanEnv } from '../../../functions/plan/env.ts';
import { RestockEnv } from '../../../functions/restock/env.ts';
import { SimulateEnv } from '../../../functions/simulate/env.ts';
import { SourceEnv } from '../../../functions/source/env.ts';
import { StreamEnv } from '../../../functions/stream/env.ts';
import { TrainEnv } from '../../../functions/train/env.ts';
import { stageConfig } from '../../../infra/config.ts';
import { createApp } from '../../../infra/create-app.ts';
import { checkPattern } from '../../../infra/local/events/check-pattern.ts';
import { nextRunOf } from '../../../infra/local/events/next-run.ts';
import { readWiring } from '../../../infra/local/template/read-wiring.ts';
import type { Wiring } from '../../../infra/local/template/wiring.ts';
import { tempFolderForFile } from './temp-folder-for-file.ts';

const ENVIRONMENTS: Readonly<Record<string, z.ZodType>> = {
  ingest: IngestEnv,
  simulate: SimulateEnv,
  source: SourceEnv,
  train: TrainEnv,
  plan: PlanEnv,
  forecast: ForecastEnv,
  restock: RestockEnv,
  assess: AssessEnv,
  audit: AuditEnv,
  learn: LearnEnv,
  notify: NotifyEnv,
  deliver: DeliverEnv,
  api: ApiEnv,
  stream: StreamEnv,
  migrate: MigrateEnv,
};

const folder = tempFolderForFile();
let wiring: Wiring;

beforeAll(() => {
  const code = join(folder(), 'code');
  mkdirSync(code);
  writeFileSync(join(code, 'index.mjs'), 'export const handler = async () => {};');
  const outdir = join(folder(), 'assembly');
  const { app } = createApp({ config: stageConfig('dev'), outdir, codeOf: () => Code.fromAsset(code) });
  app.synth();
  wiring = readWiring(outdir, {
    edgeBase: 'http://127.0.0.1:4566',
    httpBase: 'http://127.0.0.1:8080',
    webSocketBase: 'ws://127.0.0.1:8080',
  });
});

test('the interpreter knows every type of resource of the application', () => {
  expect(wiring.unknown).toEqual([]);
});

test('each function starts with the environment that its own schema asks for', () => {
  const seen = wiring.functions.map(({ environment }) => {
    const service = environment.POWERTOOLS_SERVICE_NAME!;
    const result = ENVIRONMENTS[service]!.safeParse(environment);
    expect(result.error?.issues, service).toBeUndefined();
    return service;
  });
  expect(seen.sort()).toEqual(Object.keys(ENVIRONMENTS).sort());
});

test('whatever refers to a queue or a function refers to one that exists', () => {
  const arns = new Set([...wiring.queues, ...wiring.functions].map(({ arn }) => arn));
  const targets = [...wiring.rules, ...wiring.schedules].flatMap((rule) => rule.targets);
  const used = [
    ...wiring.queues.flatMap((queue) => queue.redrive?.deadLetterArn ?? []),
    ...wiring.buckets.flatMap((bucket) => bucket.notifications.map(({ targetArn }) => targetArn)),
    ...wiring.eventSourceMappings.flatMap(({ queueArn, functionArn }) => [queueArn, functionArn]),
    ...targets.flatMap(({ arn, deadLetterArn }) => [arn, deadLetterArn ?? []].flat()),
    ...wiring.triggers.map(({ functionArn }) => functionArn),
    ...[...wiring.httpApis, ...wiring.webSocketApis].flatMap((api) =>
      api.routes.map(({ functionArn }) => functionArn),
    ),
  ];
  expect(used.length).toBeGreaterThan(20);
  expect(used.filter((arn) => !arns.has(arn))).toEqual([]);
});

test('every pattern and every schedule can be read', () => {
  expect(wiring.rules.length).toBeGreaterThan(0);
  for (const { pattern } of wiring.rules) checkPattern(pattern);
  expect(wiring.schedules.length).toBeGreaterThan(0);
  for (const { expression, timeZone } of wiring.schedules)
    expect(nextRunOf(expression, timeZone, new Date())(new Date())).toBeInstanceOf(Date);
});

test('no address of AWS is left in an environment or in an output', () => {
  const texts = [
    ...wiring.functions.flatMap(({ environment }) => Object.values(environment)),
    ...wiring.outputs.map(({ value }) => value),
  ];
  expect(texts.length).toBeGreaterThan(50);
  expect(texts.filter((text) => /execute-api|cloudfront\.net|sqs\.|\$\{/.test(text))).toEqual([]);
});

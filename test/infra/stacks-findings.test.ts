import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ACKNOWLEDGED } from '../../infra/acknowledged-findings.ts';
import { stageConfig } from '../../infra/config.ts';
import { createApp } from '../../infra/create-app.ts';

describe('findings of cdk-nag and of CloudFormation’s schemas', () => {
  let outdir: string;
  beforeEach(() => {
    outdir = mkdtempSync(join(tmpdir(), 'smart-inventory-findings-'));
  });
  afterEach(() => rmSync(outdir, { recursive: true, force: true }));

  const app = () =>
    createApp({
      config: stageConfig('prod'),
      outdir,
      codeOf: () => Code.fromInline('exports.handler = 0;'),
      isThorough: true,
    });

  test('are none that nobody acknowledged', () => {
    const stacks = app();
    expect(() => stacks.app.synth()).not.toThrow();
  });

  test('stop the synthesis when nobody acknowledged them', () => {
    const stacks = app();
    new Queue(stacks.pipeline, 'Careless');
    expect(() => stacks.app.synth()).toThrow(/AwsSolutions-SQS3/);
  });

  test('are acknowledged one by one, each with a reason', () => {
    const all = Object.values(ACKNOWLEDGED).flat();
    expect(all.length).toBeGreaterThan(10);
    for (const { id, reason } of all) {
      expect(id).toMatch(/^AwsSolutions-[A-Z]+[0-9]+(\[.+\])?$/);
      expect(reason.length).toBeGreaterThan(40);
    }
  });
});

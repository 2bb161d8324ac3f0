import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { bundleFunctions } from './bundle.ts';
import { type StageName, stageConfig } from './config.ts';
import { createApp } from './create-app.ts';

export interface SynthesizeOptions {
  readonly stage: StageName;
  /** Receives the cloud assembly: templates, their manifests, assets. */
  readonly outdir: string;
}

/** Bundles the functions and writes the templates of a stage. Findings that nobody acknowledged make it fail. */
export async function synthesize({ stage, outdir }: SynthesizeOptions): Promise<{ directory: string }> {
  const bundles = join(outdir, 'bundles');
  await mkdir(outdir, { recursive: true });
  await bundleFunctions({ outdir: bundles });
  const { app } = createApp({
    config: stageConfig(stage),
    outdir,
    codeOf: (name) => Code.fromAsset(join(bundles, name)),
  });
  return { directory: app.synth().directory };
}

// `npm run synth -- --stage prod`
if (import.meta.main) {
  const { values } = parseArgs({ options: { stage: { type: 'string', default: 'dev' } } });
  const { stage } = stageConfig(values.stage);
  const outdir = join(import.meta.dirname, '../cdk.out');
  const began = performance.now();
  await rm(outdir, { recursive: true, force: true });
  await synthesize({ stage, outdir });
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  console.log(`Stage ${stage} is in ${outdir}: accepted by cdk-nag, ${seconds} s.`);
}

import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { bundleFunctions } from './bundle.ts';
import { type StageName, stageConfig } from './config.ts';

export interface SynthesizeOptions {
  readonly stage: StageName;
  /** Receives the cloud assembly: templates, their manifests, assets. */
  readonly outdir: string;
  /** Build the dashboard first. Default: true; tests of the templates do without. */
  readonly withPage?: boolean;
  /** Hold the templates against CloudFormation's schemas as well, as a deployment does. Default: false. */
  readonly isThorough?: boolean;
}

/** Builds the dashboard, bundles the functions and writes the templates of a stage. Findings that nobody acknowledged make it fail. */
export async function synthesize({
  stage,
  outdir,
  withPage = true,
  isThorough = false,
}: SynthesizeOptions): Promise<{ directory: string }> {
  const bundles = join(outdir, 'bundles');
  await mkdir(outdir, { recursive: true });
  if (withPage) await (await import('./build-page.ts')).buildPage();
  // loading CDK takes as long as bundling; and who imports this module may find that nothing needs a synthesis
  const [{ createApp }, { Code }] = await Promise.all([
    import('./create-app.ts'),
    import('aws-cdk-lib/aws-lambda'),
    bundleFunctions({ outdir: bundles }),
  ]);
  const { app } = createApp({
    config: stageConfig(stage),
    outdir,
    isThorough,
    codeOf: (name) => Code.fromAsset(join(bundles, name)),
  });
  return { directory: app.synth().directory };
}

// `npm run synth -- --stage prod --thorough`
if (import.meta.main) {
  const { values } = parseArgs({
    options: { stage: { type: 'string', default: 'dev' }, thorough: { type: 'boolean', default: false } },
  });
  const { stage } = stageConfig(values.stage);
  const outdir = join(import.meta.dirname, '../cdk.out');
  const began = performance.now();
  await rm(outdir, { recursive: true, force: true });
  await synthesize({ stage, outdir, isThorough: values.thorough });
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  console.log(`Stage ${stage} is in ${outdir}: accepted by cdk-nag, ${seconds} s.`);
}

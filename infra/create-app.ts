import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { App, Tags, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { acknowledgeFindings } from './acknowledged-findings.ts';
import type { StageConfig } from './config.ts';
import type { CodeOf } from './constructs/app-function.ts';
import { ApiStack } from './stacks/api.ts';
import { DataStack } from './stacks/data.ts';
import { PipelineStack } from './stacks/pipeline.ts';
import { WatchStack } from './stacks/watch.ts';

export interface CreateAppOptions {
  readonly config: StageConfig;
  readonly codeOf: CodeOf;
  /** Where the cloud assembly goes. Default: a folder that CDK makes. */
  readonly outdir?: string;
  /** Besides cdk-nag, let CDK hold the templates against CloudFormation's schemas: seconds longer. Default: false. */
  readonly isThorough?: boolean;
}

/** The stacks of one stage. */
export interface StageStacks {
  readonly app: App;
  readonly data: DataStack;
  readonly pipeline: PipelineStack;
  readonly api: ApiStack;
  readonly watch: WatchStack;
}

/** The whole product as CDK sees it: four stacks of one stage, each needing only those before it. */
export function createApp({ config, codeOf, outdir, isThorough = false }: CreateAppOptions): StageStacks {
  const app = new App({
    autoSynth: false,
    builtinCloudFormationValidation: isThorough,
    context: cdkContext(),
    ...(outdir !== undefined && { outdir }),
  });
  const context = { config, codeOf };
  const id = (name: string) => `smart-inventory-${config.stage}-${name}`;
  const data = new DataStack(app, id('data'), { ...context, description: 'smart-inventory: what is kept' });
  const pipeline = new PipelineStack(app, id('pipeline'), {
    ...context,
    data,
    description: 'smart-inventory: from dropped files to order suggestions',
  });
  // migrations first, even if a stage should one day need nothing else of the data stack
  pipeline.addStackDependency(data);
  const api = new ApiStack(app, id('api'), {
    ...context,
    data,
    pipeline,
    description: 'smart-inventory: HTTP API and dashboard',
  });
  const watch = new WatchStack(app, id('watch'), {
    config,
    data,
    pipeline,
    api,
    description: 'smart-inventory: alarms',
  });
  for (const [key, value] of [
    ['project', 'smart-inventory'],
    ['stage', config.stage],
  ] as const) {
    // dashboards take no tags from CloudFormation
    Tags.of(app).add(key, value, { excludeResourceTypes: ['AWS::CloudWatch::Dashboard'] });
  }
  const stacks = { data, pipeline, api, watch };
  for (const name of ['data', 'pipeline', 'api', 'watch'] as const) {
    acknowledgeFindings(stacks[name], name, config.stage);
  }
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  return { app, ...stacks };
}

/** Feature flags. Read here as well, so that a synthesis without the CDK command line gives the same templates. */
function cdkContext(): Record<string, unknown> {
  return JSON.parse(readFileSync(join(import.meta.dirname, '../cdk.json'), 'utf8')).context;
}

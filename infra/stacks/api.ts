import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type * as z from 'zod';
import type { ApiEnv } from '../../functions/api/env.ts';
import { AppFunction, type StageContext } from '../constructs/app-function.ts';
import { HttpDoor } from '../constructs/http-door.ts';
import type { DataStack } from './data.ts';
import type { PipelineStack } from './pipeline.ts';

export interface ApiStackProps extends StackProps, StageContext {
  readonly data: DataStack;
  readonly pipeline: PipelineStack;
}

/** What people and other systems talk to: the HTTP API, which serves the dashboard as well. */
export class ApiStack extends Stack {
  readonly api: AppFunction;
  readonly door: HttpDoor;

  constructor(scope: Construct, id: string, props: ApiStackProps) {
    const { config, codeOf, data, pipeline, ...stackProps } = props;
    super(scope, id, stackProps);
    this.api = new AppFunction(this, 'Api', {
      config,
      codeOf,
      name: 'api',
      description: 'Answers the HTTP API and serves the dashboard',
      environment: {
        ...data.database.environment,
        EVENT_BUS_NAME: pipeline.bus.eventBusName,
        LOG_LEVEL: config.logLevel,
        DATA_BUCKET: data.files.bucket.bucketName,
        PLAN_QUEUE_URL: pipeline.plan.queue.queueUrl,
        SIMULATE_QUEUE_URL: pipeline.simulate.queue.queueUrl,
        SIMULATIONS: config.simulations,
        TRAIN_QUEUE_URL: pipeline.train.queue.queueUrl,
        INGEST_QUEUE_URL: pipeline.ingest.queue.queueUrl,
        SOURCE_QUEUE_URL: pipeline.source.queue.queueUrl,
        SEARCH_KEY_SECRET_ARN: pipeline.searchKey.ref,
        AUDIT_QUEUE_URL: pipeline.audit.queue.queueUrl,
        DELIVER_QUEUE_URL: pipeline.deliver.queue.queueUrl,
        WEBHOOK_SECRET_ARN: data.webhookSecret.secretArn,
        WEBHOOK_TARGETS: config.webhookTargets,
        USER_POOL_CLIENT_ID: data.identity.client.userPoolClientId,
        STREAM_URL: pipeline.live.stage.url,
        RATE_LIMIT: config.api.rateLimit,
        HEALTH_ASKS_DATABASE: String(config.api.healthAsksDatabase),
      } satisfies z.input<typeof ApiEnv>,
    });
    data.database.openFor(this.api);
    data.files.openForExchange(this.api);
    pipeline.plan.acceptFrom(this.api);
    pipeline.simulate.acceptFrom(this.api);
    pipeline.train.acceptFrom(this.api);
    pipeline.ingest.acceptFrom(this.api);
    pipeline.source.acceptFrom(this.api);
    // whether there is a key, not which
    this.api.allow(['secretsmanager:DescribeSecret'], [pipeline.searchKey.ref]);
    pipeline.audit.acceptFrom(this.api);
    pipeline.deliver.acceptFrom(this.api);
    this.api.allow(['secretsmanager:GetSecretValue'], [data.webhookSecret.secretArn]);
    pipeline.announceFrom(this.api);

    this.door = new HttpDoor(this, 'Http', { config, answers: this.api, identity: data.identity });
    new CfnOutput(this, 'ApiUrl', { value: this.door.api.apiEndpoint });
  }
}

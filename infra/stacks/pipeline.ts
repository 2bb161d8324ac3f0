import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import * as events from 'aws-cdk-lib/aws-events';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as notifications from 'aws-cdk-lib/aws-s3-notifications';
import * as secrets from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';
import type * as z from 'zod';
import type { AssessEnv } from '../../functions/assess/env.ts';
import type { AuditEnv } from '../../functions/audit/env.ts';
import type { DeliverEnv } from '../../functions/deliver/env.ts';
import type { ForecastEnv } from '../../functions/forecast/env.ts';
import type { IngestEnv } from '../../functions/ingest/env.ts';
import type { LearnEnv } from '../../functions/learn/env.ts';
import type { NotifyEnv } from '../../functions/notify/env.ts';
import type { PlanEnv } from '../../functions/plan/env.ts';
import type { RestockEnv } from '../../functions/restock/env.ts';
import type { SimulateEnv } from '../../functions/simulate/env.ts';
import type { SourceEnv } from '../../functions/source/env.ts';
import type { TrainEnv } from '../../functions/train/env.ts';
import type { AppFunction, StageContext } from '../constructs/app-function.ts';
import { addBusRules } from '../constructs/bus-rules.ts';
import { addClock } from '../constructs/clock.ts';
import { DROP_PREFIX } from '../constructs/data-bucket.ts';
import { LiveChannel } from '../constructs/live-channel.ts';
import { Stage } from '../constructs/stage.ts';
import type { DataStack } from './data.ts';

export interface PipelineStackProps extends StackProps, StageContext {
  readonly data: DataStack;
}

/** The stages between a dropped file and an order suggestion, the bus, the clock, and the channel to listeners. */
export class PipelineStack extends Stack {
  readonly bus: events.EventBus;
  readonly live: LiveChannel;
  readonly ingest: Stage;
  readonly simulate: Stage;
  readonly source: Stage;
  readonly searchKey: secrets.CfnSecret;
  readonly train: Stage;
  readonly plan: Stage;
  readonly forecast: Stage;
  readonly restock: Stage;
  readonly assess: Stage;
  readonly learn: Stage;
  readonly audit: Stage;
  readonly notify: Stage;
  readonly deliver: Stage;

  constructor(scope: Construct, id: string, props: PipelineStackProps) {
    const { config, codeOf, data, ...stackProps } = props;
    super(scope, id, stackProps);
    const context: StageContext = { config, codeOf };
    const { database, files } = data;

    this.bus = new events.EventBus(this, 'Bus', { description: `Business events of ${config.stage}` });
    const base = {
      ...database.environment,
      EVENT_BUS_NAME: this.bus.eventBusName,
      LOG_LEVEL: config.logLevel,
    };

    this.restock = new Stage(this, 'Restock', {
      ...context,
      name: 'restock',
      description: 'Forecasts of a run -> order suggestions and draft purchase orders',
      environment: (queue) =>
        ({ ...base, RESTOCK_QUEUE_URL: queue.queueUrl }) satisfies z.input<typeof RestockEnv>,
    });
    this.forecast = new Stage(this, 'Forecast', {
      ...context,
      name: 'forecast',
      description: 'A chunk of series -> their forecasts',
      environment: (queue) =>
        ({
          ...base,
          DATA_BUCKET: files.bucket.bucketName,
          FORECAST_QUEUE_URL: queue.queueUrl,
          RESTOCK_QUEUE_URL: this.restock.queue.queueUrl,
        }) satisfies z.input<typeof ForecastEnv>,
    });
    this.train = new Stage(this, 'Train', {
      ...context,
      name: 'train',
      description: 'A sample of the series -> a forecasting model of many, or what policies would have cost',
      environment: () =>
        ({
          ...database.environment,
          LOG_LEVEL: config.logLevel,
          DATA_BUCKET: files.bucket.bucketName,
        }) satisfies z.input<typeof TrainEnv>,
    });
    this.plan = new Stage(this, 'Plan', {
      ...context,
      name: 'plan',
      description: 'A wish for a plan -> a run and its chunks',
      environment: () =>
        ({
          ...base,
          FORECAST_QUEUE_URL: this.forecast.queue.queueUrl,
          RESTOCK_QUEUE_URL: this.restock.queue.queueUrl,
          TRAIN_QUEUE_URL: this.train.queue.queueUrl,
        }) satisfies z.input<typeof PlanEnv>,
    });
    this.ingest = new Stage(this, 'Ingest', {
      ...context,
      name: 'ingest',
      description: 'A dropped file -> ledger, sales and demand, rejects beside it',
      environment: (queue) =>
        ({
          ...base,
          DATA_BUCKET: files.bucket.bucketName,
          INGEST_QUEUE_URL: queue.queueUrl,
        }) satisfies z.input<typeof IngestEnv>,
    });
    this.simulate = new Stage(this, 'Simulate', {
      ...context,
      name: 'simulate',
      description: 'A scenario -> its days, into the same ledger',
      environment: (queue) =>
        ({
          ...base,
          SIMULATE_QUEUE_URL: queue.queueUrl,
          DELIVERIES: String(config.feeds.simulate.deliveries),
          SIMULATIONS: config.simulations,
        }) satisfies z.input<typeof SimulateEnv>,
    });
    // made without a value, which an operator puts in: until then nothing is sourced
    this.searchKey = new secrets.CfnSecret(this, 'SearchKey', {
      description: `Key of the search API for product sourcing of ${config.stage}`,
    });
    this.source = new Stage(this, 'Source', {
      ...context,
      name: 'source',
      description: 'A category -> products that a search API finds, with a first stock',
      environment: (queue) =>
        ({
          ...base,
          SOURCE_QUEUE_URL: queue.queueUrl,
          SEARCH_KEY_SECRET_ARN: this.searchKey.ref,
        }) satisfies z.input<typeof SourceEnv>,
    });
    this.assess = new Stage(this, 'Assess', {
      ...context,
      name: 'assess',
      description: 'A complete plan -> what earlier ones forecast, judged by what came',
      environment: () => base satisfies z.input<typeof AssessEnv>,
    });
    this.learn = new Stage(this, 'Learn', {
      ...context,
      name: 'learn',
      description: 'A movement of stock -> what is learnt of its series before the next plan',
      environment: () => base satisfies z.input<typeof LearnEnv>,
    });
    this.audit = new Stage(this, 'Audit', {
      ...context,
      name: 'audit',
      description: 'All data -> what breaks a promise of theirs, and seals of what must not change',
      environment: (queue) =>
        ({ ...base, AUDIT_QUEUE_URL: queue.queueUrl }) satisfies z.input<typeof AuditEnv>,
    });
    this.live = new LiveChannel(this, 'Live', { ...context, database });
    this.notify = new Stage(this, 'Notify', {
      ...context,
      name: 'notify',
      description: 'An event of the bus -> listeners told',
      environment: () =>
        ({
          ...database.environment,
          LOG_LEVEL: config.logLevel,
          PUSH_ENDPOINT: this.live.pushEndpoint,
        }) satisfies z.input<typeof NotifyEnv>,
    });

    this.deliver = new Stage(this, 'Deliver', {
      ...context,
      name: 'deliver',
      description: 'An event of the bus -> whoever subscribed told by webhook, again and again where need be',
      environment: (queue) =>
        ({
          ...base,
          DELIVER_QUEUE_URL: queue.queueUrl,
          WEBHOOK_SECRET_ARN: data.webhookSecret.secretArn,
          WEBHOOK_TARGETS: config.webhookTargets,
        }) satisfies z.input<typeof DeliverEnv>,
    });

    for (const stage of this.stages) database.openFor(stage.worker);
    const speakers = [
      this.ingest,
      this.simulate,
      this.source,
      this.plan,
      this.forecast,
      this.restock,
      this.assess,
      this.learn,
      this.deliver,
      this.audit,
    ];
    for (const stage of speakers) this.announceFrom(stage.worker);
    files.openForImport(this.ingest.worker);
    files.openForTraining(this.train.worker);
    files.openForForecasting(this.forecast.worker);
    this.live.acceptFrom(this.notify.worker);
    this.deliver.acceptFrom(this.deliver.worker);
    this.deliver.worker.allow(['secretsmanager:GetSecretValue'], [data.webhookSecret.secretArn]);
    this.ingest.acceptFrom(this.ingest.worker);
    this.simulate.acceptFrom(this.simulate.worker);
    this.source.acceptFrom(this.source.worker);
    this.source.worker.allow(['secretsmanager:GetSecretValue'], [this.searchKey.ref]);
    this.audit.acceptFrom(this.audit.worker);
    this.forecast.acceptFrom(this.plan.worker);
    this.forecast.acceptFrom(this.forecast.worker);
    this.train.acceptFrom(this.plan.worker);
    this.restock.acceptFrom(this.plan.worker);
    this.restock.acceptFrom(this.forecast.worker);
    this.restock.acceptFrom(this.restock.worker);

    this.importWhatIsDropped(files.bucket);
    addBusRules(this, {
      bus: this.bus,
      notify: this.notify,
      deliver: this.deliver,
      plan: this.plan,
      assess: this.assess,
      learn: this.learn,
    });
    addClock(this, { config, plan: this.plan, train: this.train, audit: this.audit });

    new CfnOutput(this, 'SearchKeySecretArn', { value: this.searchKey.ref });
    new CfnOutput(this, 'EventBusName', { value: this.bus.eventBusName });
    new CfnOutput(this, 'StreamUrl', { value: this.live.stage.url });
    for (const stage of this.stages) {
      new CfnOutput(this, `${stage.node.id}QueueUrl`, { value: stage.queue.queueUrl });
      new CfnOutput(this, `${stage.node.id}DeadLettersUrl`, { value: stage.deadLetters.queueUrl });
    }
  }

  /** The stages in the order in which work flows through them. */
  get stages(): readonly Stage[] {
    return [
      this.ingest,
      this.simulate,
      this.source,
      this.train,
      this.plan,
      this.forecast,
      this.restock,
      this.assess,
      this.learn,
      this.audit,
      this.notify,
      this.deliver,
    ];
  }

  /** Lets a function put events on the bus. */
  announceFrom(speaker: AppFunction): void {
    speaker.allow(['events:PutEvents'], [this.bus.eventBusArn]);
  }

  private importWhatIsDropped(bucket: s3.Bucket): void {
    // by its name only: a notification made in the bucket's own stack would tie that stack to this one in a circle
    const drop = s3.Bucket.fromBucketAttributes(this, 'Drop', {
      bucketArn: bucket.bucketArn,
      bucketName: bucket.bucketName,
    });
    drop.addEventNotification(
      s3.EventType.OBJECT_CREATED,
      new notifications.SqsDestination(this.ingest.queue),
      { prefix: DROP_PREFIX },
    );
  }
}

import { Duration } from 'aws-cdk-lib';
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { PipelineFunction } from '../config.ts';
import { functionAlarms, queueAlarms } from './alarms.ts';
import { AppFunction, type StageContext } from './app-function.ts';

export interface StageProps extends StageContext {
  readonly name: PipelineFunction;
  readonly description: string;
  /** Given the stage's own queue, because some functions hand work on to themselves. */
  readonly environment: (queue: sqs.IQueue) => Record<string, string>;
}

/** One step of the pipeline: a queue with dead letters, the function that it feeds, and what to worry about. */
export class Stage extends Construct {
  readonly queue: sqs.Queue;
  readonly deadLetters: sqs.Queue;
  readonly worker: AppFunction;

  constructor(scope: Construct, id: string, props: StageProps) {
    super(scope, id);
    const { config, name } = props;
    const feed = config.feeds[name];
    this.deadLetters = new sqs.Queue(this, 'DeadLetters', {
      encryption: sqs.QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
    });
    this.queue = new sqs.Queue(this, 'Queue', {
      encryption: sqs.QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: Duration.days(4),
      receiveMessageWaitTime: Duration.seconds(20),
      // six times: Lambda may hold a message through throttles and a retry of its own before it runs
      visibilityTimeout: Duration.seconds(6 * config.functions[name].timeoutSeconds),
      deadLetterQueue: { queue: this.deadLetters, maxReceiveCount: feed.deliveries },
    });
    this.worker = new AppFunction(this, 'Worker', {
      config,
      codeOf: props.codeOf,
      name,
      description: props.description,
      environment: props.environment(this.queue),
    });
    this.worker.function.addEventSource(
      new SqsEventSource(this.queue, {
        batchSize: feed.batchSize,
        maxBatchingWindow: Duration.seconds(feed.windowSeconds ?? 0),
        maxConcurrency: feed.maximumConcurrency,
        reportBatchItemFailures: true,
      }),
    );
  }

  /** Lets another function put messages into this stage. */
  acceptFrom(sender: AppFunction): void {
    sender.allow(['sqs:SendMessage'], [this.queue.queueArn]);
  }

  /** The alarms of this stage, made where they can reach whoever is told. */
  alarms(scope: Construct): cloudwatch.Alarm[] {
    return [
      ...queueAlarms(scope, `${this.worker.name}-queue`, this),
      ...functionAlarms(scope, this.worker.name, this.worker),
    ];
  }
}

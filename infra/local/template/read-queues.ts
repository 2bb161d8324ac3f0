import type { QueueDefinition } from '../services.ts';
import { deadLetterArns } from './dead-letter-arns.ts';
import {
  functionArnOf,
  isTrue,
  itemsOf,
  jsonOf,
  numberOf,
  objectOf,
  optionalNumberOf,
  textOf,
  textsOf,
} from './property-readers.ts';
import type { Resource } from './scope.ts';
import type { EventSourceMapping } from './wiring.ts';

/** Queues with the dead-letter queues first, since the others refer to them. */
export function readQueues(resources: readonly Resource[]): QueueDefinition[] {
  const queues = resources.filter(({ type }) => type === 'AWS::SQS::Queue').map(readQueue);
  const dead = deadLetterArns(queues);
  return [
    ...queues.filter((queue) => dead.has(queue.arn)),
    ...queues.filter((queue) => !dead.has(queue.arn)),
  ];
}

function readQueue(resource: Resource): QueueDefinition {
  const policy = resource.property('RedrivePolicy');
  const redrive = policy === undefined ? undefined : jsonOf(policy);
  return {
    name: resource.attribute('QueueName'),
    arn: resource.attribute('Arn'),
    visibilitySeconds: numberOf(resource.property('VisibilityTimeout'), 30),
    delaySeconds: numberOf(resource.property('DelaySeconds'), 0),
    retentionSeconds: numberOf(resource.property('MessageRetentionPeriod'), 345_600),
    receiveWaitSeconds: numberOf(resource.property('ReceiveMessageWaitTimeSeconds'), 0),
    isFifo: isTrue(resource.property('FifoQueue')),
    contentBasedDeduplication: isTrue(resource.property('ContentBasedDeduplication')),
    redrive: redrive && {
      deadLetterArn: textOf(redrive.deadLetterTargetArn),
      maxReceiveCount: numberOf(redrive.maxReceiveCount, 10),
    },
  };
}

/** Queues that feed functions; sources other than queues are refused, since nothing would poll them. */
export function readEventSourceMappings(resources: readonly Resource[]): EventSourceMapping[] {
  return resources.filter(({ type }) => type === 'AWS::Lambda::EventSourceMapping').map(readMapping);
}

function readMapping(resource: Resource): EventSourceMapping {
  const queueArn = textOf(resource.property('EventSourceArn'));
  if (queueArn.split(':')[2] !== 'sqs')
    throw new Error(`${resource.logicalId} reads ${queueArn}: only queues can feed a function here`);
  const scaling = objectOf(resource.property('ScalingConfig'));
  const filters = itemsOf(objectOf(resource.property('FilterCriteria')).Filters);
  const enabled = resource.property('Enabled');
  return {
    id: resource.logicalId,
    queueArn,
    functionArn: functionArnOf(resource.property('FunctionName')),
    isEnabled: enabled === undefined || isTrue(enabled),
    batchSize: numberOf(resource.property('BatchSize'), 10),
    batchingWindowSeconds: numberOf(resource.property('MaximumBatchingWindowInSeconds'), 0),
    maximumConcurrency: optionalNumberOf(scaling.MaximumConcurrency),
    reportsFailures: textsOf(resource.property('FunctionResponseTypes')).includes('ReportBatchItemFailures'),
    filters: filters.map((filter) => jsonOf(filter.Pattern)),
  };
}

import { countMessages } from './count-messages.ts';
import type { Engine } from './engine.ts';
import { queueOf } from './message-actions.ts';
import { DEFAULT_SETTINGS, type QueueSettings, toAttributes, withAttributes } from './queue-settings.ts';
import type { Queue } from './queue-table.ts';
import { type Input, optionalInteger, optionalText, requiredText, textList, textMap } from './read-input.ts';
import { SqsError } from './sqs-error.ts';

type Action = (engine: Engine, input: Input) => object;

/** Everything that makes, finds, describes or removes queues. */
export const QUEUE_ACTIONS: Readonly<Record<string, Action>> = {
  CreateQueue(engine, input) {
    const name = requiredText(input, 'QueueName');
    const attributes = textMap(input, 'Attributes');
    const existing = engine.queues.find(name);
    const settings = withAttributes(existing?.settings ?? DEFAULT_SETTINGS, attributes);
    checkName(name, settings.isFifo);
    checkDeadLetters(engine, settings);
    if (existing === undefined) {
      const [createdAt, arn] = [engine.now(), arnOf(engine, name)];
      const tags = textMap(input, 'tags');
      engine.queues.put({ name, arn, createdAt, modifiedAt: createdAt, settings, tags });
    } else if (JSON.stringify(toAttributes(settings)) !== JSON.stringify(toAttributes(existing.settings))) {
      const message = 'A queue already exists with the same name and a different value for an attribute.';
      throw new SqsError('QueueNameExists', message);
    }
    return { QueueUrl: urlOf(engine, name) };
  },

  GetQueueUrl: (engine, input) => ({
    QueueUrl: urlOf(engine, engine.queues.byName(requiredText(input, 'QueueName')).name),
  }),

  ListQueues(engine, input) {
    const prefix = optionalText(input, 'QueueNamePrefix') ?? '';
    const queues = engine.queues.list().filter(({ name }) => name.startsWith(prefix));
    return listPage(engine, 'QueueUrls', input, queues);
  },

  ListDeadLetterSourceQueues(engine, input) {
    return listPage(engine, 'queueUrls', input, sourcesOf(engine, queueOf(engine, input)));
  },

  GetQueueAttributes(engine, input) {
    const asked = textList(input, 'AttributeNames');
    const all = allAttributes(engine, queueOf(engine, input));
    const names = asked.includes('All') ? Object.keys(all) : asked;
    const unknown = names.find((name) => !Object.hasOwn(all, name) && !OPTIONAL_ATTRIBUTES.has(name));
    if (unknown !== undefined) throw new SqsError('InvalidAttributeName', `Unknown Attribute ${unknown}.`);
    const present = names.filter((name) => Object.hasOwn(all, name));
    return present.length > 0
      ? { Attributes: Object.fromEntries(present.map((name) => [name, all[name]])) }
      : {};
  },

  SetQueueAttributes(engine, input) {
    const queue = queueOf(engine, input);
    const settings = withAttributes(queue.settings, textMap(input, 'Attributes'));
    if (settings.isFifo !== queue.settings.isFifo) {
      throw new SqsError('InvalidAttributeName', 'You can specify the FifoQueue only at creation.');
    }
    checkDeadLetters(engine, settings);
    engine.queues.put({ ...queue, settings, modifiedAt: engine.now() });
    engine.waiters.wake(queue.name);
    return {};
  },

  PurgeQueue(engine, input) {
    engine.sqlite.run('DELETE FROM messages WHERE queue = ?', queueOf(engine, input).name);
    return {};
  },

  DeleteQueue(engine, input) {
    const queue = queueOf(engine, input);
    engine.queues.remove(queue);
    engine.waiters.wake(queue.name);
    return {};
  },

  TagQueue(engine, input) {
    const queue = queueOf(engine, input);
    engine.queues.put({ ...queue, tags: { ...queue.tags, ...textMap(input, 'Tags') } });
    return {};
  },

  UntagQueue(engine, input) {
    const queue = queueOf(engine, input);
    const removed = new Set(textList(input, 'TagKeys'));
    const kept = Object.entries(queue.tags).filter(([key]) => !removed.has(key));
    engine.queues.put({ ...queue, tags: Object.fromEntries(kept) });
    return {};
  },

  ListQueueTags: (engine, input) => ({ Tags: queueOf(engine, input).tags }),
};

// Attributes that exist, but that a queue may not have.
const OPTIONAL_ATTRIBUTES = new Set([
  'Policy',
  'RedrivePolicy',
  'RedriveAllowPolicy',
  'FifoQueue',
  'ContentBasedDeduplication',
  'DeduplicationScope',
  'FifoThroughputLimit',
  'KmsMasterKeyId',
  'KmsDataKeyReusePeriodSeconds',
  'SqsManagedSseEnabled',
]);

/** Where clients reach this queue. */
export function urlOf(engine: Engine, name: string): string {
  return `${engine.baseUrl()}/${engine.accountId}/${name}`;
}

/** The queues that send their dead letters to this one. */
export function sourcesOf(engine: Engine, deadLetters: Queue): readonly Queue[] {
  const targets = (queue: Queue) => engine.queues.find(queue.settings.redrive?.deadLetterArn ?? '');
  return engine.queues.list().filter((queue) => targets(queue)?.name === deadLetters.name);
}

function arnOf(engine: Engine, name: string): string {
  return `arn:aws:sqs:${engine.region}:${engine.accountId}:${name}`;
}

function allAttributes(engine: Engine, queue: Queue): Record<string, string> {
  const counts = countMessages(engine, queue);
  return {
    QueueArn: queue.arn,
    ApproximateNumberOfMessages: String(counts.visible),
    ApproximateNumberOfMessagesNotVisible: String(counts.inFlight),
    ApproximateNumberOfMessagesDelayed: String(counts.delayed),
    CreatedTimestamp: String(Math.floor(queue.createdAt / 1_000)),
    LastModifiedTimestamp: String(Math.floor(queue.modifiedAt / 1_000)),
    ...toAttributes(queue.settings),
  };
}

function listPage(engine: Engine, field: string, input: Input, queues: readonly Queue[]): object {
  const size = optionalInteger(input, 'MaxResults', 1, 1_000) ?? 1_000;
  const after = optionalText(input, 'NextToken');
  const rest = after === undefined ? queues : queues.filter(({ name }) => name > after);
  const page = rest.slice(0, size);
  return {
    [field]: page.map(({ name }) => urlOf(engine, name)),
    ...(rest.length > size && { NextToken: page.at(-1)!.name }),
  };
}

function checkName(name: string, isFifo: boolean): void {
  const stem = isFifo ? name.replace(/\.fifo$/, '') : name;
  if (name.length > 80 || !/^[\w-]+$/.test(stem) || name.endsWith('.fifo') !== isFifo) {
    throw new SqsError(
      'InvalidParameterValue',
      'Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length; FIFO queues end in .fifo.',
    );
  }
}

function checkDeadLetters(engine: Engine, { redrive, isFifo }: QueueSettings): void {
  if (redrive === undefined) return;
  const target = engine.queues.find(redrive.deadLetterArn);
  if (target === undefined || target.settings.isFifo !== isFifo) {
    const reason = target === undefined ? 'does not exist' : 'must be of the same type';
    throw new SqsError(
      'InvalidParameterValue',
      `Value for parameter RedrivePolicy is invalid. Reason: Dead letter target ${reason}.`,
    );
  }
}

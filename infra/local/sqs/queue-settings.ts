import type { QueueDefinition } from '../services.ts';
import { SqsError } from './sqs-error.ts';

/** What decides how a queue treats its messages. */
export interface QueueSettings {
  readonly visibilitySeconds: number;
  readonly delaySeconds: number;
  readonly retentionSeconds: number;
  readonly receiveWaitSeconds: number;
  readonly maximumMessageBytes: number;
  readonly isFifo: boolean;
  readonly contentBasedDeduplication: boolean;
  readonly redrive: QueueDefinition['redrive'];
  /** Attributes that are kept and shown, but change nothing on one machine, such as encryption keys. */
  readonly passive: Readonly<Record<string, string>>;
}

/** Bytes of body and attributes that one message may have, and all entries of one batch together. */
export const MAXIMUM_MESSAGE_BYTES = 1_048_576;

/** The settings of a queue that names none. */
export const DEFAULT_SETTINGS: QueueSettings = {
  visibilitySeconds: 30,
  delaySeconds: 0,
  retentionSeconds: 345_600,
  receiveWaitSeconds: 0,
  maximumMessageBytes: MAXIMUM_MESSAGE_BYTES,
  isFifo: false,
  contentBasedDeduplication: false,
  redrive: undefined,
  passive: {},
};

const INTEGERS = {
  VisibilityTimeout: ['visibilitySeconds', 0, 43_200],
  DelaySeconds: ['delaySeconds', 0, 900],
  MessageRetentionPeriod: ['retentionSeconds', 60, 1_209_600],
  ReceiveMessageWaitTimeSeconds: ['receiveWaitSeconds', 0, 20],
  MaximumMessageSize: ['maximumMessageBytes', 1_024, MAXIMUM_MESSAGE_BYTES],
} as const;

const PASSIVE = new Set([
  'Policy',
  'KmsMasterKeyId',
  'KmsDataKeyReusePeriodSeconds',
  'SqsManagedSseEnabled',
  'RedriveAllowPolicy',
  'DeduplicationScope',
  'FifoThroughputLimit',
]);

/** The settings after these attributes of the API are applied to `base`. */
export function withAttributes(
  base: QueueSettings,
  attributes: Readonly<Record<string, string>>,
): QueueSettings {
  let settings = base;
  for (const [name, value] of Object.entries(attributes)) {
    if (Object.hasOwn(INTEGERS, name)) {
      const [field, low, high] = INTEGERS[name as keyof typeof INTEGERS];
      settings = { ...settings, [field]: integer(name, value, low, high) };
    } else if (name === 'FifoQueue') settings = { ...settings, isFifo: flag(name, value) };
    else if (name === 'ContentBasedDeduplication') {
      settings = { ...settings, contentBasedDeduplication: flag(name, value) };
    } else if (name === 'RedrivePolicy') settings = { ...settings, redrive: redrivePolicy(value) };
    else if (PASSIVE.has(name)) settings = { ...settings, passive: { ...settings.passive, [name]: value } };
    else throw new SqsError('InvalidAttributeName', `Unknown Attribute ${name}.`);
  }
  return settings;
}

/** The settings as attributes of the API. */
export function toAttributes(settings: QueueSettings): Record<string, string> {
  const attributes: Record<string, string> = { ...settings.passive };
  for (const [name, [field]] of Object.entries(INTEGERS)) attributes[name] = String(settings[field]);
  if (settings.isFifo) {
    attributes.FifoQueue = 'true';
    attributes.ContentBasedDeduplication = String(settings.contentBasedDeduplication);
  }
  if (settings.redrive !== undefined) {
    const { deadLetterArn, maxReceiveCount } = settings.redrive;
    attributes.RedrivePolicy = JSON.stringify({ deadLetterTargetArn: deadLetterArn, maxReceiveCount });
  }
  return attributes;
}

/** The settings that a template's queue asks for. */
export function settingsOf(definition: QueueDefinition): QueueSettings {
  const { visibilitySeconds, delaySeconds, retentionSeconds, receiveWaitSeconds } = definition;
  const { isFifo, contentBasedDeduplication, redrive } = definition;
  const timing = { visibilitySeconds, delaySeconds, retentionSeconds, receiveWaitSeconds };
  return { ...DEFAULT_SETTINGS, ...timing, isFifo, contentBasedDeduplication, redrive };
}

function integer(name: string, text: string, low: number, high: number): number {
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (!(value >= low && value <= high)) throw badValue(name);
  return value;
}

function flag(name: string, text: string): boolean {
  if (text !== 'true' && text !== 'false') throw badValue(name);
  return text === 'true';
}

function redrivePolicy(text: string): QueueSettings['redrive'] {
  if (text === '') return undefined;
  let policy: { deadLetterTargetArn?: unknown; maxReceiveCount?: unknown } | null;
  try {
    policy = JSON.parse(text);
  } catch {
    throw badValue('RedrivePolicy');
  }
  const deadLetterArn = policy?.deadLetterTargetArn;
  const maxReceiveCount = integer('RedrivePolicy', String(policy?.maxReceiveCount), 1, 1_000);
  if (typeof deadLetterArn !== 'string') throw badValue('RedrivePolicy');
  return { deadLetterArn, maxReceiveCount };
}

function badValue(name: string): SqsError {
  return new SqsError('InvalidAttributeValue', `Invalid value for the parameter ${name}.`);
}

import { createHash } from 'node:crypto';
import type { QueueMessageAttribute } from '../services.ts';
import { isRecord } from './read-input.ts';
import { SqsError } from './sqs-error.ts';

export type MessageAttributes = Readonly<Record<string, QueueMessageAttribute>>;

const MAXIMUM_ATTRIBUTES = 10;

/** Message attributes as a request writes them, checked. */
export function readMessageAttributes(wire: Readonly<Record<string, unknown>>): MessageAttributes {
  const entries = Object.entries(wire);
  if (entries.length > MAXIMUM_ATTRIBUTES) {
    throw invalid(`Number of message attributes [${entries.length}] exceeds the allowed maximum [10].`);
  }
  return Object.fromEntries(entries.map(([name, value]) => [name, readAttribute(name, value)]));
}

/** Message attributes as an answer writes them. */
export function writeMessageAttributes(attributes: MessageAttributes): Record<string, object> {
  const entries = Object.entries(attributes).map(([name, { dataType, stringValue, binaryValue }]) => [
    name,
    { DataType: dataType, StringValue: stringValue, BinaryValue: binaryValue },
  ]);
  return Object.fromEntries(entries);
}

/** Those attributes that a receiver asked for: names, `prefix.*`, `All` or `.*`. */
export function pickAttributes(attributes: MessageAttributes, wanted: readonly string[]): MessageAttributes {
  const isWanted = (name: string) =>
    wanted.some(
      (pattern) =>
        pattern === 'All' ||
        pattern === name ||
        (pattern.endsWith('.*') && name.startsWith(pattern.slice(0, -2))),
    );
  return Object.fromEntries(Object.entries(attributes).filter(([name]) => isWanted(name)));
}

/** Bytes that the attributes add to the size of their message: names, types and values. */
export function attributeBytes(attributes: MessageAttributes): number {
  let bytes = 0;
  for (const [name, { dataType, stringValue, binaryValue }] of Object.entries(attributes)) {
    bytes += Buffer.byteLength(name) + Buffer.byteLength(dataType) + Buffer.byteLength(stringValue ?? '');
    bytes += Buffer.byteLength(binaryValue ?? '', 'base64');
  }
  return bytes;
}

/**
 * The digest that clients check, undefined where there are no attributes: MD5 over name, type and value in the order of
 * names, each preceded by its length in four bytes; the value also by one byte for its kind (1 text, 2 binary).
 */
export function attributesMd5(attributes: MessageAttributes): string | undefined {
  const names = Object.keys(attributes).sort();
  if (names.length === 0) return undefined;
  const hash = createHash('md5');
  const add = (bytes: Buffer) => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(bytes.length);
    hash.update(length).update(bytes);
  };
  for (const name of names) {
    const { dataType, stringValue, binaryValue } = attributes[name]!;
    add(Buffer.from(name));
    add(Buffer.from(dataType));
    hash.update(Buffer.from([binaryValue === undefined ? 1 : 2]));
    add(binaryValue === undefined ? Buffer.from(stringValue ?? '') : Buffer.from(binaryValue, 'base64'));
  }
  return hash.digest('hex');
}

function readAttribute(name: string, value: unknown): QueueMessageAttribute {
  if (!/^(?!aws\.|amazon\.|\.)[\w.-]{1,256}(?<!\.)$/i.test(name) || name.includes('..')) {
    throw invalid(`Message attribute name '${name.slice(0, 50)}' is not allowed.`);
  }
  const { DataType: dataType, StringValue: text, BinaryValue: binary } = isRecord(value) ? value : {};
  const kind = typeof dataType === 'string' ? /^(String|Number|Binary)(\.|$)/.exec(dataType)?.[1] : undefined;
  if (typeof dataType !== 'string' || kind === undefined || dataType.length > 256) {
    throw invalid(`The message attribute '${name}' has an invalid message attribute type.`);
  }
  if (kind === 'Binary') {
    if (typeof binary !== 'string' || binary === '')
      throw invalid(`The attribute '${name}' needs a binary value.`);
    return { dataType, binaryValue: binary };
  }
  if (typeof text !== 'string' || text === '') throw invalid(`The attribute '${name}' needs a string value.`);
  if (kind === 'Number' && !/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text)) {
    throw invalid(`Could not cast the message attribute '${name}' value to number.`);
  }
  return { dataType, stringValue: text };
}

function invalid(message: string): SqsError {
  return new SqsError('InvalidParameterValue', message);
}

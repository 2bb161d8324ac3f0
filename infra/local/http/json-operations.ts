import type { IncomingMessage } from 'node:http';
import type { EdgeService } from '../services.ts';
import { answerJson } from './answer-json.ts';
import { BodyTooLarge, readBody } from './read-body.ts';

/** A refusal with the error type that the SDK turns into a typed exception. */
export class AwsRefusal extends Error {
  readonly type: string;
  readonly status: number;

  constructor(type: string, message: string, status = 400) {
    super(message);
    this.type = type;
    this.status = status;
  }
}

/** One operation of an AWS JSON 1.1 service: the parsed request in, the document of the answer out. */
export type JsonOperation = (input: unknown) => unknown;

const JSON_1_1 = { 'content-type': 'application/x-amz-json-1.1' };
const MAX_REQUEST_BYTES = 64 * 1024;

/** An AWS API of the JSON 1.1 protocol, whose operation is the last part of the `x-amz-target` header. */
export function jsonOperations(
  operations: Readonly<Record<string, JsonOperation>>,
  maxRequestBytes = MAX_REQUEST_BYTES,
): EdgeService {
  return {
    async handle(request, response) {
      try {
        answerJson(response, 200, await perform(operations, request, maxRequestBytes), JSON_1_1);
      } catch (error) {
        if (!(error instanceof AwsRefusal)) throw error;
        const { type, status, message } = error;
        const headers = { ...JSON_1_1, 'x-amzn-errortype': type };
        answerJson(response, status, { __type: type, message }, headers);
      }
    },
  };
}

async function perform(
  operations: Readonly<Record<string, JsonOperation>>,
  request: IncomingMessage,
  maxRequestBytes: number,
): Promise<unknown> {
  const name = String(request.headers['x-amz-target']).split('.').at(-1)!;
  const operation = Object.hasOwn(operations, name) ? operations[name] : undefined;
  if (!operation) throw new AwsRefusal('UnknownOperationException', `${name} is not offered on this machine`);
  try {
    return await operation(JSON.parse((await readBody(request, maxRequestBytes)).toString() || '{}'));
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof BodyTooLarge)
      throw new AwsRefusal('SerializationException', error.message);
    throw error;
  }
}

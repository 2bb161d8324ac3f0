import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Engine } from './engine.ts';
import { MESSAGE_ACTIONS } from './message-actions.ts';
import { MOVE_ACTIONS } from './move-actions.ts';
import { QUEUE_ACTIONS } from './queue-actions.ts';
import { type Input, isRecord } from './read-input.ts';
import { SqsError } from './sqs-error.ts';

// Room for the largest batch with every character escaped.
const MAXIMUM_REQUEST_BYTES = 8 * 1_048_576;

/** Answers one request of the AWS JSON 1.0 protocol; a receiver that hangs up gets no messages. */
export async function answerRequest(
  engine: Engine,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  try {
    const input = await readInput(request);
    write(response, 200, await run(engine, request, input, gone.signal));
  } catch (error) {
    if (error instanceof SqsError) {
      response.setHeader('x-amzn-query-error', `${error.queryCode};Sender`);
      write(response, 400, { __type: `com.amazonaws.sqs#${error.code}`, message: error.message });
    } else if (!response.destroyed) {
      console.error('SQS request failed', error);
      response.setHeader('x-amzn-query-error', 'InternalFailure;Receiver');
      write(response, 500, { __type: 'com.amazonaws.sqs#InternalFailure', message: String(error) });
    }
  }
}

async function run(
  engine: Engine,
  request: IncomingMessage,
  input: Input,
  signal: AbortSignal,
): Promise<object> {
  const action = String(request.headers['x-amz-target']).replace(/^AmazonSQS\./, '');
  for (const actions of [MESSAGE_ACTIONS, QUEUE_ACTIONS, MOVE_ACTIONS]) {
    if (Object.hasOwn(actions, action)) return actions[action]!(engine, input, signal);
  }
  throw new SqsError('UnsupportedOperation', `The operation ${action} is not available on one machine.`);
}

async function readInput(request: IncomingMessage): Promise<Input> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request.iterator({ destroyOnReturn: false })) {
    bytes += chunk.length;
    if (bytes <= MAXIMUM_REQUEST_BYTES) chunks.push(chunk);
  }
  if (bytes > MAXIMUM_REQUEST_BYTES) {
    throw new SqsError('InvalidParameterValue', `A request is at most ${MAXIMUM_REQUEST_BYTES} bytes long.`);
  }
  const text = Buffer.concat(chunks).toString();
  try {
    const input: unknown = JSON.parse(text === '' ? '{}' : text);
    if (isRecord(input)) return input;
  } catch {
    // The refusal below says it.
  }
  throw new SqsError('InvalidParameterValue', 'The request is no JSON object.');
}

function write(response: ServerResponse, status: number, body: object): void {
  if (response.destroyed) return;
  const text = JSON.stringify(body);
  response.writeHead(status, {
    'content-type': 'application/x-amz-json-1.0',
    'content-length': Buffer.byteLength(text),
    'x-amzn-requestid': randomUUID(),
  });
  response.end(text);
}

import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { answerJson } from '../http/answer-json.ts';
import { BodyTooLarge, readBody } from '../http/read-body.ts';
import { splitTarget } from '../http/split-target.ts';
import type { EdgeService, FunctionStatus, Functions, InvokeResult } from '../services.ts';

const FUNCTIONS = /^\/2015-03-31\/functions\/?$/;
const INVOCATIONS = /^\/2015-03-31\/functions\/([^/]+)\/invocations$/;
/** Lambda's limit of the payload of a call that somebody waits for. */
const MOST_BYTES = 6_291_456;

/** Lambda's own API as far as people use it by hand: `Invoke`, waiting for the answer, and `ListFunctions`. */
export function openLambda(functions: Pick<Functions, 'invoke' | 'list'>): EdgeService {
  return {
    async handle(request, response) {
      const [path] = splitTarget(request.url ?? '/');
      if (request.method === 'GET' && FUNCTIONS.test(path))
        return answerJson(response, 200, { Functions: functions.list().map(configurationOf) });
      const asked = request.method === 'POST' ? INVOCATIONS.exec(path)?.[1] : undefined;
      if (asked === undefined)
        return refuse(response, 400, 'InvalidRequest', 'not served on this machine', request);
      const name = decodeURIComponent(asked);
      const found = functions.list().find((one) => one.arn === name || one.name === nameOf(name));
      if (!found)
        return refuse(response, 404, 'ResourceNotFoundException', `Function not found: ${name}`, request);
      await invoke(functions, found, request, response);
    },
  };
}

async function invoke(
  functions: Pick<Functions, 'invoke'>,
  { arn }: FunctionStatus,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const type = request.headers['x-amz-invocation-type'] ?? 'RequestResponse';
  if (type === 'DryRun') {
    request.resume();
    response.writeHead(204).end();
    return;
  }
  if (type !== 'RequestResponse') {
    // Without a store of its own such a call would be lost with the process.
    return refuse(
      response,
      400,
      'InvalidParameterValueException',
      `invocation type ${String(type)} is not served on this machine: wait for the answer`,
      request,
    );
  }
  let event: unknown;
  try {
    const body = await readBody(request, MOST_BYTES);
    event = body.length === 0 ? {} : JSON.parse(body.toString('utf8'));
  } catch (error) {
    if (error instanceof BodyTooLarge)
      return refuse(response, 413, 'RequestTooLargeException', error.message, request);
    if (!(error instanceof SyntaxError)) throw error;
    const why = `Could not parse request body into json: ${error.message}`;
    return refuse(response, 400, 'InvalidRequestContentException', why);
  }
  answerInvoke(response, await functions.invoke(arn, event, { waitMs: 0 }));
}

function answerInvoke(response: ServerResponse, result: InvokeResult): void {
  if (!result.ok && result.errorType === 'TooManyRequestsException') {
    refuse(response, 429, result.errorType, result.errorMessage);
    return;
  }
  const headers = { 'x-amzn-requestid': randomUUID(), 'x-amz-executed-version': '$LATEST' };
  if (result.ok) answerJson(response, 200, result.payload, headers);
  else {
    const { errorType, errorMessage, stack = [] } = result;
    const failed = { ...headers, 'x-amz-function-error': 'Unhandled' };
    answerJson(response, 200, { errorType, errorMessage, trace: stack }, failed);
  }
}

/** Of an ARN, a part of one (`123456789012:function:NAME`) or a name, with or without `:$LATEST`. */
const nameOf = (asked: string): string => asked.replace(/:\$LATEST$/, '').replace(/^.*function:/, '');

const configurationOf = ({ name, arn }: FunctionStatus) => ({
  FunctionName: name,
  FunctionArn: arn,
  Version: '$LATEST',
});

function refuse(
  response: ServerResponse,
  status: number,
  type: string,
  message: string,
  unread?: IncomingMessage,
): void {
  unread?.resume();
  answerJson(response, status, { Type: 'User', Message: message }, { 'x-amzn-errortype': type });
}

import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { isLoopbackHost } from '../http/loopback-host.ts';
import { type Answer, emptyAnswer } from './answer.ts';
import { readRequest } from './read-request.ts';
import { routeRequest } from './route-request.ts';
import { S3Error } from './s3-error.ts';
import type { Store } from './store.ts';
import { writeXml } from './write-xml.ts';

/** Answers one request; refusals become S3's XML. Pages of other machines are refused, since nothing is signed here. */
export async function answerRequest(
  store: Store,
  message: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const requestId = randomBytes(8).toString('hex').toUpperCase();
  response.setHeader('x-amz-request-id', requestId);
  response.setHeader('server', 'AmazonS3');
  let answer: Answer;
  try {
    const origin = message.headers.origin;
    if (origin !== undefined) allowOrigin(origin, message, response);
    answer =
      message.method === 'OPTIONS'
        ? emptyAnswer()
        : await routeRequest(store, readRequest(message, store.now()));
  } catch (error) {
    answer = errorAnswer(error, message, requestId);
  }
  await send(answer, message, response);
}

/** A page of this machine may read and upload, as the bucket's CORS rules would let the dashboard do. */
function allowOrigin(origin: string, message: IncomingMessage, response: ServerResponse): void {
  if (!URL.canParse(origin) || !isLoopbackHost(new URL(origin).host)) {
    throw new S3Error('AccessDenied', 'Only pages of this machine may use the local object store.');
  }
  response.setHeader('access-control-allow-origin', origin);
  response.setHeader('vary', 'Origin');
  response.setHeader('access-control-expose-headers', 'ETag, x-amz-request-id');
  if (message.method !== 'OPTIONS') return;
  response.setHeader('access-control-allow-methods', 'GET, PUT, POST, HEAD, DELETE');
  response.setHeader(
    'access-control-allow-headers',
    message.headers['access-control-request-headers'] ?? '*',
  );
  response.setHeader('access-control-max-age', '600');
}

function errorAnswer(error: unknown, message: IncomingMessage, RequestId: string): Answer {
  const refusal =
    error instanceof S3Error ? error : new S3Error('InternalError', 'We encountered an internal error.');
  // A client that hung up in the middle of its body is no fault of this server.
  if (!(error instanceof S3Error) && !message.socket.destroyed) console.error('S3 request failed', error);
  const { code, status, headers } = refusal;
  if (status === 304 || message.method === 'HEAD') return emptyAnswer(status, headers);
  const Resource = (message.url ?? '/').split('?')[0]!;
  return {
    status,
    headers: { ...headers, 'content-type': 'application/xml' },
    body: writeXml('Error', { Code: code, Message: refusal.message, Resource, RequestId }),
  };
}

async function send(
  { status, headers, body }: Answer,
  message: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (response.destroyed) return;
  // An unread body is drained, so that the client can finish sending and then read the refusal.
  if (!message.readableEnded) message.removeAllListeners('readable').resume();
  const isText = typeof body === 'string';
  if (isText) response.setHeader('content-length', Buffer.byteLength(body));
  else if (
    body === undefined &&
    headers['content-length'] === undefined &&
    status !== 204 &&
    status !== 304
  ) {
    if (message.method !== 'HEAD') response.setHeader('content-length', 0);
  }
  response.writeHead(status, headers);
  if (body === undefined || isText) {
    response.end(body);
    return;
  }
  try {
    await pipeline(Readable.from(body, { objectMode: false }), response);
  } catch (error) {
    const isHungUp = error instanceof Error && 'code' in error && error.code === 'ERR_STREAM_PREMATURE_CLOSE';
    if (!isHungUp) console.error('S3 answer failed', error);
    response.destroy();
  }
}

import * as http from 'node:http';
import * as https from 'node:https';
import { text } from 'node:stream/consumers';
import {
  BeginTransactionCommand,
  CommitTransactionCommand,
  ExecuteStatementCommand,
  type Field,
  type RDSDataClient,
  RollbackTransactionCommand,
  type SqlParameter,
} from '@aws-sdk/client-rds-data';
import { openSigner, type Signer } from './sign-request.ts';

export interface DataApiTarget extends Omit<Signer, 'service'> {
  /** Instead of the region's own, such as `http://127.0.0.1:4566`. */
  readonly endpoint?: string | undefined;
}

/** As many as the SDK keeps. */
const CONNECTIONS = 50;
/** Above the Data API's own limit of 45 s a call. */
const TIMEOUT_MS = 60_000;

const PATHS = new Map<unknown, string>([
  [ExecuteStatementCommand, '/Execute'],
  [BeginTransactionCommand, '/BeginTransaction'],
  [CommitTransactionCommand, '/CommitTransaction'],
  [RollbackTransactionCommand, '/RollbackTransaction'],
]);

/** What the commands have in common for us. */
interface Command {
  readonly input: { readonly parameters?: readonly SqlParameter[] };
}

/**
 * The SDK's client of the Data API in a tenth of its work: one attempt a call, with the same answers and the same names
 * of errors. An order is a dozen calls, and the SDK thinks longer about each than the database does.
 */
export function openDataApiClient({ endpoint, ...signer }: DataApiTarget): RDSDataClient {
  const { region } = signer;
  const domain = region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com';
  const url = new URL(endpoint ?? `https://rds-data.${region}.${domain}`);
  const { request, Agent } = url.protocol === 'https:' ? https : http;
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
  const sign = openSigner({ service: 'rds-data', ...signer });

  const ask = (path: string, body: string): Promise<http.IncomingMessage> =>
    new Promise((resolve, reject) => {
      const signed = sign(path, { host: url.host, 'content-type': 'application/json' }, body);
      const headers = { ...signed, 'content-length': Buffer.byteLength(body) };
      const asking = request(url, { path, method: 'POST', headers, agent, timeout: TIMEOUT_MS }, resolve);
      asking.on('error', (error) => reject(named(error)));
      asking.on('timeout', () => asking.destroy(refusal('TimeoutError', `no answer in ${TIMEOUT_MS} ms`)));
      asking.end(body);
    });

  const send = async (command: Command): Promise<unknown> => {
    const path = PATHS.get(command.constructor);
    if (path === undefined) throw new Error('an operation that this client does not know');
    const answer = await ask(path, JSON.stringify(withBase64(command.input)));
    const body = await text(answer).catch((error) => Promise.reject(named(error)));
    if (answer.statusCode !== 200) throw refusalOf(answer, body);
    return body.includes('"blobValue"') ? JSON.parse(body, fromBase64) : JSON.parse(body);
  };
  return { send } as unknown as RDSDataClient;
}

const withBase64 = (input: Command['input']): object =>
  input.parameters?.some(({ value }) => value?.blobValue)
    ? {
        ...input,
        parameters: input.parameters.map(({ value, ...rest }) => ({ ...rest, value: toBase64(value) })),
      }
    : input;

const toBase64 = (value: Field | undefined): unknown =>
  value?.blobValue ? { blobValue: Buffer.from(value.blobValue).toString('base64') } : value;

const fromBase64 = (key: string, value: unknown): unknown =>
  key === 'blobValue' ? new Uint8Array(Buffer.from(value as string, 'base64')) : value;

const refusal = (name: string, message: string): Error => Object.assign(new Error(message), { name });

/** The error that an answer tells; one that names none was not made by the Data API itself. */
function refusalOf({ headers, statusCode = 500 }: http.IncomingMessage, body: string): Error {
  let told: { readonly __type?: string; readonly message?: string; readonly Message?: string } = {};
  try {
    told = JSON.parse(body);
  } catch {
    // a page of some proxy
  }
  const type = String(headers['x-amzn-errortype'] ?? told.__type ?? '');
  // such as `com.amazonaws.rdsdata#BadRequestException:http://...`
  const name = type.split(/[:,]/)[0]!.split('#').at(-1)!;
  const unnamed = statusCode >= 500 ? 'InternalServerErrorException' : 'UnknownError';
  return refusal(name || unnamed, told.message ?? told.Message ?? `HTTP ${statusCode}`);
}

const LOST = new Set(['ECONNRESET', 'EPIPE', 'ETIMEDOUT']);

/** A connection that is lost is called as the SDK calls it. */
const named = (error: NodeJS.ErrnoException): Error =>
  LOST.has(error.code ?? '') ? Object.assign(error, { name: 'TimeoutError' }) : error;

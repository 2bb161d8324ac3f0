import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { S3Client } from '@aws-sdk/client-s3';
import { answerRequest } from '../../../functions/api/http/answer-request.ts';
import type { ApiNeeds } from '../../../functions/api/http/needs.ts';
import { openStaticFiles } from '../../../functions/api/http/static-files.ts';
import { openUploads } from '../../../functions/api/imports/uploads.ts';
import { ROUTES } from '../../../functions/api/routes.ts';
import { vaultOf } from '../../../shared/aws/vault.ts';
import { Fault } from '../../../shared/contracts/fault.ts';
import type { Database } from '../../../shared/data/sql/database.ts';
import { openTestDatabase, type TestDatabaseOptions } from '../../database.ts';

export interface Asked {
  /** Roles of the caller; none = no token. */
  readonly as?: string;
  readonly body?: unknown;
  /** Sent as it is. */
  readonly text?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly claims?: Readonly<Record<string, string>>;
}

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
  readonly json: any;
}

export type Api = Awaited<ReturnType<typeof openApi>>;

/** The API over a real database, asked by events as the gateway makes them. `more` replaces single needs. */
export async function openApi(more: Partial<ApiNeeds> = {}, options: TestDatabaseOptions = {}) {
  const { database, close } = await openTestDatabase(options);
  const site = mkdtempSync(join(tmpdir(), 'smart-inventory-site-'));
  mkdirSync(join(site, 'assets'));
  writeFileSync(join(site, 'index.html'), '<!doctype html><title>dashboard</title>');
  writeFileSync(join(site, 'assets', 'app-1a2b.js'), 'console.log(1);'.repeat(200));
  const sent: unknown[] = [];
  const reports: unknown[] = [];
  let published = 0;
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  const needs: ApiNeeds = {
    database,
    publishEvents: async () => {
      published += 1;
    },
    planQueue: { send: async (messages) => void sent.push(...messages) },
    auditQueue: { send: async (messages) => void sent.push(...messages) },
    trainQueue: { send: async (messages) => void sent.push(...messages) },
    ingestQueue: { send: async (messages) => void sent.push(...messages) },
    deliverQueue: { send: async (messages) => void sent.push(...messages) },
    simulateQueue: { send: async (messages) => void sent.push(...messages) },
    areSimulationsAllowed: true,
    isLoopbackToo: true,
    vault: vaultOf(async () => 'the key of a test, long enough for anybody'),
    askSquare: async () => {
      throw new Error('nobody asks Square');
    },
    sourceQueue: { send: async (messages) => void sent.push(...messages) },
    hasSearchKey: async () => true,
    signIn: async (username, password) => {
      if (password !== 'right') throw new Fault('unauthenticated', 'Wrong user name or password');
      return { token: `token of ${username}`, expiresIn: 3600 };
    },
    uploads: openUploads(
      'files',
      new S3Client({
        region: 'eu-west-1',
        endpoint: 'http://127.0.0.1:9',
        forcePathStyle: true,
        credentials,
      }),
    ),
    files: openStaticFiles(site, 'wss://stream.example/live'),
    streamUrl: 'wss://stream.example/live',
    isRateLimited: false,
    healthAsksDatabase: true,
    now: () => new Date('2011-12-10T08:00:00Z'),
    report: (_message, error) => reports.push(error),
    ...more,
  };
  const ask = async (method: string, target: string, asked: Asked = {}): Promise<Answer> => {
    const reply = await answerRequest(needs, ROUTES, eventOf(method, target, asked));
    const text = reply.isBase64Encoded ? Buffer.from(reply.body, 'base64').toString() : reply.body;
    const isJson = /json/.test(reply.headers['content-type'] ?? '');
    return {
      status: reply.statusCode,
      headers: reply.headers,
      text,
      json: isJson ? JSON.parse(text) : undefined,
    };
  };
  return {
    needs,
    database: database as Database,
    ask,
    /** Messages on the queues for plans and for training. */
    sent,
    /** What was reported as bug or failure. */
    reports,
    published: () => published,
    async close() {
      rmSync(site, { recursive: true, force: true });
      await close();
    },
  };
}

let requests = 0;

function eventOf(method: string, target: string, { as, body, text, headers, claims }: Asked): object {
  const [path, query = ''] = target.split('?');
  const content = text ?? (body === undefined ? undefined : JSON.stringify(body));
  requests += 1;
  return {
    version: '2.0',
    routeKey: '$default',
    rawPath: decodeURIComponent(path!),
    rawQueryString: query,
    headers: { host: 'api.example', 'content-type': 'application/json', ...headers },
    ...(content !== undefined && { body: content }),
    isBase64Encoded: false,
    requestContext: {
      requestId: `request-${requests}`,
      http: { method, path, sourceIp: '127.0.0.1' },
      ...(as !== undefined && {
        authorizer: {
          jwt: {
            claims: {
              token_use: 'access',
              username: as.split(' ')[0],
              'cognito:groups': `[${as}]`,
              ...claims,
            },
          },
        },
      }),
    },
  };
}

import { request as httpRequest } from 'node:http';
import {
  ApiGatewayManagementApiClient,
  PostToConnectionCommand,
} from '@aws-sdk/client-apigatewaymanagementapi';
import {
  CognitoIdentityProviderClient,
  InitiateAuthCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { ExecuteStatementCommand, RDSDataClient } from '@aws-sdk/client-rds-data';
import { ListBucketsCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { ListSchedulesCommand, SchedulerClient } from '@aws-sdk/client-scheduler';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { ListQueuesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { expect, onTestFinished, test } from 'vitest';
import type { ServiceName } from '../../../infra/local/edge/service-of.ts';
import { startEdge } from '../../../infra/local/edge.ts';
import type { EdgeService } from '../../../infra/local/services.ts';
import { Fault } from '../../../shared/contracts/fault.ts';

const NAMES: readonly ServiceName[] = [
  'sqs',
  's3',
  'events',
  'scheduler',
  'rdsData',
  'secrets',
  'cognito',
  'connections',
  'lambda',
];

/** An edge whose services note that they were asked and answer something empty. */
async function started() {
  const asked: ServiceName[] = [];
  const service = (name: ServiceName): EdgeService => ({
    async handle(request, response) {
      asked.push(name);
      request.resume();
      if (request.url === '/broken/key') throw new Error('a bug');
      response.writeHead(200).end(name === 's3' ? '' : '{}');
    },
  });
  const services = Object.fromEntries(NAMES.map((name) => [name, service(name)]));
  const edge = await startEdge({
    port: 0,
    services: services as Record<ServiceName, EdgeService>,
    local: {
      'GET /_local/status': () => ({ fine: true }),
      'POST /_local/schedules/{name}/fire': ({ parameters, query }) => {
        if (parameters.name === 'none') throw new Fault('missing', 'there is no schedule none');
        return { fired: parameters.name, twice: query.get('twice') };
      },
    },
    report: () => {},
  });
  onTestFinished(() => edge.close());
  return { edge, asked };
}

const client = (endpoint: string) => ({
  endpoint,
  region: 'us-east-1',
  credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
  maxAttempts: 1,
});

test('signed calls reach their own service', async () => {
  const { edge, asked } = await started();
  const settings = client(edge.url);
  const s3 = new S3Client({ ...settings, forcePathStyle: true });
  await new SQSClient(settings).send(new ListQueuesCommand({}));
  await s3.send(new PutObjectCommand({ Bucket: 'files', Key: 'Execute', Body: 'x' }));
  await new EventBridgeClient(settings).send(new PutEventsCommand({ Entries: [] }));
  await new SchedulerClient(settings).send(new ListSchedulesCommand({}));
  await new RDSDataClient(settings).send(
    new ExecuteStatementCommand({ resourceArn: 'r', secretArn: 's', sql: 'SELECT 1' }),
  );
  await new SecretsManagerClient(settings).send(new GetSecretValueCommand({ SecretId: 's' }));
  await new CognitoIdentityProviderClient(settings).send(
    new InitiateAuthCommand({ AuthFlow: 'USER_PASSWORD_AUTH', ClientId: 'c' }),
  );
  await new ApiGatewayManagementApiClient(client(`${edge.url}/live`)).send(
    new PostToConnectionCommand({ ConnectionId: 'i', Data: 'x' }),
  );
  const authorization = 'AWS4-HMAC-SHA256 Credential=a/20260101/us-east-1/lambda/aws4_request, Signature=x';
  await fetch(`${edge.url}/2015-03-31/functions/f/invocations`, {
    method: 'POST',
    headers: { authorization },
  });
  expect(asked).toEqual(NAMES);
});

test('a presigned address and an unsigned form reach S3', async () => {
  const { edge, asked } = await started();
  const s3 = new S3Client({ ...client(edge.url), forcePathStyle: true });
  const address = await getSignedUrl(s3, new PutObjectCommand({ Bucket: 'files', Key: 'a.csv' }));
  expect((await fetch(address, { method: 'PUT', body: 'x' })).status).toBe(200);
  expect((await fetch(`${edge.url}/files`, { method: 'POST', body: new FormData() })).status).toBe(200);
  await s3.send(new ListBucketsCommand({})).catch(() => {});
  expect(new Set(asked)).toEqual(new Set(['s3']));
});

test('an unsigned call of the Data API or of a JSON API is known by its path or target', async () => {
  const { edge, asked } = await started();
  await fetch(`${edge.url}/BeginTransaction`, { method: 'POST' });
  await fetch(edge.url, { method: 'POST', headers: { 'x-amz-target': 'AmazonSQS.ListQueues' } });
  await fetch(edge.url, { method: 'POST', headers: { 'x-amz-target': 'AWSEvents.PutEvents' } });
  await fetch(`${edge.url}/live/@connections/abc`, { method: 'POST' });
  await fetch(`${edge.url}/2015-03-31/functions/f/invocations`, { method: 'POST' });
  expect(asked).toEqual(['rdsData', 'sqs', 'events', 'connections', 'lambda']);
});

test.each(['/files/../Execute', '//files/Execute', '//', '/files/a/../../x/@connections/y'])(
  'a path that only looks like one of another API after it is tidied up is a key of S3: %s',
  async (path) => {
    const { edge, asked } = await started();
    const { port } = new URL(edge.url);
    const status = await new Promise((resolve, reject) => {
      const options = { port, host: '127.0.0.1', path, method: 'POST' };
      httpRequest(options, (response) => resolve(response.resume().statusCode))
        .on('error', reject)
        .end();
    });
    expect([status, asked]).toEqual([200, ['s3']]);
  },
);

test('an API that is not served is refused', async () => {
  const { edge, asked } = await started();
  const authorization = 'AWS4-HMAC-SHA256 Credential=a/20260101/us-east-1/dynamodb/aws4_request, Signature=x';
  expect((await fetch(edge.url, { method: 'POST', headers: { authorization } })).status).toBe(400);
  expect(asked).toEqual([]);
});

test('a page from elsewhere reaches only S3', async () => {
  const { edge, asked } = await started();
  const from = (headers: Record<string, string>) => ({ method: 'POST', headers });
  const sqs = { 'x-amz-target': 'AmazonSQS.SendMessage' };
  const elsewhere = [
    { origin: 'https://evil.example' },
    { origin: 'null' },
    { origin: 'http://127.0.0.1.evil.example' },
  ];
  for (const headers of elsewhere) {
    expect((await fetch(edge.url, from({ ...headers, ...sqs }))).status).toBe(403);
    expect((await fetch(`${edge.url}/_local/schedules/a/fire`, from(headers))).status).toBe(403);
  }
  expect(asked).toEqual([]);
  expect((await fetch(`${edge.url}/files/a.csv`, from({ origin: 'https://evil.example' }))).status).toBe(200);
  expect((await fetch(edge.url, from({ origin: 'http://127.0.0.1:8080', ...sqs }))).status).toBe(200);
  expect(asked).toEqual(['s3', 'sqs']);
});

test('a foreign name that resolves to this machine is refused, for S3 too', async () => {
  const { edge, asked } = await started();
  const status = await new Promise((resolve, reject) => {
    const request = httpRequest(`${edge.url}/files/a`, { headers: { host: 'evil.example' } }, (response) =>
      resolve(response.resume().statusCode),
    );
    request.on('error', reject).end();
  });
  expect(status).toBe(403);
  expect(asked).toEqual([]);
});

test('a bug in a service is an answer of 500, and the edge goes on', async () => {
  const { edge } = await started();
  expect((await fetch(`${edge.url}/broken/key`)).status).toBe(500);
  expect((await fetch(`${edge.url}/files/key`)).status).toBe(200);
});

test('private routes answer JSON, take parts of the path, and say what is wrong as text', async () => {
  const { edge } = await started();
  expect(await (await fetch(`${edge.url}/_local/status`)).json()).toEqual({ fine: true });
  const fired = await fetch(`${edge.url}/_local/schedules/nightly%20plan/fire?twice=1`, { method: 'POST' });
  expect(await fired.json()).toEqual({ fired: 'nightly plan', twice: '1' });
  const missing = await fetch(`${edge.url}/_local/schedules/none/fire`, { method: 'POST' });
  expect([missing.status, await missing.text()]).toEqual([404, 'there is no schedule none']);
  expect((await fetch(`${edge.url}/_local/nothing`)).status).toBe(404);
});

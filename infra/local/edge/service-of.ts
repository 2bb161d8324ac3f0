import type { IncomingMessage } from 'node:http';
import { splitTarget } from '../http/split-target.ts';

/** The AWS APIs behind the edge port. */
export type ServiceName =
  | 'sqs'
  | 's3'
  | 'events'
  | 'scheduler'
  | 'rdsData'
  | 'secrets'
  | 'cognito'
  | 'connections'
  | 'lambda';

/** Names in the credential scope of a signature. */
const SCOPES: Readonly<Record<string, ServiceName>> = {
  sqs: 'sqs',
  s3: 's3',
  events: 'events',
  scheduler: 'scheduler',
  'rds-data': 'rdsData',
  secretsmanager: 'secrets',
  'cognito-idp': 'cognito',
  'execute-api': 'connections',
  lambda: 'lambda',
};

const TARGETS: Readonly<Record<string, ServiceName>> = {
  AmazonSQS: 'sqs',
  AWSEvents: 'events',
  secretsmanager: 'secrets',
  AWSCognitoIdentityProviderService: 'cognito',
};

const DATA_API_PATHS = /^\/(Execute|BatchExecute|BeginTransaction|CommitTransaction|RollbackTransaction)$/;

/**
 * The API that a request is for: by the scope of its signature, else its target header, else its path, else S3, whose
 * forms and public reads carry neither. `undefined` is an API that is not served here.
 */
export function serviceOf(request: IncomingMessage): ServiceName | undefined {
  // No URL class here: it would read `//files/key` as a host, and resolve the ".." that a key may contain.
  const [path, query] = splitTarget(request.url ?? '/');
  const signed = /Credential=([^,\s]+)/.exec(request.headers.authorization ?? '')?.[1];
  const credential = signed ?? new URLSearchParams(query).get('X-Amz-Credential') ?? undefined;
  if (credential !== undefined) return SCOPES[credential.split('/')[3] ?? ''];
  const target = request.headers['x-amz-target'];
  if (target !== undefined) return TARGETS[String(target).split(/[._]/)[0]!];
  if (DATA_API_PATHS.test(path)) return 'rdsData';
  if (/^\/[^/]+\/@connections\//.test(path)) return 'connections';
  if (path.startsWith('/2015-03-31/functions')) return 'lambda';
  return 's3';
}

import type { IncomingMessage } from 'node:http';

/** The AWS APIs behind the edge port. */
export type ServiceName =
  | 'sqs'
  | 's3'
  | 'events'
  | 'scheduler'
  | 'rdsData'
  | 'secrets'
  | 'cognito'
  | 'connections';

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
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost');
  const signed = /Credential=([^,\s]+)/.exec(request.headers.authorization ?? '')?.[1];
  const credential = signed ?? searchParams.get('X-Amz-Credential') ?? undefined;
  if (credential !== undefined) return SCOPES[credential.split('/')[3] ?? ''];
  const target = request.headers['x-amz-target'];
  if (target !== undefined) return TARGETS[String(target).split(/[._]/)[0]!];
  if (DATA_API_PATHS.test(pathname)) return 'rdsData';
  if (/^\/[^/]+\/@connections\//.test(pathname)) return 'connections';
  return 's3';
}

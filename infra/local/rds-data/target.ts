import type { ClusterDefinition, Secrets } from '../services.ts';
import { DataApiError } from './data-api-error.ts';
import type { Login } from './pools.ts';
import { optionalText, type RequestDocument, requiredText } from './request.ts';

/** The cluster and the secret that a request names. */
export interface Target {
  readonly clusterArn: string;
  readonly secretArn: string;
}

/** Reads whom a request is for, and refuses clusters and secrets that do not go together. */
export function targetOf(request: RequestDocument, clusters: ReadonlyMap<string, ClusterDefinition>): Target {
  const clusterArn = requiredText(request, 'resourceArn');
  const secretArn = requiredText(request, 'secretArn');
  if (optionalText(request, 'schema') !== undefined)
    throw new DataApiError('ValidationException', 'Schema parameter is not supported.');
  const cluster = clusters.get(clusterArn);
  if (!cluster)
    throw new DataApiError('BadRequestException', `HttpEndpoint is not enabled for resource ${clusterArn}`);
  if (!cluster.secretArns.includes(secretArn) && cluster.masterSecretArn !== secretArn)
    throw new DataApiError('InvalidSecretException', `Secret ${secretArn} is not one of this cluster`);
  return { clusterArn, secretArn };
}

/** Name and password in the secret. */
export function loginOf(
  { secretArn }: Target,
  database: string | undefined,
  secrets: Pick<Secrets, 'get'>,
): Login {
  const { username, password } = secrets.get(secretArn) ?? {};
  if (username === undefined || password === undefined)
    throw new DataApiError('InvalidSecretException', `Secret ${secretArn} holds no username and password`);
  return { user: username, password, database: database ?? '' };
}

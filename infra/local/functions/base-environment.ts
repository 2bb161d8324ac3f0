import { REGION } from '../account.ts';

/** Environment that every function has besides its template variables: the SDK then finds all services at the edge. */
export function baseEnvironment({ edgeBase }: { readonly edgeBase: string }): Record<string, string> {
  return {
    AWS_REGION: REGION,
    AWS_DEFAULT_REGION: REGION,
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
    // One edge answers every API; S3 has its own variable as well, by which clients know to use path-style names.
    AWS_ENDPOINT_URL: edgeBase,
    AWS_ENDPOINT_URL_S3: edgeBase,
    AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    LAMBDA_TASK_ROOT: '/var/task',
    TZ: 'UTC',
  };
}

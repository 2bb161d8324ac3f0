import { execFile, spawnSync } from 'node:child_process';
import { promisify } from 'node:util';

/** Whether the AWS CLI is installed; tests that need it are skipped without it and say so. */
export const hasAwsCli = spawnSync('aws', ['--version']).status === 0;

/** Why such tests are skipped, for their titles. */
export const AWS_CLI_NOTE = hasAwsCli ? '' : ' (skipped: the AWS CLI is not installed)';

/** Runs the AWS CLI against this endpoint, with settings of its own; answers what it prints. */
export async function aws(
  endpoint: string,
  args: readonly string[],
  input?: string | Buffer,
): Promise<string> {
  const environment = {
    PATH: process.env.PATH,
    HOME: process.env.HOME,
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
    AWS_DEFAULT_REGION: 'eu-central-1',
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    AWS_PAGER: '',
  };
  const options = { env: environment, maxBuffer: 64 * 1_048_576 };
  const running = promisify(execFile)('aws', ['--endpoint-url', endpoint, ...args], options);
  running.child.stdin?.on('error', () => {});
  running.child.stdin?.end(input);
  return (await running).stdout;
}

import { execFile, spawnSync } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { STAGE_NAMES } from '../../infra/config.ts';
import { synthesizeTemplates } from './stage-templates.ts';

const run = promisify(execFile);
const hasCfnLint = spawnSync('cfn-lint', ['--version']).status === 0;

// CDK writes out dependencies that a reference implies already
const ARGUMENTS = ['--ignore-checks', 'W3005', '--regions', 'eu-west-1', '--format', 'parseable', '--'];

describe.each(STAGE_NAMES)('cfn-lint', (stage) => {
  test.skipIf(!hasCfnLint)(
    `finds nothing in the templates of ${stage}${hasCfnLint ? '' : ' (skipped: cfn-lint is not installed)'}`,
    async () => {
      using templates = synthesizeTemplates(stage);
      const found = await run('cfn-lint', [...ARGUMENTS, ...templates.files]).catch(
        (error: { stdout?: string; stderr?: string }) => ({
          stdout: `${error.stdout ?? ''}${error.stderr ?? ''}`,
        }),
      );
      expect(found.stdout).toBe('');
    },
    180_000,
  );
});

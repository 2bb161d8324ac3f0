import { execFile, spawnSync } from 'node:child_process';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';

/** What the documents use and a machine may lack. */
const PROGRAMS = ['aws', 'curl', 'jq'] as const;

export const hasProgram = (name: (typeof PROGRAMS)[number]): boolean =>
  spawnSync(name, ['--version']).status === 0;

/**
 * What a user's shell prints who types the block in the folder of the project, for the stack at this edge.
 * Lines whose program this machine lacks are left out.
 */
export async function runBlock(block: string, edge: string): Promise<string> {
  const root = resolve(import.meta.dirname, '../..');
  const lacking = PROGRAMS.filter((name) => !hasProgram(name));
  const lines = block.split('\n').filter((line) => !lacking.some((name) => line.split(/\W+/).includes(name)));
  const { stdout } = await promisify(execFile)('sh', ['-ec', lines.join('\n')], {
    cwd: root,
    env: {
      ...process.env,
      PATH: `${join(root, 'node_modules/.bin')}:${process.env.PATH}`,
      AWS_PORT: new URL(edge).port,
      AWS_ACCESS_KEY_ID: 'local',
      AWS_SECRET_ACCESS_KEY: 'local',
      AWS_DEFAULT_REGION: 'us-east-1',
    },
  });
  return stdout;
}

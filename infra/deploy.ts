import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { parseArgs } from 'node:util';
import { stageConfig } from './config.ts';

const ROOT = join(import.meta.dirname, '..');
const { values, positionals } = parseArgs({
  options: { stage: { type: 'string', default: 'dev' }, yes: { type: 'boolean', default: false } },
  allowPositionals: true,
});
const { stage } = stageConfig(values.stage);

/** Runs a program of ours to its end, or ends with its exit code. */
function run(program: string, args: readonly string[]): void {
  const { status, error } = spawnSync(process.execPath, [join(ROOT, 'node_modules', program), ...args], {
    cwd: ROOT,
    stdio: 'inherit',
    // the CDK command line starts `node infra/app.ts`: that must be this Node
    env: { ...process.env, PATH: `${join(ROOT, 'node_modules/.bin')}${delimiter}${process.env.PATH ?? ''}` },
  });
  if (error) throw error;
  if (status !== 0) process.exit(status ?? 1);
}

const folder = mkdtempSync(join(tmpdir(), 'smart-inventory-deploy-'));
const outputs = join(folder, 'outputs.json');
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
run('aws-cdk/bin/cdk', [
  'deploy',
  '--all',
  '--context',
  `stage=${stage}`,
  '--require-approval',
  values.yes ? 'never' : 'broadening',
  '--outputs-file',
  outputs,
  ...positionals,
]);

const byStack: Record<string, Record<string, string>> = JSON.parse(readFileSync(outputs, 'utf8'));
for (const [stack, values] of Object.entries(byStack)) {
  for (const [key, value] of Object.entries(values)) {
    // what stacks tell each other is nobody else's business
    if (!key.startsWith('PublishOutput')) console.log(`${stack}  ${key}  ${value}`);
  }
}

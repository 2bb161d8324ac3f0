import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openFunctionLogs } from '../../../infra/local/function-logs.ts';
import { tempFolder } from './temp-folder.ts';

test('each function has a file that every start appends to, and one that grew large is put aside', async () => {
  const folder = tempFolder();
  const start = async (line: string) => {
    const logs = openFunctionLogs(folder, 10);
    logs.write({ functionName: 'Plan', requestId: undefined, line });
    await logs.close();
  };
  for (const line of ['first', 'second', 'third', 'fourth', 'fifth']) await start(line);
  expect(readdirSync(folder).sort()).toEqual(['Plan.log', 'Plan.log.old']);
  expect(readFileSync(join(folder, 'Plan.log'), 'utf8')).toBe('fifth\n');
  expect(readFileSync(join(folder, 'Plan.log.old'), 'utf8')).toBe('third\nfourth\n');
});

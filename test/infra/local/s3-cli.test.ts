import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { AWS_CLI_NOTE, aws, hasAwsCli } from './aws-cli.ts';
import { standUpObjects } from './s3-stand.ts';

// Each call of the CLI starts Python anew, which takes its time on a busy machine.
describe.skipIf(!hasAwsCli)(`aws s3${AWS_CLI_NOTE}`, { timeout: 300_000 }, () => {
  let stand: Awaited<ReturnType<typeof standUpObjects>>;
  let folder: string;
  beforeAll(async () => {
    stand = await standUpObjects();
    folder = mkdtempSync(join(tmpdir(), 'cli-'));
  });
  afterAll(async () => {
    rmSync(folder, { recursive: true, force: true });
    await stand.close();
  });

  const s3 = (...args: string[]) => aws(stand.served.url, ['s3', ...args]);
  const api = (...args: string[]) => aws(stand.served.url, ['s3api', ...args]);
  const file = (name: string, content: string | Buffer) => {
    writeFileSync(join(folder, name), content);
    return join(folder, name);
  };

  test('cp of a small file, ls, cp back, mv and rm', async () => {
    const local = file('small.csv', 'a,b\n1,2\n');
    await s3('cp', local, 's3://data/drop/May & June (ä).csv');
    expect(await s3('ls', 's3://data/')).toContain('PRE drop/');
    expect(await s3('ls', 's3://data/drop/')).toMatch(/ 8 May & June \(ä\)\.csv/);
    await s3('mv', 's3://data/drop/May & June (ä).csv', 's3://data/done/moved +1.csv');
    await s3('cp', 's3://data/done/moved +1.csv', `${local}.back`);
    expect(readFileSync(`${local}.back`, 'utf8')).toBe('a,b\n1,2\n');
    await s3('rm', 's3://data/', '--recursive');
    expect((await s3('ls', 's3://data/', '--recursive')).trim()).toBe('');
  });

  test('cp of 20 MB goes up and comes down in parts', async () => {
    const bytes = randomBytes(20_000_000);
    const local = file('large.bin', bytes);
    await s3('cp', local, 's3://data/large.bin');
    const head = JSON.parse(await api('head-object', '--bucket', 'data', '--key', 'large.bin'));
    expect(head.ETag).toMatch(/-3"$/);
    await s3('cp', 's3://data/large.bin', `${local}.back`);
    expect(
      createHash('md5')
        .update(readFileSync(`${local}.back`))
        .digest('hex'),
    ).toBe(createHash('md5').update(bytes).digest('hex'));
    await s3('cp', 's3://data/large.bin', 's3://data/copy.bin');
    const copy = JSON.parse(await api('head-object', '--bucket', 'data', '--key', 'copy.bin'));
    expect(copy.ContentLength).toBe(20_000_000);
  });

  test('cp from stdin and to stdout', async () => {
    const lines = 'sku,quantity\nA,1\n'.repeat(1_000);
    await aws(stand.served.url, ['s3', 'cp', '-', 's3://data/piped.csv'], lines);
    expect(await s3('cp', 's3://data/piped.csv', '-')).toBe(lines);
  });

  test('sync up copies what is new, and sync down brings it back', async () => {
    const tree = join(folder, 'tree');
    mkdirSync(join(tree, 'inner'), { recursive: true });
    for (const name of ['one.txt', 'two.txt', 'inner/three.txt']) writeFileSync(join(tree, name), name);
    await s3('sync', tree, 's3://data/tree/');
    expect((await s3('sync', tree, 's3://data/tree/')).trim()).toBe('');
    await s3('sync', 's3://data/tree/', join(folder, 'back'));
    expect(readdirSync(join(folder, 'back'), { recursive: true }).sort()).toEqual(
      ['inner', 'inner/three.txt', 'one.txt', 'two.txt'].sort(),
    );
    rmSync(join(tree, 'one.txt'));
    await s3('sync', tree, 's3://data/tree/', '--delete');
    expect(await s3('ls', 's3://data/tree/')).not.toContain('one.txt');
  });

  test('mb, rb, presign and the errors', async () => {
    await s3('mb', 's3://by-cli');
    expect(await s3('ls')).toContain('by-cli');
    await s3('rb', 's3://by-cli');
    await s3('cp', file('signed.txt', 'signed'), 's3://data/signed.txt');
    const url = (await s3('presign', 's3://data/signed.txt')).trim();
    expect(await (await fetch(url)).text()).toBe('signed');
    await expect(s3('cp', 's3://data/missing', '-')).rejects.toThrow('404');
    await expect(s3('ls', 's3://missing')).rejects.toThrow('NoSuchBucket');
  });
});

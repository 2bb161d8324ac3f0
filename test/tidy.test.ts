import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { expect, test } from 'vitest';

/** Folder -> the folders it may import from, besides itself and packages. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  'shared/core': [],
  'shared/contracts': ['shared/core'],
  'shared/data': ['shared/core', 'shared/contracts'],
  'shared/aws': ['shared/core', 'shared/contracts'],
  'shared/runtime': ['shared/core', 'shared/contracts', 'shared/data', 'shared/aws'],
  functions: ['shared/core', 'shared/contracts', 'shared/data', 'shared/aws', 'shared/runtime'],
  infra: ['shared/core', 'shared/contracts', 'shared/data', 'shared/aws', 'shared/runtime', 'functions'],
  cli: ['shared/core', 'shared/contracts', 'functions'],
  web: ['shared/core', 'shared/contracts'],
  bench: ['shared/core', 'shared/contracts', 'shared/data', 'functions', 'infra'],
};

/** Packages that the pure core may use: mathematics without a platform. */
const CORE_PACKAGES = /^(pure-rand(\/|$)|@stdlib\/)/;

const root = new URL('..', import.meta.url).pathname;
const files = execFileSync(
  'git',
  ['ls-files', '--cached', '--others', '--exclude-standard', '*.ts', '*.tsx'],
  {
    cwd: root,
    encoding: 'utf8',
  },
)
  .split('\n')
  .filter((file) => file !== '' && !file.startsWith('test/'));

const folderOf = (file: string): string | undefined =>
  Object.keys(MAY_IMPORT).find((folder) => file.startsWith(`${folder}/`));

interface Import {
  readonly file: string;
  readonly target: string;
}

const imports: Import[] = files.flatMap((file) => {
  const text = readFileSync(join(root, file), 'utf8');
  const found = text.matchAll(/(?:\bfrom|\bimport)\s*\(?\s*'([^'\n]+)'/g);
  return [...found].map(([, target]) => ({
    file,
    target: target!.startsWith('.') ? normalize(join(dirname(file), target!)) : target!,
  }));
});

test('the rules below look at real files and real imports', () => {
  expect(files.length).toBeGreaterThan(60);
  expect(imports.length).toBeGreaterThan(200);
  for (const folder of ['shared/core', 'shared/data', 'functions', 'infra']) {
    expect(files.filter((file) => file.startsWith(`${folder}/`)).length, folder).toBeGreaterThan(5);
  }
});

test('a folder imports only from the folders below it', () => {
  const wrong = imports.filter(({ file, target }) => {
    const from = folderOf(file);
    const to = folderOf(target);
    return from !== undefined && to !== undefined && from !== to && !MAY_IMPORT[from]!.includes(to);
  });
  expect(wrong).toEqual([]);
});

test('the core is pure: no platform, no clock, no chance of its own', () => {
  const core = files.filter((file) => file.startsWith('shared/core/'));
  const packages = imports.filter(
    ({ file, target }) =>
      core.includes(file) && !target.startsWith('shared/core/') && !CORE_PACKAGES.test(target),
  );
  expect(packages).toEqual([]);
  const impure = core.filter((file) =>
    /\bDate\.now\(|\bnew Date\(\)|\bMath\.random\(|\bprocess\.|\bfetch\(|\bconsole\./.test(
      readFileSync(join(root, file), 'utf8'),
    ),
  );
  expect(impure).toEqual([]);
});

test('a use case never imports a handler', () => {
  const wrong = imports.filter(
    ({ file, target }) => target.endsWith('/handler.ts') && folderOf(file) === 'functions',
  );
  expect(wrong).toEqual([]);
});

test('only shared/runtime and the tools of one machine read the environment', () => {
  const readers = files.filter(
    (file) =>
      /^(shared|functions)\//.test(file) &&
      !file.startsWith('shared/runtime/') &&
      readFileSync(join(root, file), 'utf8').includes('process.env'),
  );
  expect(readers).toEqual([]);
});

test('the lock file holds no download addresses', () => {
  expect(readFileSync(join(root, 'package-lock.json'), 'utf8')).not.toMatch(
    /"resolved"|https?:\/\/[^"]*\.tgz/,
  );
});

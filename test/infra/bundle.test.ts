import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { bundleFunctions } from '../../infra/bundle.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'smart-inventory-bundle-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A small project with these files. */
function project(name: string, files: Readonly<Record<string, string>>): string {
  const root = join(folder, name);
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return root;
}

/** All files under a folder by their path in it. */
const contentOf = (directory: string) =>
  Object.fromEntries(
    readdirSync(directory, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .sort()
      .map((path) => [path.slice(directory.length + 1), readFileSync(path, 'utf8')]),
  );

const load = (outdir: string, name: string) => import(pathToFileURL(join(outdir, name, 'index.mjs')).href);

const PLAN = {
  'functions/plan/handler.ts': `import { greet } from './greet.ts';\nexport const handler = (name: string) => greet(name);`,
  'functions/plan/greet.ts': `export const greet = (name: string): string => 'hello ' + name;`,
};

describe('bundling', () => {
  test('makes one module of a function and what it imports, with a map beside it', async () => {
    const outdir = join(folder, 'out');
    await bundleFunctions({ root: project('a', PLAN), outdir, names: ['plan'] });
    expect(Object.keys(contentOf(outdir))).toEqual(['plan/index.mjs', 'plan/index.mjs.map']);
    expect((await load(outdir, 'plan')).handler('you')).toBe('hello you');
    const map = JSON.parse(readFileSync(join(outdir, 'plan/index.mjs.map'), 'utf8'));
    expect(map.sources).toEqual(
      expect.arrayContaining([expect.stringMatching(/functions\/plan\/greet\.ts$/)]),
    );
    expect(map.sourcesContent).toBeUndefined();
  });

  test('leaves a large package apart, beside the module of those functions that may ask for it', async () => {
    const outdir = join(folder, 'out');
    const root = project('apart', {
      ...PLAN,
      'functions/train/handler.ts': `export const handler = async () => (await import('date-holidays')).default;`,
      'node_modules/date-holidays/package.json': `{"name": "date-holidays", "version": "1.0.0", "main": "index.js"}`,
      'node_modules/date-holidays/index.js': `module.exports = 'every day';`,
    });
    await bundleFunctions({ root, outdir, names: ['plan', 'train'] });
    expect(Object.keys(contentOf(outdir)).filter((path) => !path.endsWith('.map'))).toEqual([
      'plan/index.mjs',
      'train/date-holidays.mjs',
      'train/index.mjs',
    ]);
    expect(contentOf(outdir)['train/index.mjs']).not.toContain('every day');
    expect(await (await load(outdir, 'train')).handler()).toBe('every day');
  });

  test('gives the same bytes wherever the project and the output lie', async () => {
    await bundleFunctions({ root: project('here', PLAN), outdir: join(folder, 'x'), names: ['plan'] });
    const there = project('quite/far/away', PLAN);
    await bundleFunctions({ root: there, outdir: join(folder, 'y/z'), names: ['plan'] });
    const first = contentOf(join(folder, 'x'));
    expect(contentOf(join(folder, 'y/z'))).toEqual(first);
    expect(JSON.stringify(first)).not.toContain(folder);
  });

  test('names the file of a handler that is missing', async () => {
    const root = project('a', PLAN);
    await expect(
      bundleFunctions({ root, outdir: join(folder, 'out'), names: ['plan', 'ingest'] }),
    ).rejects.toThrow(/function ingest has no handler: .*functions.ingest.handler\.ts is missing/);
  });

  test('leaves nothing of an earlier bundle behind', async () => {
    const root = project('a', PLAN);
    const outdir = project('out', { 'plan/old.mjs': '', 'gone/index.mjs': '' });
    await bundleFunctions({ root, outdir, names: ['plan'] });
    expect(Object.keys(contentOf(outdir))).toEqual(['plan/index.mjs', 'plan/index.mjs.map']);
  });

  test('lets CommonJS parts require modules of Node, and gives that only to who needs it', async () => {
    const root = project('a', {
      ...PLAN,
      'functions/notify/handler.ts': `import parts from './old.cjs';\nexport const handler = () => parts.sep;`,
      'functions/notify/old.cjs': `module.exports = { sep: require('node:path').posix.sep };`,
    });
    const outdir = join(folder, 'out');
    await bundleFunctions({ root, outdir, names: ['plan', 'notify'] });
    expect((await load(outdir, 'notify')).handler()).toBe('/');
    const bundles = contentOf(outdir);
    expect(bundles['notify/index.mjs']).toContain('createRequire');
    expect(bundles['plan/index.mjs']).not.toContain('createRequire');
  });

  test('puts migrations beside migrate and the dashboard beside api, once it is built', async () => {
    const files = {
      'functions/migrate/handler.ts': 'export const handler = () => 1;',
      'functions/api/handler.ts': 'export const handler = () => 2;',
      'shared/data/migrations/0001-first.sql': 'CREATE TABLE a (b INT);',
    };
    const outdir = join(folder, 'out');
    await bundleFunctions({ root: project('a', files), outdir, names: ['migrate', 'api'] });
    expect(contentOf(outdir)['migrate/migrations/0001-first.sql']).toBe('CREATE TABLE a (b INT);');
    expect(contentOf(outdir)['api/web/index.html']).toBeUndefined();

    const built = project('b', { ...files, 'web/dist/index.html': '<p>', 'web/dist/assets/a.js': '1' });
    await bundleFunctions({ root: built, outdir, names: ['migrate', 'api'] });
    expect(contentOf(outdir)['api/web/index.html']).toBe('<p>');
    expect(contentOf(outdir)['api/web/assets/a.js']).toBe('1');
  });
});

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { sourceHash } from '../../infra/source-hash.ts';

let root: string;
const write = (path: string, text: string) => {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
};

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'smart-inventory-hash-'));
  write('infra/app.ts', 'one');
  write('functions/plan/handler.ts', 'two');
  write('shared/data/migrations/0001-a.sql', 'three');
  write('cdk.json', '{}');
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

describe('the hash of the sources', () => {
  test('stays as long as nothing changes', () => {
    expect(sourceHash(root)).toMatch(/^[0-9a-f]{64}$/);
    expect(sourceHash(root)).toBe(sourceHash(root));
  });

  test.each([
    'infra/app.ts',
    'infra/stacks/new.ts',
    'functions/plan/handler.ts',
    'shared/data/migrations/0001-a.sql',
    'web/src/app.tsx',
    'package-lock.json',
    'cdk.json',
  ])('changes with %s', (path) => {
    const before = sourceHash(root);
    write(path, 'changed');
    expect(sourceHash(root)).not.toBe(before);
  });

  test.each(['infra/local/start.ts', 'cdk.out/manifest.json', 'web/dist/index.html', 'README.md'])(
    'does not mind %s, which no synthesis reads',
    (path) => {
      const before = sourceHash(root);
      write(path, 'changed');
      expect(sourceHash(root)).toBe(before);
    },
  );

  test('knows a file that was renamed', () => {
    const before = sourceHash(root);
    rmSync(join(root, 'infra/app.ts'));
    write('infra/apq.ts', 'one');
    expect(sourceHash(root)).not.toBe(before);
  });
});

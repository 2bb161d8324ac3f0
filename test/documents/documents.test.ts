import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { DOCUMENTS, documentedCommands, readDocument, shellBlocks } from './commands.ts';

const root = resolve(import.meta.dirname, '../..');
const run = promisify(execFile);
const commands = documentedCommands();
const scripts: Readonly<Record<string, string>> = JSON.parse(
  readFileSync(join(root, 'package.json'), 'utf8'),
).scripts;

/** Words of ours that follow a program: npm's script and what is behind `--`, or the command of our CLI. */
const npm = commands.flatMap(({ where, text }) => {
  const [, name, options = ''] = /^npm (?:run )?([\w-]+)(?: -- (.*))?$/.exec(text) ?? [];
  return name === undefined ? [] : [{ where, name, options: options.split(' ').filter(Boolean) }];
});
const cli = commands.flatMap(({ where, text }) => {
  const [, name, rest = ''] = /^npx smart-inventory ([\w-]+)(.*)$/.exec(text) ?? [];
  return name === undefined ? [] : [{ where, name, rest: rest.split(' ').filter(Boolean) }];
});

test('every documented command is one that these tests know how to check', () => {
  const others = commands.filter(
    ({ text }) => !/^(npm |npx smart-inventory |aws |curl |echo |TOKEN=)/.test(text),
  );
  expect(others).toEqual([]);
  expect(npm.length + cli.length).toBe(commands.filter(({ text }) => /^np[mx]/.test(text)).length);
  expect([npm.length > 8, cli.length > 4]).toEqual([true, true]);
});

test('every block of commands is a script that the shell understands', async () => {
  const blocks = DOCUMENTS.flatMap(shellBlocks);
  expect(blocks.length).toBeGreaterThan(5);
  for (const block of blocks) await run('sh', ['-n', '-c', block]);
});

test.each(npm)('$where: npm has $name, whose program knows its options', ({ name, options }) => {
  const script = scripts[name];
  expect(script, `script ${name}`).toBeDefined();
  const program = script!.split(' ').findLast((word) => /\.(ts|mjs)$/.test(word) && !/config/.test(word))!;
  expect(existsSync(join(root, program)), program).toBe(true);
  const source = readFileSync(join(root, program), 'utf8');
  for (const option of options.filter((word) => word.startsWith('--')))
    expect(source).toMatch(new RegExp(`['"]?${option.slice(2)}['"]?: \\{\\s*type:`));
});

test.each(cli)('$where: the command line has $name with these words', async ({ name, rest }) => {
  const { stdout } = await run(process.execPath, [join(root, 'cli/main.ts'), name, '--help']);
  const usage = /^Usage: smart-inventory (.*)$/m.exec(stdout)?.[1] ?? '';
  expect(usage.split(' ')[0]).toBe(name);
  // A word after an option is its value.
  const words = rest.filter((word, i) => !word.startsWith('--') && !rest[i - 1]?.startsWith('--'));
  if (words.length > 0) expect(usage).toMatch(/[<[](?!options)/);
  else expect(usage).not.toMatch(/</);
  for (const option of rest.filter((word) => word.startsWith('--'))) expect(stdout).toContain(option);
});

describe.each(DOCUMENTS)('%s', (document) => {
  test('links to files that are there', () => {
    const links = [...readDocument(document).matchAll(/\]\((?!https?:|#)([^)#]+)/g)].map(([, path]) => path!);
    const lost = links.filter((path) => !existsSync(join(root, dirname(document), path)));
    expect(lost).toEqual([]);
  });

  test('names files and folders of the project that are there', () => {
    const paths = [
      ...readDocument(document).matchAll(/`((?:infra|shared|functions|docs|bench|cli|web|test)\/[^`\s]*)`/g),
    ];
    const lost = paths.map(([, path]) => path!).filter((path) => !existsSync(join(root, path)));
    expect(lost).toEqual([]);
  });
});

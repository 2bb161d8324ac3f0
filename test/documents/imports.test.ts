import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { CsvFormat } from '../../shared/contracts/csv/csv-format.ts';
import { FOREIGN_FORMATS } from '../../shared/contracts/csv/foreign/foreign-formats.ts';
import { TEMPLATES } from '../../shared/contracts/csv/templates.ts';

const TEXT = readFileSync(new URL('../../docs/imports.md', import.meta.url), 'utf8');

test('docs/imports.md names every format of other systems with the headers it is recognised by', () => {
  expect(FOREIGN_FORMATS.length).toBeGreaterThan(20);
  for (const { name, signatures } of FOREIGN_FORMATS) {
    const row = TEXT.split('\n').find((line) => line.startsWith(`| \`${name}\` |`));
    expect(row, name).toBeDefined();
    const missing = signatures.flat().filter((header) => !row!.includes(`\`${header}\``));
    expect(missing, name).toEqual([]);
  }
});

test('docs/imports.md names every column of every template, and marks those that have to be there', () => {
  expect(TEMPLATES.length).toBeGreaterThan(12);
  for (const { name, required, optional } of TEMPLATES as readonly CsvFormat[]) {
    const section = TEXT.split(`\n### ${name}\n`)[1]?.split('\n#')[0];
    expect(section, name).toBeDefined();
    expect(
      required.filter((column) => !section!.includes(`\`${column}\`*`)),
      name,
    ).toEqual([]);
    expect(
      optional.filter((column) => !section!.includes(`\`${column}\``)),
      name,
    ).toEqual([]);
  }
});

import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { FOREIGN_FORMATS } from '../../../shared/contracts/csv/foreign/foreign-formats.ts';
import { TEMPLATES } from '../../../shared/contracts/csv/templates.ts';
import { formatsOf, translate } from './translate-file.ts';

const FOLDER = new URL('../../fixtures/imports/', import.meta.url);
const FIXTURES = readdirSync(FOLDER);

test('every format has a fixture, and each fixture is of one format only', () => {
  const found = FIXTURES.map((name) => translate(name).formats);
  for (const formats of found) expect(formats).toHaveLength(1);
  expect(new Set(found.flat())).toEqual(new Set(FOREIGN_FORMATS.map((format) => format.name)));
});

test('signatures are in lower case, and no header of ours is taken for another system', () => {
  for (const { signatures } of FOREIGN_FORMATS) {
    for (const header of signatures.flat()) expect(header).toBe(header.trim().toLowerCase());
  }
  for (const template of TEMPLATES) {
    // our templates come first, and only with their own columns
    const others = formatsOf(template.required).map((format) => format.name);
    expect(others.filter((name) => !name.startsWith('entity_'))).toEqual([]);
  }
});

test('signatures of two formats never stand in one another', () => {
  for (const one of FOREIGN_FORMATS) {
    for (const signature of one.signatures) {
      expect(formatsOf(signature).map((format) => format.name)).toEqual([one.name]);
    }
  }
});

test('no translator fails on cells it does not expect', () => {
  for (const name of FIXTURES) {
    const text = readFileSync(new URL(name, FOLDER), 'utf8').replace(/^\ufeff/, '');
    const header = text.slice(0, text.indexOf('\n'));
    const delimiter = header.includes('\t') ? '\t' : ',';
    const width = header.split(delimiter).length;
    for (const cell of ['', 'x', '-1', '0', '99999999999999', 'null', "'", '2026-01-01']) {
      const row = Array.from({ length: width }, () => cell).join(delimiter);
      const [line] = translate(`${header}\n${row}\n`).lines;
      expect(line).toBeDefined();
    }
  }
});

import { expect, test } from 'vitest';
import { checkPattern } from '../../../infra/local/events/check-pattern.ts';
import { matchesPattern } from '../../../infra/local/events/match-pattern.ts';

const EVENT = {
  source: 'shop',
  'detail-type': 'order.placed',
  resources: ['arn:a', 'arn:b'],
  detail: {
    sku: 'Red-Chair-01',
    quantity: 5,
    price: 0,
    note: null,
    tags: ['sale', 'new'],
    customer: { city: 'Zürich', vip: true },
    lines: [{ sku: 'a' }, { sku: 'b' }],
    empty: '',
  },
};

const detail = (pattern: object) => matchesPattern({ detail: pattern }, EVENT);

test.each([
  ['an exact text', { source: ['shop'] }, true],
  ['one of several texts', { source: ['bank', 'shop'] }, true],
  ['another text', { source: ['bank'] }, false],
  ['a text in another case', { source: ['Shop'] }, false],
  ['every field has to fit', { source: ['shop'], 'detail-type': ['order.paid'] }, false],
  ['a field that is missing', { region: ['x'] }, false],
  ['one element of a list in the event', { resources: ['arn:b'] }, true],
])('%s', (_name, pattern, fits) => {
  expect(matchesPattern(pattern, EVENT)).toBe(fits);
});

test.each<[string, object, boolean]>([
  ['a number', { quantity: [5] }, true],
  ['a number is not its text', { quantity: ['5'] }, false],
  ['a boolean', { customer: { vip: [true] } }, true],
  ['null', { note: [null] }, true],
  ['null is not a missing field', { gone: [null] }, false],
  ['an empty text', { empty: [''] }, true],
  ['a nested object', { customer: { city: ['Zürich'] } }, true],
  ['an object inside a list', { lines: { sku: ['b'] } }, true],
  ['no object inside a list', { lines: { sku: ['c'] } }, false],
  ['prefix', { sku: [{ prefix: 'Red' }] }, true],
  ['prefix of something else', { sku: [{ prefix: 'Blue' }] }, false],
  ['prefix without case', { sku: [{ prefix: { 'equals-ignore-case': 'red-' } }] }, true],
  ['suffix', { sku: [{ suffix: '-01' }] }, true],
  ['suffix without case', { sku: [{ suffix: { 'equals-ignore-case': 'CHAIR-01' } }] }, true],
  ['equals-ignore-case', { sku: [{ 'equals-ignore-case': 'RED-CHAIR-01' }] }, true],
  ['equals-ignore-case of another', { sku: [{ 'equals-ignore-case': 'RED-CHAIR' }] }, false],
  ['wildcard', { sku: [{ wildcard: 'Red-*-01' }] }, true],
  ['wildcard covers the whole text', { sku: [{ wildcard: 'Red-*-0' }] }, false],
  ['a point in a wildcard is a point', { sku: [{ wildcard: 'Red.*' }] }, false],
  ['an escaped star is a star', { sku: [{ wildcard: 'Red-\\*' }] }, false],
  ['numeric equality', { quantity: [{ numeric: ['=', 5] }] }, true],
  ['a numeric range', { quantity: [{ numeric: ['>', 0, '<=', 5] }] }, true],
  ['outside a numeric range', { quantity: [{ numeric: ['>', 0, '<', 5] }] }, false],
  ['numeric looks at numbers only', { sku: [{ numeric: ['>', 0] }] }, false],
  ['zero is a number', { price: [{ numeric: ['>=', 0] }] }, true],
  ['exists', { sku: [{ exists: true }] }, true],
  ['exists of null', { note: [{ exists: true }] }, true],
  ['exists of a missing field', { gone: [{ exists: true }] }, false],
  ['exists false of a missing field', { gone: [{ exists: false }] }, true],
  ['exists false of a present field', { sku: [{ exists: false }] }, false],
  ['exists false below a missing object', { gone: { deep: [{ exists: false }] } }, true],
  ['exists is about leaves', { customer: [{ exists: true }] }, false],
  ['anything-but', { sku: [{ 'anything-but': 'Blue' }] }, true],
  ['anything-but the value', { sku: [{ 'anything-but': ['Blue', 'Red-Chair-01'] }] }, false],
  ['anything-but a number', { quantity: [{ 'anything-but': 5 }] }, false],
  ['anything-but a prefix', { sku: [{ 'anything-but': { prefix: 'Red' } }] }, false],
  ['anything-but a suffix', { sku: [{ 'anything-but': { suffix: '-02' } }] }, true],
  ['anything-but some prefixes', { sku: [{ 'anything-but': { prefix: ['Blue', 'Red'] } }] }, false],
  [
    'anything-but without case',
    { sku: [{ 'anything-but': { 'equals-ignore-case': 'red-chair-01' } }] },
    false,
  ],
  ['anything-but a wildcard', { sku: [{ 'anything-but': { wildcard: '*Chair*' } }] }, false],
  ['anything-but needs the field', { gone: [{ 'anything-but': 'x' }] }, false],
  ['$or, the second', { $or: [{ sku: ['x'] }, { quantity: [5] }] }, true],
  ['$or, none', { $or: [{ sku: ['x'] }, { quantity: [6] }] }, false],
  ['$or and the fields beside it', { sku: ['x'], $or: [{ quantity: [5] }] }, false],
])('%s', (_name, pattern, fits) => {
  expect(detail(pattern)).toBe(fits);
});

test('an unknown matcher and a bare value are refused at start', () => {
  expect(() => checkPattern({ detail: { a: [{ startswith: 'x' }] } })).toThrow(/startswith/);
  expect(() => checkPattern({ detail: { a: [{ numeric: ['!', 1] }] } })).toThrow(/!/);
  expect(() => checkPattern({ source: 'shop' })).toThrow(/source/);
  expect(() => checkPattern({ $or: [{ a: [{ no: 1 }] }] })).toThrow(/no/);
  checkPattern({ source: ['a'], detail: { b: [{ exists: false }, null, 3] } });
});

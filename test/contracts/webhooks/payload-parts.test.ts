import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cutText } from '../../../shared/contracts/cut-text.ts';
import {
  externalId,
  madeId,
  productIdOf,
  skuText,
  words,
} from '../../../shared/contracts/webhooks/payload-parts.ts';

/** Any text, halves of characters included. */
const anyText = fc.string({ unit: fc.constantFrom('a', ' ', '😀', '\ud83d', '\ude00', 'ß'), maxLength: 30 });

test('a text that is cut is well-formed, a beginning of what it was, and as long as it may be', () => {
  fc.assert(
    fc.property(anyText, fc.integer({ min: 0, max: 30 }), (text, most) => {
      const cut = cutText(text, most);
      expect(cut.isWellFormed()).toBe(true);
      expect(text.toWellFormed().startsWith(cut)).toBe(true);
      expect(cut.length).toBeGreaterThanOrEqual(Math.min(text.length, most) - 1);
      expect(cut.length).toBeLessThanOrEqual(most);
    }),
  );
  expect(cutText('ab😀', 3)).toBe('ab');
  expect(words(3).parse(' ab😀')).toBe('ab');
  expect(words(3).parse('   ')).toBeNull();
});

test('keeping units of which only the end differs are different products', () => {
  const sku = (end: string) => skuText.parse(`${'x'.repeat(64)}${end}`);
  expect(productIdOf(sku('1'), 'shopify', '11')).toBe('shopify-11');
  expect(productIdOf(sku('2'), 'shopify', '12')).toBe('shopify-12');
  expect(productIdOf(sku(''), 'shopify', '13')).toBe('x'.repeat(64));
});

test('ids that are made of long names are as different as the names, and fit', () => {
  const ids = ['1', '2'].map((end) => madeId('square', 'o'.repeat(64), `${'u'.repeat(63)}${end}`));
  expect(new Set(ids).size).toBe(2);
  expect(ids.map((id) => id.length)).toEqual([64, 64]);
  expect(madeId('square', 'O1', 'u1')).toBe('square-O1-u1');
});

test('an id that is no text is refused', () => {
  expect(externalId.safeParse('a\ud83d').success).toBe(false);
  expect(externalId.parse(7)).toBe('7');
});

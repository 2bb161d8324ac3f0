import { randomInt } from 'node:crypto';

/** No look-alikes (0 O, 1 l I) and nothing that a shell, a URL or SQL would read as its own. */
const ALPHABET = 'abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789';

/** A password of `length` characters from 56, so 5.8 bits each. */
export function randomPassword(length: number): string {
  return Array.from({ length }, () => ALPHABET[randomInt(ALPHABET.length)]).join('');
}

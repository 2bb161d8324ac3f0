import { matchesLeaf } from './match-leaf.ts';

/** Throws on a pattern that no event could be tested against, so that a mistake shows at start and not at night. */
export function checkPattern(pattern: object): void {
  for (const [key, expected] of Object.entries(pattern)) {
    if (key === '$or' && Array.isArray(expected)) {
      for (const alternative of expected) checkPattern(alternative as object);
    } else if (Array.isArray(expected)) {
      // Any value serves: unknown matchers throw whatever it is.
      for (const matcher of expected) for (const value of ['', 0]) matchesLeaf(matcher, value);
    } else if (expected !== null && typeof expected === 'object') {
      checkPattern(expected);
    } else {
      throw new Error(`A field of an event pattern takes a list or an object: ${key}`);
    }
  }
}

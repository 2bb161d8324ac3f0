import { matchesLeaf } from './match-leaf.ts';

/**
 * Whether an event fits an EventBridge pattern: every field of the pattern must hold, a list of matchers holds if one
 * of them does, a list in the event holds if one of its elements does, and of `$or` one alternative must hold.
 */
export function matchesPattern(pattern: object, event: unknown): boolean {
  return Object.entries(pattern).every(([key, expected]) => {
    if (key === '$or' && Array.isArray(expected))
      return expected.some((alternative: object) => matchesPattern(alternative, event));
    const actual = fieldOf(event, key);
    if (Array.isArray(expected)) return expected.some((matcher) => matchesLeaf(matcher, actual));
    if (Array.isArray(actual)) return actual.some((item) => matchesPattern(expected as object, item));
    return matchesPattern(expected as object, actual);
  });
}

function fieldOf(value: unknown, key: string): unknown {
  return value !== null && typeof value === 'object' && Object.hasOwn(value, key)
    ? (value as Record<string, unknown>)[key]
    : undefined;
}

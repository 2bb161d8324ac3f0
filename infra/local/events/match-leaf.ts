type Test = (argument: unknown, value: unknown) => boolean;

/** Whether the value at a leaf of an event fits one matcher; `undefined` is a field that the event lacks. */
export function matchesLeaf(matcher: unknown, actual: unknown): boolean {
  if (matcher !== null && typeof matcher === 'object') {
    const [[kind, argument] = []] = Object.entries(matcher);
    if (kind === 'exists') return argument === isLeaf(actual);
    const test = TESTS[kind ?? ''];
    if (!test) throw new Error(`Unknown matcher in an event pattern: ${JSON.stringify(matcher)}`);
    return elementsOf(actual).some((value) => test(argument, value));
  }
  return elementsOf(actual).some((value) => value === matcher);
}

const TESTS: Readonly<Record<string, Test>> = {
  prefix: (argument, value) => affixed(argument, value, (text, part) => text.startsWith(part)),
  suffix: (argument, value) => affixed(argument, value, (text, part) => text.endsWith(part)),
  // Inside `anything-but` these take lists.
  'equals-ignore-case': (argument, value) =>
    typeof value === 'string' && [argument].flat().some((text) => folded(text) === folded(value)),
  wildcard: (argument, value) =>
    typeof value === 'string' && [argument].flat().some((text) => wildcard(String(text)).test(value)),
  numeric: (argument, value) => typeof value === 'number' && inRange(argument as unknown[], value),
  'anything-but': (argument, value) => {
    const excluded = [argument].flat();
    return !excluded.some((item) => matchesLeaf(item, value));
  },
};

function elementsOf(actual: unknown): unknown[] {
  if (actual === undefined) return [];
  return Array.isArray(actual) ? actual : [actual];
}

function isLeaf(actual: unknown): boolean {
  if (Array.isArray(actual)) return actual.length > 0;
  return actual !== undefined && (actual === null || typeof actual !== 'object');
}

function affixed(argument: unknown, value: unknown, fits: (text: string, part: string) => boolean): boolean {
  if (typeof value !== 'string') return false;
  if (argument !== null && typeof argument === 'object' && 'equals-ignore-case' in argument)
    return fits(value.toLowerCase(), String(argument['equals-ignore-case']).toLowerCase());
  return [argument].flat().some((part) => fits(value, String(part)));
}

function folded(value: unknown): string {
  return String(value).toLowerCase();
}

function wildcard(pattern: string): RegExp {
  const source = pattern.replace(/\\([*\\])|\*|[.+?^${}()|[\]\\]/g, (part, escaped: string | undefined) => {
    if (escaped) return `\\${escaped}`;
    return part === '*' ? '.*' : `\\${part}`;
  });
  return new RegExp(`^${source}$`, 's');
}

function inRange(bounds: readonly unknown[], value: number): boolean {
  for (let at = 0; at + 1 < bounds.length; at += 2) {
    const limit = Number(bounds[at + 1]);
    const holds = COMPARISONS[String(bounds[at])];
    if (!holds) throw new Error(`Unknown comparison in an event pattern: ${String(bounds[at])}`);
    if (!holds(value, limit)) return false;
  }
  return true;
}

const COMPARISONS: Readonly<Record<string, (value: number, limit: number) => boolean>> = {
  '=': (value, limit) => value === limit,
  '<': (value, limit) => value < limit,
  '<=': (value, limit) => value <= limit,
  '>': (value, limit) => value > limit,
  '>=': (value, limit) => value >= limit,
};

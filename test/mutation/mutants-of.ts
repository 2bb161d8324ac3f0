/** One change to a source that a test should notice. */
export interface Mutant {
  /** From 1. */
  readonly line: number;
  readonly change: string;
  /** The line up to the end of what was changed. */
  readonly place: string;
  readonly source: string;
}

type Replacement = readonly [pattern: RegExp, ...by: readonly string[]];

/** What is exchanged for what: relations and their boundaries, signs, connectives, constants, directions. */
const REPLACEMENTS: readonly Replacement[] = [
  [/ < /g, ' <= ', ' >= '],
  [/ > /g, ' >= ', ' <= '],
  [/ <= /g, ' < ', ' > '],
  [/ >= /g, ' > ', ' < '],
  [/ === /g, ' !== '],
  [/ !== /g, ' === '],
  [/ \+ /g, ' - '],
  [/ - /g, ' + '],
  [/ \* /g, ' / '],
  [/ \/ /g, ' * '],
  [/ && /g, ' || '],
  [/ \|\| /g, ' && '],
  [/ \?\? /g, ' && '],
  [/ \+= /g, ' -= '],
  [/ -= /g, ' += '],
  [/\+\+/g, '--'],
  [/(?<=[( ])!(?=[\w(])/g, ''],
  [/(?<=[(:=] ?)-(?=[\w(])/g, ''],
  [/\btrue\b/g, 'false'],
  [/\bfalse\b/g, 'true'],
  [/(?<![\w.'$[-])0(?![\w.'\]])/g, '1'],
  [/(?<![\w.'$[])1(?![\w.'\]])/g, '0', '2'],
  [/\bMath\.min\b/g, 'Math.max'],
  [/\bMath\.max\b/g, 'Math.min'],
  [/\bMath\.ceil\b/g, 'Math.floor'],
  [/\bMath\.floor\b/g, 'Math.ceil'],
  [/\bMath\.round\b/g, 'Math.floor'],
  [/'in'/g, "'out'", "'both'"],
  [/'out'/g, "'in'", "'both'"],
  [/'both'/g, "'in'", "'out'"],
];

/** Statements that can be left out without another being broken by it. */
const STATEMENT = /^\s+(?!const |let |return\b|import |export |type |for |if |readonly |\}|\/)[\w.]+.*;$/;
const CONDITION = /^(\s*)if \(/;

/** Every mutant of a source, one change each. Types and comments are left alone: they do nothing. */
export function mutantsOf(source: string): Mutant[] {
  const lines = source.split('\n');
  const mutants: Mutant[] = [];
  let isType = false;
  lines.forEach((text, i) => {
    if (/^(export )?(interface|type) /.test(text)) isType = !/[;]$/.test(text);
    const isCode = !isType && !/^\s*(\/?\*|\/\/|import )/.test(text);
    if (/^}/.test(text)) isType = false;
    if (!isCode) return;
    // what a mistake is told with may be worded in any way
    const isMessage = /throw new \w+\(`/.test(text);
    const add = (mutated: string, change: string, place = text): void => {
      const source = [...lines.slice(0, i), mutated, ...lines.slice(i + 1)].join('\n');
      mutants.push({ line: i + 1, change, place: place.trim(), source });
    };
    for (const [pattern, ...by] of isMessage ? [] : REPLACEMENTS) {
      for (const match of text.matchAll(pattern)) {
        for (const other of by) {
          const mutated = text.slice(0, match.index) + other + text.slice(match.index + match[0].length);
          const place = text.slice(0, match.index + match[0].length);
          add(mutated, `${match[0].trim()} became ${other.trim() || 'nothing'}`, place);
        }
      }
    }
    if (STATEMENT.test(text)) add('', `left out: ${text.trim()}`);
    const end = conditionEnd(text);
    if (end !== undefined) {
      for (const value of ['true', 'false'])
        add(`${CONDITION.exec(text)![0]}${value}${text.slice(end)}`, `the condition became ${value}`);
    }
  });
  return mutants;
}

/** Where the bracket of the condition closes, when it does so on its line. */
function conditionEnd(text: string): number | undefined {
  const start = CONDITION.exec(text)?.[0].length;
  if (start === undefined) return undefined;
  let depth = 1;
  for (let at = start; at < text.length; at++) {
    if (text[at] === '(') depth++;
    if (text[at] === ')') depth--;
    if (depth === 0) return at;
  }
  return undefined;
}

import { DataApiError } from './data-api-error.ts';

/** One statement cut at its parameters: pieces[0] names[0] pieces[1] names[1] ... pieces[n]. */
export interface SqlTemplate {
  readonly pieces: readonly string[];
  readonly names: readonly string[];
}

const CACHED_STATEMENTS = 1_000;
const LONGEST_CACHED = 16 * 1024;
const cache = new Map<string, SqlTemplate>();

/** Finds the `:name` parameters of one statement, and leaves those in literals, quoted names and comments alone. */
export function sqlTemplate(sql: string): SqlTemplate {
  const known = cache.get(sql);
  if (known) return known;
  const template = cut(sql);
  if (sql.length <= LONGEST_CACHED) {
    if (cache.size >= CACHED_STATEMENTS) cache.delete(cache.keys().next().value!);
    cache.set(sql, template);
  }
  return template;
}

/** The statement with a literal in the place of each parameter. */
export function renderSql({ pieces, names }: SqlTemplate, literalOf: (name: string) => string): string {
  let sql = pieces[0]!;
  for (let i = 0; i < names.length; i++) sql += literalOf(names[i]!) + pieces[i + 1]!;
  return sql;
}

const NAME = /[A-Za-z_][A-Za-z0-9_]*/y;
/** The next character that could begin something other than plain text. */
const SPECIAL = /['"`:?;#/-]/g;

function cut(sql: string): SqlTemplate {
  const pieces: string[] = [];
  const names: string[] = [];
  let start = 0;
  for (let at = nextSpecial(sql, 0); at < sql.length; at = nextSpecial(sql, at)) {
    const skipped = endOfQuoted(sql, at);
    if (skipped > at) {
      at = skipped;
    } else if (sql[at] === '?') {
      throw new DataApiError('BadRequestException', 'Positional parameters are not supported: use :name');
    } else if (sql[at] === ';') {
      if (!isBlank(sql, at + 1))
        throw new DataApiError('ValidationException', "Multistatements aren't supported");
      pieces.push(sql.slice(start, at));
      return { pieces, names };
    } else if (sql[at] === ':' && nameAt(sql, at + 1)) {
      const name = nameAt(sql, at + 1);
      pieces.push(sql.slice(start, at));
      names.push(name);
      at += 1 + name.length;
      start = at;
    } else {
      at++;
    }
  }
  pieces.push(sql.slice(start));
  return { pieces, names };
}

function nextSpecial(sql: string, from: number): number {
  SPECIAL.lastIndex = from;
  return SPECIAL.exec(sql)?.index ?? sql.length;
}

function nameAt(sql: string, at: number): string {
  NAME.lastIndex = at;
  return NAME.exec(sql)?.[0] ?? '';
}

/** Where a literal, a quoted name or a comment that begins here ends; `at` itself if none does. */
function endOfQuoted(sql: string, at: number): number {
  const first = sql[at]!;
  if (first === "'" || first === '"') return endOfLiteral(sql, at + 1, first);
  if (first === '`') return after(sql, '`', at + 1);
  if (first === '#') return after(sql, '\n', at + 1);
  if (first === '-' && /^--(?:\s|$)/.test(sql.slice(at, at + 3))) return after(sql, '\n', at + 2);
  if (first === '/' && sql[at + 1] === '*') return after(sql, '*/', at + 2);
  return at;
}

function endOfLiteral(sql: string, from: number, quote: string): number {
  for (let at = from; at < sql.length; at++) {
    const code = sql.charCodeAt(at);
    if (code === 92) at++;
    // A doubled quote ends one literal and begins the next: the same thing for our purpose.
    else if (code === quote.charCodeAt(0)) return at + 1;
  }
  return sql.length;
}

function after(sql: string, end: string, from: number): number {
  const found = sql.indexOf(end, from);
  return found === -1 ? sql.length : found + end.length;
}

function isBlank(sql: string, from: number): boolean {
  return /^(?:\s|#.*|--(?:\s.*|$)|\/\*[\s\S]*?\*\/)*$/.test(sql.slice(from));
}

/**
 * The statements of a SQL file, without comments and empty ones. The Data API takes one statement a call.
 * Knows quotes ('...', "...", `...`, with doubled and backslash escapes), `-- `, `#` and block comments.
 */
export function splitSql(text: string): string[] {
  const token =
    /'(?:[^'\\]|\\.|'')*'|"(?:[^"\\]|\\.|"")*"|`(?:[^`]|``)*`|--[ \t].*|--$|#.*|\/\*[\s\S]*?\*\/|;|[^'"`#;/-]+|[\s\S]/gm;
  const statements: string[] = [];
  let current = '';
  for (const [part] of text.matchAll(token)) {
    if (part === ';') {
      statements.push(current.trim());
      current = '';
    } else if (/^(--[ \t]|--$|#|\/\*)/.test(part)) {
      current += ' ';
    } else {
      current += part;
    }
  }
  statements.push(current.trim());
  return statements.filter((statement) => statement !== '');
}

import type { Route } from './route.ts';

/** A page that lists every route with its parameters: no script, no file from elsewhere. */
export function docsPage(routes: readonly Route[], document: Record<string, unknown>): string {
  const paths = document.paths as Record<string, Record<string, Operation>>;
  const sections = routes.map(({ method, path }) =>
    section(method, path, paths[path]![method.toLowerCase()]!),
  );
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>smart-inventory API</title>
<style>
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; color: #1c2733; }
details { border: 1px solid #d5dce3; border-radius: 6px; margin: .5rem 0; padding: .5rem 1rem; }
summary { cursor: pointer; }
code, pre { font: 14px/1.45 ui-monospace, monospace; }
pre { background: #f4f6f8; padding: .75rem; overflow-x: auto; border-radius: 6px; }
b { display: inline-block; min-width: 3.5rem; color: #0b5cab; }
table { border-collapse: collapse; }
td { padding: .15rem 1rem .15rem 0; vertical-align: top; }
@media (prefers-color-scheme: dark) {
  body { background: #14191f; color: #dfe6ee; }
  pre { background: #1e252d; }
  details { border-color: #37424e; }
  b { color: #6db3f2; }
}
</style>
</head>
<body>
<h1>smart-inventory API</h1>
<p>Get a token with <code>POST /auth/token</code> and send it as <code>Authorization: Bearer …</code>.
Errors are <code>application/problem+json</code>. The same in machine form: <a href="/openapi.json">openapi.json</a>.</p>
${sections.join('\n')}
</body>
</html>
`;
}

interface Operation {
  readonly summary: string;
  readonly description?: string;
  readonly parameters: readonly { name: string; in: string; required?: boolean; schema: object }[];
  readonly requestBody?: { readonly content: object };
  readonly responses: object;
}

function section(method: string, path: string, operation: Operation): string {
  const rows = operation.parameters.map(
    (one) =>
      `<tr><td><code>${escapeHtml(one.name)}</code></td><td>${one.in}${one.required ? ', required' : ''}</td><td><code>${escapeHtml(JSON.stringify(one.schema))}</code></td></tr>`,
  );
  return `<details>
<summary><b>${method}</b> <code>${escapeHtml(path)}</code> ${escapeHtml(operation.summary)}</summary>
<p>${escapeHtml(operation.description ?? 'No token needed.')}</p>
${rows.length > 0 ? `<table>${rows.join('')}</table>` : ''}
${operation.requestBody ? `<p>Request</p><pre>${pretty(operation.requestBody.content)}</pre>` : ''}
<p>Answers</p><pre>${pretty(operation.responses)}</pre>
</details>`;
}

const pretty = (value: object) => escapeHtml(JSON.stringify(value, null, 2));

const escapeHtml = (text: string) =>
  text.replace(/[&<>"]/g, (sign) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[sign]!);

import type { OrderDocument } from './order-document.ts';

const STYLE = `body{font:14px/1.45 system-ui,sans-serif;margin:2rem auto;max-width:60rem;color:#111;padding:0 1rem}
h1{font-size:1.4rem;margin:0 0 1rem}.stamp{color:#b00020;border:2px solid;padding:.1rem .5rem;font-weight:700}
dl{display:grid;grid-template-columns:max-content 1fr;gap:.2rem 1rem;margin:0 0 1.5rem}dt{color:#555}dd{margin:0}
table{border-collapse:collapse;width:100%}th,td{padding:.35rem .5rem;border-bottom:1px solid #ccc;text-align:left}
th{border-bottom:2px solid #111}.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
tfoot td{border:0}tr{break-inside:avoid}thead{display:table-header-group}
@media print{body{margin:0;max-width:none}@page{margin:15mm}}`;

/** The order as a page of its own that prints well, in any script: nothing in it is loaded or run. */
export function orderHtml({ title, stamp, head, columns, rows, totals, note }: OrderDocument): string {
  const isNumber = (i: number) => i >= columns.length - 3;
  const cell = (tag: 'th' | 'td', text: string, i: number) =>
    `<${tag}${tag === 'th' ? ' scope="col"' : ''}${isNumber(i) ? ' class="n"' : ''}>${escaped(text)}</${tag}>`;
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escaped(title)}</title>
<style>${STYLE}</style></head><body>
<h1>${escaped(title)}${stamp === undefined ? '' : ` <span class="stamp">${escaped(stamp)}</span>`}</h1>
<dl>${head.map(([label, value]) => `<dt>${escaped(label)}</dt><dd>${escaped(value)}</dd>`).join('')}</dl>
<table><thead><tr>${columns.map((column, i) => cell('th', column, i)).join('')}</tr></thead>
<tbody>
${rows.map((row) => `<tr>${row.map((text, i) => cell('td', text, i)).join('')}</tr>`).join('\n')}
</tbody><tfoot>
${totals
  .map(
    ([label, value]) =>
      `<tr><td colspan="${columns.length - 1}" class="n">${escaped(label)}</td><td class="n">${escaped(value)}</td></tr>`,
  )
  .join('\n')}
</tfoot></table>
${note === undefined ? '' : `<p>${escaped(note)}</p>`}
</body></html>
`;
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
const escaped = (text: string): string => text.replace(/[&<>"']/g, (character) => ENTITIES[character]!);

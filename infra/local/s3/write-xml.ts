/** What an element may hold: text, elements by name, or the same element several times. */
export type XmlValue =
  | string
  | number
  | boolean
  | undefined
  | readonly XmlValue[]
  | { readonly [name: string]: XmlValue };

/** An S3 document with this root element; undefined fields are left out and lists repeat their element. */
export function writeXml(root: string, value: XmlValue, namespace?: string): string {
  const xmlns = namespace === undefined ? '' : ` xmlns="${namespace}"`;
  return `<?xml version="1.0" encoding="UTF-8"?>\n<${root}${xmlns}>${content(value)}</${root}>`;
}

/** The namespace of S3's own documents; errors have none. */
export const S3_NAMESPACE = 'http://s3.amazonaws.com/doc/2006-03-01/';

function content(value: XmlValue): string {
  if (value === undefined) return '';
  if (typeof value !== 'object') return escapeText(String(value));
  if (isList(value)) return value.map(content).join('');
  return Object.entries(value)
    .map(([name, field]) => {
      if (field === undefined) return '';
      const items = isList(field) ? field : [field];
      return items.map((item) => `<${name}>${content(item)}</${name}>`).join('');
    })
    .join('');
}

function isList(value: XmlValue): value is readonly XmlValue[] {
  return Array.isArray(value);
}

function escapeText(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: object keys may hold control characters.
  return text.replace(/[&<>"\u0000-\u001F]/g, (character) => `&#${character.charCodeAt(0)};`);
}

import { S3Error } from './s3-error.ts';

/** One element; its text is that of the element without its children. */
export interface XmlElement {
  readonly name: string;
  readonly children: readonly XmlElement[];
  readonly text: string;
}

const MAXIMUM_DEPTH = 20;
const TOKEN = /<(?:\?[^>]*\?|!--[\s\S]*?--|(\/?)([^\s/>!?]+)(?:[^>]*?)(\/?))>|([^<]+)/y;
const NAMED = new Map([
  ['lt', '<'],
  ['gt', '>'],
  ['amp', '&'],
  ['quot', '"'],
  ['apos', "'"],
]);

/** Reads the small documents that clients send: elements and text; attributes and prefixes are passed over. */
export function readXml(document: string): XmlElement {
  const root = { name: '', children: [] as XmlElement[], text: '' };
  const open = [root];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < document.length) {
    const token = TOKEN.exec(document);
    if (token === null || open.length > MAXIMUM_DEPTH) throw malformed();
    const [, isEnd, tag, isEmpty, text] = token;
    const parent = open.at(-1)!;
    if (text !== undefined) parent.text += decode(text);
    else if (tag !== undefined) {
      const name = tag.slice(tag.indexOf(':') + 1);
      if (isEnd) {
        if (open.length === 1 || parent.name !== name) throw malformed();
        open.pop();
      } else {
        const element = { name, children: [], text: '' };
        parent.children.push(element);
        if (!isEmpty) open.push(element);
      }
    }
  }
  const [only] = root.children;
  if (open.length !== 1 || root.children.length !== 1 || only === undefined) throw malformed();
  return only;
}

/** The text of the first child of this name. */
export function childText(element: XmlElement, name: string): string | undefined {
  return element.children.find((child) => child.name === name)?.text;
}

function decode(text: string): string {
  return text.replace(/&(?:#x([0-9a-f]{1,6})|#(\d{1,7})|(\w+));/gi, (whole, hex, decimal, name) => {
    if (name !== undefined) return NAMED.get(name) ?? whole;
    const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
    if (code > 0x10ffff) throw malformed();
    return String.fromCodePoint(code);
  });
}

function malformed(): S3Error {
  return new S3Error('MalformedXML', 'The XML you provided was not well-formed.');
}

/** A line of text on a page, from its left end, or its right one. In points, from the top left corner of the page. */
export interface PdfText {
  readonly x: number;
  readonly y: number;
  readonly size: number;
  readonly text: string;
  readonly isBold?: boolean;
  readonly isRight?: boolean;
}

/** A thin line across a page. */
export interface PdfRule {
  readonly x: number;
  readonly y: number;
  readonly width: number;
}

export interface PdfPage {
  readonly texts: readonly PdfText[];
  readonly rules: readonly PdfRule[];
}

/** A4 in points. */
export const PAGE = { width: 595, height: 842 } as const;

/**
 * A PDF of text and lines, nothing else: every viewer has its two fonts, so that none is embedded, and they have the
 * characters of Windows-1252; others become question marks, as `isPrintable` tells beforehand.
 */
export function textPdf(pages: readonly PdfPage[], title: string): Buffer {
  const objects: string[] = [];
  const add = (body: string): number => objects.push(body);
  const kids = pages.map((_, i) => `${5 + i * 2} 0 R`).join(' ');
  add('<< /Type /Catalog /Pages 2 0 R >>');
  add(`<< /Type /Pages /Kids [${kids}] /Count ${pages.length} >>`);
  for (const font of ['Helvetica', 'Helvetica-Bold'])
    add(`<< /Type /Font /Subtype /Type1 /BaseFont /${font} /Encoding /WinAnsiEncoding >>`);
  for (const page of pages) {
    const content = drawn(page);
    const number = add(
      `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 ${PAGE.width} ${PAGE.height}] /Contents ${objects.length + 2} 0 R
/Resources << /Font << /F1 3 0 R /F2 4 0 R >> >> >>`,
    );
    add(`<< /Length ${content.length} >>\nstream\n${content}\nendstream`);
    if (number % 2 === 0) throw new RangeError('pages are counted from object 5 on');
  }
  const info = add(`<< /Title (${literal(title)}) >>`);
  let text = '%PDF-1.4\n';
  const offsets = objects.map((body, i) => {
    const at = text.length;
    text += `${i + 1} 0 obj\n${body}\nendobj\n`;
    return at;
  });
  const start = text.length;
  text += `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n`;
  for (const at of offsets) text += `${String(at).padStart(10, '0')} 00000 n \n`;
  text += `trailer\n<< /Size ${objects.length + 1} /Root 1 0 R /Info ${info} 0 R >>\nstartxref\n${start}\n%%EOF\n`;
  return Buffer.from(text, 'latin1');
}

function drawn({ texts, rules }: PdfPage): string {
  const words = texts.map(({ x, y, size, text, isBold = false, isRight = false }) => {
    const left = isRight ? x - widthOf(text, size) : x;
    return `BT /${isBold ? 'F2' : 'F1'} ${size} Tf ${left.toFixed(2)} ${(PAGE.height - y).toFixed(2)} Td (${literal(text)}) Tj ET`;
  });
  const lines = rules.map(
    ({ x, y, width }) => `0.5 w ${x} ${PAGE.height - y} m ${x + width} ${PAGE.height - y} l S`,
  );
  return [...words, ...lines].join('\n');
}

/** Characters of Windows-1252 that lie elsewhere in Unicode. */
const WINDOWS: Readonly<Record<string, number>> = {
  '€': 0x80,
  '‚': 0x82,
  '„': 0x84,
  '…': 0x85,
  Š: 0x8a,
  Œ: 0x8c,
  Ž: 0x8e,
  '‘': 0x91,
  '’': 0x92,
  '“': 0x93,
  '”': 0x94,
  '•': 0x95,
  '–': 0x96,
  '—': 0x97,
  '™': 0x99,
  š: 0x9a,
  œ: 0x9c,
  ž: 0x9e,
  Ÿ: 0x9f,
};

const byteOf = (character: string): number | undefined => {
  const code = character.codePointAt(0)!;
  return (code >= 0x20 && code < 0x7f) || (code >= 0xa0 && code <= 0xff) ? code : WINDOWS[character];
};

/** Whether the fonts have all of its characters. */
export const isPrintable = (text: string): boolean =>
  [...text].every((character) => byteOf(character) !== undefined);

/** Between the parentheses of a PDF string, one character a byte. */
const literal = (text: string): string =>
  [...text]
    .map((character) => String.fromCharCode(byteOf(character) ?? 0x3f))
    .join('')
    .replace(/[\\()]/g, '\\$&');

/** Thousandths of the size that characters of numbers are wide in Helvetica; the others as digits, which they roughly are. */
const WIDTHS: Readonly<Record<string, number>> = { ' ': 278, '.': 278, ',': 278, '-': 333 };
const widthOf = (text: string, size: number): number =>
  ([...text].reduce((sum, character) => sum + (WIDTHS[character] ?? 556), 0) / 1000) * size;

/** Characters that fit into a width, roughly. */
const mostIn = (size: number, width: number): number => Math.max(1, Math.floor(width / (0.53 * size)));

/** As much of a text as fits into a width, roughly. */
export function fitted(text: string, size: number, width: number): string {
  const characters = [...text];
  const most = mostIn(size, width);
  return characters.length <= most ? text : `${characters.slice(0, most - 1).join('')}…`;
}

/** All of a text, in pieces that fit into a width, roughly. */
export function piecesOf(text: string, size: number, width: number): string[] {
  const characters = [...text];
  const most = mostIn(size, width);
  return Array.from({ length: Math.ceil(characters.length / most) }, (_, i) =>
    characters.slice(i * most, (i + 1) * most).join(''),
  );
}

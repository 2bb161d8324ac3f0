import type { OrderDocument } from './order-document.ts';
import {
  fitted,
  isPrintable,
  PAGE,
  type PdfPage,
  type PdfRule,
  type PdfText,
  piecesOf,
  textPdf,
} from './text-pdf.ts';

const MARGIN = 42;
const SIZE = 9;
const STEP = 15;
const BOTTOM = PAGE.height - 60;
/** Left ends of the columns of text, and right ends of those of numbers. */
const LEFT = [MARGIN, 150, 330];
const RIGHT = [410, 475, PAGE.width - MARGIN];
const WIDTHS = [105, 175, 60];

/** The order as a PDF of plain text. What its fonts lack is a question mark, and said at the end: the page has it. */
export function orderPdf(document: OrderDocument): Buffer {
  const pages: { texts: PdfText[]; rules: PdfRule[] }[] = [];
  let y = 0;
  const page = () => pages.at(-1)!;
  const put = (text: PdfText) => void page().texts.push(text);
  const header = () => {
    for (const [i, column] of document.columns.entries())
      put({ ...placeOf(i), y, size: SIZE, text: column, isBold: true });
    page().rules.push({ x: MARGIN, y: y + 4, width: PAGE.width - 2 * MARGIN });
    y += STEP + 2;
  };
  const turn = () => {
    pages.push({ texts: [], rules: [] });
    y = MARGIN + 12;
    const isFirst = pages.length === 1;
    put({ x: MARGIN, y, size: isFirst ? 16 : 10, text: document.title, isBold: true });
    if (document.stamp !== undefined)
      put({ x: PAGE.width - MARGIN, y, size: 16, text: document.stamp, isBold: true, isRight: true });
    y += isFirst ? 26 : 20;
  };
  turn();
  for (const [label, value] of document.head) {
    put({ x: MARGIN, y, size: SIZE, text: label, isBold: true });
    put({ x: MARGIN + 90, y, size: SIZE, text: fitted(value, SIZE, 400) });
    y += STEP;
  }
  y += STEP;
  header();
  for (const row of document.rows) {
    // what is ordered is never cut: its name goes on below
    const [id = '', ...more] = piecesOf(row[0]!, SIZE, WIDTHS[0]!);
    if (y + STEP * more.length > BOTTOM) {
      turn();
      header();
    }
    put({ ...placeOf(0), y, size: SIZE, text: id });
    for (const [i, text] of row.entries())
      if (i > 0) put({ ...placeOf(i), y, size: SIZE, text: i < 3 ? fitted(text, SIZE, WIDTHS[i]!) : text });
    for (const text of more) {
      y += STEP;
      put({ ...placeOf(0), y, size: SIZE, text });
    }
    y += STEP;
  }
  const tail = [...(document.note?.split(/\r?\n/) ?? []), ...missing(document)].flatMap(wrapped);
  if (y + STEP * (document.totals.length + 1) > BOTTOM) turn();
  page().rules.push({ x: 330, y: y - 8, width: PAGE.width - MARGIN - 330 });
  y += 4;
  for (const [i, [label, value]] of document.totals.entries()) {
    const isBold = i === document.totals.length - 1;
    put({ x: 330, y, size: SIZE, text: label, isBold });
    put({ x: PAGE.width - MARGIN, y, size: SIZE, text: value, isBold, isRight: true });
    y += STEP;
  }
  y += STEP;
  for (const text of tail) {
    if (y > BOTTOM) turn();
    put({ x: MARGIN, y, size: SIZE, text });
    y += STEP;
  }
  for (const [i, one] of pages.entries())
    one.texts.push({
      x: PAGE.width - MARGIN,
      y: PAGE.height - 28,
      size: 8,
      text: `${i + 1} - ${pages.length}`,
      isRight: true,
    });
  return textPdf(pages satisfies PdfPage[], document.title);
}

const placeOf = (i: number) => (i < 3 ? { x: LEFT[i]! } : { x: RIGHT[i - 3]!, isRight: true });

function missing({ head, rows, note = '' }: OrderDocument): string[] {
  const isWhole = [...head.flat(), ...rows.flat(), ...note.split(/\r?\n/)].every(isPrintable);
  return isWhole ? [] : ['Some characters cannot be shown in this file; the page (format=html) shows them.'];
}

/** Some hundred characters a line. */
const wrapped = (text: string): string[] => text.match(/.{1,100}(?:\s|$)|.{1,100}/gu) ?? [];

import type { PurchaseOrderDetail } from '../../../shared/contracts/api/planning.ts';
import { Fault } from '../../../shared/contracts/fault.ts';
import type { Reply } from '../http/reply.ts';
import { orderCsv } from './order-csv.ts';
import { nameOf, orderDocument } from './order-document.ts';
import { orderHtml } from './order-html.ts';
import { orderPdf } from './order-pdf.ts';

/** A function answers 6 MB at most, and its envelope is part of that. */
const MOST_CHARACTERS = 5_000_000;

/**
 * An order as a page, a PDF or a file, with all of its lines. Nothing that it says can run in a browser. Fault `conflict`
 * where it would be longer than an answer may be.
 */
export function printPurchaseOrder(order: PurchaseOrderDetail, format: 'html' | 'pdf' | 'csv'): Reply {
  const reply = printed(order, format);
  if (Buffer.byteLength(reply.body) <= MOST_CHARACTERS) return reply;
  const instead = format === 'csv' ? '' : '; format=csv is shorter';
  throw new Fault(
    'conflict',
    `Purchase order ${order.purchase_order_id} has ${order.line_count} lines, too many to print as ${format}${instead}`,
  );
}

function printed(order: PurchaseOrderDetail, format: 'html' | 'pdf' | 'csv'): Reply {
  const name = nameOf(order).replaceAll(/[^\w.-]+/g, '_');
  const headers = (type: string, isShown: boolean) => ({
    'content-type': type,
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'",
    'content-disposition': `${isShown ? 'inline' : 'attachment'}; filename="${name}.${format}"`,
  });
  if (format === 'csv')
    return { statusCode: 200, headers: headers('text/csv; charset=utf-8', false), body: orderCsv(order) };
  const document = orderDocument(order);
  if (format === 'html')
    return { statusCode: 200, headers: headers('text/html; charset=utf-8', true), body: orderHtml(document) };
  return {
    statusCode: 200,
    headers: headers('application/pdf', true),
    body: orderPdf(document).toString('base64'),
    isBase64Encoded: true,
  };
}

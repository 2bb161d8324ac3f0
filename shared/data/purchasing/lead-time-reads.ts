import * as z from 'zod';
import type { LeadTimeRow } from '../../contracts/api/replenishment.ts';
import { jsonColumn, type Page, type PageAsked, Total, timeColumn, where } from '../sql/columns.ts';
import type { Statements } from '../sql/database.ts';

/** One delivery of an item. */
export const Delivery = z.object({ purchase_order_id: z.int(), received: z.iso.date(), days: z.int() });
export type Delivery = z.infer<typeof Delivery>;

const Row = z
  .object({
    supplier_id: z.string(),
    product_id: z.string(),
    stated_days: z.coerce.number(),
    stated_deviation: z.coerce.number(),
    mean_days: z.coerce.number().nullable(),
    deviation_days: z.coerce.number().nullable(),
    observations: z.int().nullable(),
    late_open: z.int().nullable(),
    evidence: jsonColumn(z.array(Delivery)).nullable(),
    updated_at: timeColumn.nullable(),
  })
  .transform(
    (row): LeadTimeRow => ({
      supplier_id: row.supplier_id,
      product_id: row.product_id,
      stated: { mean_days: row.stated_days, deviation_days: row.stated_deviation },
      learnt:
        row.mean_days === null
          ? null
          : {
              mean_days: row.mean_days,
              deviation_days: row.deviation_days!,
              deliveries: row.observations!,
              late_open: row.late_open!,
              evidence: row.evidence!,
              updated_at: row.updated_at!,
            },
    }),
  );

export interface LeadTimeFilter {
  readonly supplierId?: string | undefined;
  readonly productId?: string | undefined;
  readonly isLearnt?: boolean | undefined;
}

/** What suppliers state of their items, and what deliveries have shown, by supplier and product. */
export async function listLeadTimes(
  db: Statements,
  { supplierId, productId, isLearnt }: LeadTimeFilter,
  { skip, limit }: PageAsked,
): Promise<Page<LeadTimeRow>> {
  const from = `FROM supplier_item i
     LEFT JOIN learnt_lead_time t ON t.supplier_id = i.supplier_id AND t.product_id = i.product_id`;
  const conditions = where([
    supplierId !== undefined && 'i.supplier_id = :supplierId',
    productId !== undefined && 'i.product_id = :productId',
    isLearnt !== undefined && `t.supplier_id IS ${isLearnt ? 'NOT ' : ''}NULL`,
  ]);
  const params = {
    ...(supplierId !== undefined && { supplierId }),
    ...(productId !== undefined && { productId }),
  };
  const [count] = await db.select(Total, `SELECT COUNT(*) AS total ${from} ${conditions}`, params);
  const data = await db.select(
    Row,
    `SELECT i.supplier_id, i.product_id, i.lead_time_days AS stated_days, i.lead_time_deviation AS stated_deviation,
            t.mean_days, t.deviation_days, t.observations, t.late_open, t.evidence, t.updated_at
       ${from}
       ${conditions}
      ORDER BY i.supplier_id, i.product_id
      LIMIT :limit OFFSET :skip`,
    { ...params, skip, limit },
  );
  return { data, pagination: { skip, limit, total: count!.total } };
}

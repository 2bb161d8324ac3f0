/** A branch of net sales: what adds to them, or takes from them. */
interface Branch {
  readonly from: string;
  readonly day: string;
  readonly product: string;
  readonly location: string;
  readonly quantity: string;
  readonly lines: string;
  readonly revenue: string;
  readonly where: string;
  /** Why goods came back; only of branches that take from sales. */
  readonly reason?: string;
}

const BRANCHES: readonly Branch[] = [
  // what was sold, cancelled lines left out, on the day of the order
  {
    from: 'demand n',
    day: 'n.date',
    product: 'n.product_id',
    location: 'n.location_id',
    quantity: 'n.quantity',
    lines: 'n.sale_lines',
    revenue: 'n.revenue',
    where: '1 = 1',
  },
  // what was brought back here, on the day on which it came
  {
    from: 'order_return_line n',
    day: 'n.day',
    product: 'n.product_id',
    location: 'n.location_id',
    quantity: '-n.quantity',
    lines: '0',
    revenue: '-n.refund_amount',
    where: '1 = 1',
    reason: 'n.reason',
  },
  // what files and shops say came back, unless it was a cancellation, whose demand is taken back already
  {
    from: 'sales n',
    day: 'n.back_day',
    product: 'n.product_id',
    location: 'n.location',
    quantity: 'n.quantity_sold',
    lines: '0',
    revenue: 'n.quantity_sold * n.sale_price - n.discount',
    where: `n.kind = 'return' AND NOT EXISTS (
              SELECT 1
                FROM sales c
               WHERE c.customer_id = n.customer_id AND c.product_id = n.product_id
                 AND c.quantity_sold = -n.quantity_sold AND c.cancelled_by = n.sale_id)`,
    reason: `NULLIF(n.reason, '')`,
  },
  // lines that a file tells as sold and returned in one: the day of the order is the only one it has
  {
    from: 'sales n',
    day: 'n.back_day',
    product: 'n.product_id',
    location: 'n.location',
    quantity: '-n.quantity_sold',
    lines: '0',
    revenue: '-(n.quantity_sold * n.sale_price - n.discount)',
    where: `n.kind = 'sale' AND NOT EXISTS (SELECT 1 FROM order_return_line r WHERE r.sale_id = n.sale_id)`,
    reason: `NULLIF(n.reason, '')`,
  },
];

/** The columns that net sales may be grouped by. */
export type NetSalesColumns = Pick<Branch, 'day' | 'product' | 'location'>;

/**
 * Net sales as a table `(name, units, sale_lines, revenue)` for FROM, summed by what `name` makes of the columns: what was
 * sold less what came back, each on its own day. The one rule for every number of sales that people see; demand, from which
 * is forecast, keeps what came back, because somebody wanted it.
 */
export const netSales = (
  name: (columns: NetSalesColumns) => string,
  within: (day: string) => string,
  where: (columns: NetSalesColumns) => string = () => '1 = 1',
): string =>
  `(${BRANCHES.map(
    (
      branch,
    ) => `SELECT ${name(branch)} AS name, SUM(${branch.quantity}) AS units, SUM(${branch.lines}) AS sale_lines,
                        SUM(${branch.revenue}) AS revenue
                   FROM ${branch.from}
                  WHERE ${within(branch.day)} AND ${branch.where} AND ${where(branch)}
                  GROUP BY name`,
  ).join(' UNION ALL ')})`;

/** The columns that goods which came back may be grouped by. */
export type BackColumns = NetSalesColumns & Required<Pick<Branch, 'reason'>>;

/**
 * What came back as a table `(name, refunds, units, amount)` for FROM, summed by what `name` makes of the columns, each line
 * on the day on which it came: exactly what `netSales` takes off.
 */
export const goodsBack = (
  name: (columns: BackColumns) => string,
  within: (day: string) => string,
  where: (columns: BackColumns) => string = () => '1 = 1',
): string =>
  `(${BRANCHES.flatMap(({ reason, ...branch }) => {
    if (reason === undefined) return [];
    const columns = { ...branch, reason };
    return `SELECT ${name(columns)} AS name, COUNT(*) AS refunds, -SUM(${branch.quantity}) AS units,
                        -SUM(${branch.revenue}) AS amount
                   FROM ${branch.from}
                  WHERE ${within(branch.day)} AND ${branch.where} AND ${where(columns)}
                  GROUP BY name`;
  }).join(' UNION ALL ')})`;

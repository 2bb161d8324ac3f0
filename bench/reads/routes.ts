import { addDays } from '../../shared/core/calendar/add-days.ts';

/** The pages of somebody who plans, as they are asked for; `asOf` is the shop's last day. */
export function routesOf(asOf: string): string[] {
  const year = `from=${addDays(asOf, -364)}&to=${asOf}`;
  const yearOfSales = `start_date=${addDays(asOf, -364)}&end_date=${asOf}`;
  return [
    '/health',
    '/kpis',
    `/kpis?${year}`,
    `/kpis?${year}&location_id=WH-NORTH`,
    '/analytics/product-metrics?limit=50',
    `/analytics/product-metrics?limit=50&${year}`,
    '/metrics/operations/product_counts',
    '/metrics/operations/stockout_counts?limit=50',
    '/metrics/operations/sale_to_restock_ratio?limit=50',
    '/metrics/operations/describe_sales?limit=50',
    '/metrics/operations/gather_refund_data?limit=50',
    '/waste/summary',
    '/waste/dead?limit=50',
    '/waste/slow?limit=50',
    '/waste/excess?limit=50',
    '/waste/expiring?limit=50',
    '/waste/ageing?limit=50',
    '/waste/clearance',
    '/waste/promotions',
    '/analytics/inventory/dead-stock',
    '/analytics/inventory/status',
    '/analytics/inventory/stockout-risk?limit=50',
    '/analytics/inventory/low-stock?limit=50',
    '/analytics/abc-analysis?limit=50',
    '/analytics/product-performance',
    '/analytics/category-performance',
    '/analytics/dashboard/summary',
    '/analytics/sales-trends',
    '/analytics/sales-trends?period=weekly&days=365',
    '/reports/inventory-summary',
    '/reports/sales-report',
    `/reports/sales-report?group_by=category&${yearOfSales}`,
    '/sales?limit=50',
    `/sales?limit=50&${yearOfSales}`,
    `/inventory/snapshots?date=${asOf}`,
    '/products?limit=50',
    '/suggestions?limit=50',
  ];
}

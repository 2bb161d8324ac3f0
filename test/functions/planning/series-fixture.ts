import type { SeriesInput } from '../../../functions/restock/assess-series.ts';
import type { Policy } from '../../../shared/contracts/policy.ts';
import { PlanSettings } from '../../../shared/data/planning/setting-store.ts';
import type { SupplierItem } from '../../../shared/data/purchasing/supplier-item-store.ts';

const settings = PlanSettings.parse({});
const policy: Policy = {
  kind: 's-S',
  target: { kind: 'cycle-service', value: 0.95 },
  reviewDays: 7,
  minimum: null,
  maximum: null,
  safetyLeadDays: 0,
  source: 'settings',
};

/** What differs from the usual series. */
export interface Change {
  readonly weekly?: number;
  readonly onHand?: number;
  readonly committed?: number;
  readonly expiring?: number;
  readonly locationId?: string;
  readonly policy?: Partial<Policy>;
  readonly supply?: SeriesInput['supply'];
  readonly asOf?: string;
  readonly price?: number | null;
}

/** A series of about ten units a week. */
export function inputOf({
  weekly = 10,
  onHand = 5,
  committed = 0,
  expiring = 0,
  ...more
}: Change = {}): SeriesInput {
  const supply = more.supply ?? [];
  const onOrder = supply.reduce((sum, one) => sum + one.quantity, 0);
  return {
    series: {
      productId: 'P',
      locationId: more.locationId ?? 'MAIN',
      firstDay: '2011-12-10',
      periodDays: 7,
      horizon: 13,
      model: 'snaive',
      demandClass: 'smooth',
      state: { model: 'snaive', season: [weekly], variance: weekly },
      lowConfidence: null,
    },
    position: { onHand, committed, onOrder },
    supply,
    expiring,
    policy: { ...policy, ...more.policy },
    className: 'AX',
    price: more.price === undefined ? 4 : more.price,
    currency: 'GBP',
    isStanding: false,
    settings,
    asOf: more.asOf ?? '2011-12-09',
  };
}

/** The terms of a supplier. */
export const item = (change: Partial<SupplierItem> = {}): SupplierItem => ({
  productId: 'P',
  supplierId: 'S1',
  unitCost: '2.5000',
  priceBreaks: [],
  orderCost: '0.0000',
  leadTimeDays: 14,
  leadTimeDeviationDays: 2,
  statedLeadTimeDays: 14,
  leadTimesSeen: 0,
  minimumQuantity: 1,
  orderMultiple: 1,
  maximumQuantity: null,
  priority: 1,
  supplierMinimum: '0.00',
  currency: 'GBP',
  calendar: {},
  ...change,
});

/** A location of a tree. */
export const site = (locationId: string, parentId: string | null = null, root = 'MAIN') => ({
  locationId,
  parentId,
  root,
  receiving: undefined,
});

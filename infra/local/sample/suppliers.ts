/** An invented supplier. */
export interface SampleSupplier {
  readonly id: string;
  readonly name: string;
  readonly minimumOrder: string;
  readonly leadTimeDays: number;
  readonly leadTimeDeviation: number;
  /** Share of its cost in the price we sell at, in percent. */
  readonly costShare: readonly [number, number];
}

/** Near and dear, or far and cheap: every category has one of each kind. */
export const SUPPLIERS: readonly SampleSupplier[] = [
  {
    id: 'SYN-01',
    name: 'Albion Giftware (synthetic)',
    minimumOrder: '150.00',
    leadTimeDays: 5,
    leadTimeDeviation: 1,
    costShare: [52, 62],
  },
  {
    id: 'SYN-02',
    name: 'Thames Paper Mill (synthetic)',
    minimumOrder: '100.00',
    leadTimeDays: 7,
    leadTimeDeviation: 2,
    costShare: [50, 60],
  },
  {
    id: 'SYN-03',
    name: 'Pennine Ceramics (synthetic)',
    minimumOrder: '250.00',
    leadTimeDays: 12,
    leadTimeDeviation: 3,
    costShare: [48, 58],
  },
  {
    id: 'SYN-04',
    name: 'Normandie Lumieres (synthetic)',
    minimumOrder: '300.00',
    leadTimeDays: 14,
    leadTimeDeviation: 3,
    costShare: [46, 56],
  },
  {
    id: 'SYN-05',
    name: 'Hanse Holzspielwaren (synthetic)',
    minimumOrder: '300.00',
    leadTimeDays: 16,
    leadTimeDeviation: 4,
    costShare: [46, 56],
  },
  {
    id: 'SYN-06',
    name: 'Lisboa Textil (synthetic)',
    minimumOrder: '400.00',
    leadTimeDays: 21,
    leadTimeDeviation: 5,
    costShare: [42, 52],
  },
  {
    id: 'SYN-07',
    name: 'Jaipur Handicraft (synthetic)',
    minimumOrder: '600.00',
    leadTimeDays: 35,
    leadTimeDeviation: 8,
    costShare: [36, 46],
  },
  {
    id: 'SYN-08',
    name: 'Yiwu Home Trading (synthetic)',
    minimumOrder: '900.00',
    leadTimeDays: 42,
    leadTimeDeviation: 9,
    costShare: [32, 42],
  },
  {
    id: 'SYN-09',
    name: 'Ningbo Metalworks (synthetic)',
    minimumOrder: '900.00',
    leadTimeDays: 45,
    leadTimeDeviation: 10,
    costShare: [32, 42],
  },
  {
    id: 'SYN-10',
    name: 'Hanoi Lacquer & Bamboo (synthetic)',
    minimumOrder: '700.00',
    leadTimeDays: 38,
    leadTimeDeviation: 8,
    costShare: [34, 44],
  },
];

const BY_CATEGORY: Readonly<Record<string, readonly [near: string, far: string]>> = {
  Christmas: ['SYN-04', 'SYN-08'],
  Jewellery: ['SYN-01', 'SYN-07'],
  'Bags & Travel': ['SYN-06', 'SYN-07'],
  'Lighting & Candles': ['SYN-04', 'SYN-09'],
  'Kitchen & Dining': ['SYN-03', 'SYN-08'],
  'Stationery & Gift Wrap': ['SYN-02', 'SYN-08'],
  'Toys & Games': ['SYN-05', 'SYN-08'],
  Party: ['SYN-02', 'SYN-07'],
  Garden: ['SYN-01', 'SYN-10'],
  Storage: ['SYN-05', 'SYN-10'],
  'Home Decoration': ['SYN-01', 'SYN-09'],
};

/** The supplier of an article; `roll` is 0..99. */
export function supplierOf(category: string, roll: number): SampleSupplier {
  const [near, far] = BY_CATEGORY[category]!;
  const id = roll < 45 ? near : far;
  return SUPPLIERS.find((supplier) => supplier.id === id)!;
}

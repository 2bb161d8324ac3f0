import * as z from 'zod';

/** Business events by type, with what each carries. The bus's `detail-type` is the type, `detail` the envelope. */
export const EVENT_DATA = {
  'import.completed': z.object({
    importId: z.string(),
    objectKey: z.string(),
    format: z.string().nullable(),
    /** `checked` after a dry run, `undone` after an undo */
    status: z.enum(['done', 'failed', 'duplicate', 'checked', 'undone']),
    importedRows: z.int(),
    rejectedRows: z.int(),
    shortages: z.int(),
    /** Whether demand, stock or supply may now differ, so that a new plan is worth making. */
    changesPlan: z.boolean(),
  }),
  /** `productId` is that of the only line, null when there are several; `quantity` their sum. */
  'import.progress': z.object({
    importId: z.string(),
    stage: z.enum(['importing', 'undoing']),
    bytesDone: z.number(),
    bytesTotal: z.number(),
    rowsDone: z.int(),
  }),
  'order.created': z.object({ orderId: z.string(), productId: z.string().nullable(), quantity: z.int() }),
  /** Lines that were cancelled now, and their units. */
  'order.cancelled': z.object({
    orderId: z.string(),
    status: z.string(),
    lines: z.array(z.string()),
    quantity: z.int(),
    reason: z.string(),
  }),
  'order.returned': z.object({
    orderId: z.string(),
    returnId: z.string(),
    status: z.string(),
    quantity: z.int(),
    /** Exact amount as text. */
    refund: z.string(),
  }),
  'stock.updated': z.object({
    productId: z.string(),
    locationId: z.string(),
    previousStock: z.int(),
    currentStock: z.int(),
    reason: z.string(),
  }),
  /** Stock changed in bulk, by an import or a simulation: a few of the positions; `GET /stock/feed` has them all. */
  'stock.changed': z.object({
    cause: z.string(),
    positions: z.int(),
    sample: z
      .array(z.object({ productId: z.string(), locationId: z.string(), currentStock: z.int() }))
      .max(50),
  }),
  'alert.raised': z.object({
    key: z.string(),
    type: z.string(),
    level: z.enum(['info', 'warning', 'critical']),
    title: z.string().max(200),
    message: z.string().max(1000),
  }),
  'forecast.completed': z.object({ runId: z.string(), asOf: z.string(), series: z.int() }),
  'suggestions.updated': z.object({ runId: z.string(), suggestions: z.int(), purchaseOrders: z.int() }),
  'simulation.completed': z.object({
    simulationId: z.string(),
    firstDay: z.string(),
    lastDay: z.string(),
  }),
  /** Categories that gave no product are `skipped`. */
  'sourcing.completed': z.object({ sourcingId: z.string(), products: z.int(), skipped: z.int() }),
  'purchase_order.approved': z.object({
    purchaseOrderId: z.int(),
    supplierId: z.string(),
    approvedBy: z.string(),
  }),
  /** Of every change of status, whoever made it; approvals and receipts are announced by name too. */
  'purchase_order.status_changed': z.object({
    purchaseOrderId: z.int(),
    supplierId: z.string(),
    command: z.string(),
    from: z.string(),
    to: z.string(),
    reason: z.string().nullable(),
  }),
  'purchase_order.received': z.object({
    purchaseOrderId: z.int(),
    receiptId: z.string(),
    status: z.string(),
    units: z.int(),
  }),
  /** An audit found rows that break a promise of the data. */
  'ledger.mismatch': z.object({
    auditId: z.string(),
    promise: z.string(),
    violations: z.int(),
    examples: z.array(z.string()).max(10),
  }),
} as const;

export type EventType = keyof typeof EVENT_DATA;
export type EventData<T extends EventType> = z.infer<(typeof EVENT_DATA)[T]>;

/** The channel on which a listener hears each type. Every listener of `all` hears everything. */
export const EVENT_CHANNEL: Readonly<Record<EventType, Channel>> = {
  'import.completed': 'analytics',
  'import.progress': 'analytics',
  'order.created': 'orders',
  'order.cancelled': 'orders',
  'order.returned': 'orders',
  'stock.updated': 'stock',
  'stock.changed': 'stock',
  'alert.raised': 'alerts',
  'forecast.completed': 'forecasts',
  'suggestions.updated': 'forecasts',
  'simulation.completed': 'analytics',
  'sourcing.completed': 'analytics',
  'purchase_order.approved': 'orders',
  'purchase_order.status_changed': 'orders',
  'purchase_order.received': 'orders',
  'ledger.mismatch': 'alerts',
};

export const CHANNELS = ['all', 'orders', 'stock', 'alerts', 'forecasts', 'analytics'] as const;
export type Channel = (typeof CHANNELS)[number];

/** The envelope around every event. */
export const Envelope = z.object({
  event_id: z.uuid(),
  event_type: z.enum(Object.keys(EVENT_DATA) as [EventType, ...EventType[]]),
  timestamp: z.iso.datetime(),
  source: z.literal('smart-inventory'),
  version: z.literal('1.0'),
  data: z.record(z.string(), z.unknown()),
  correlation_id: z.string().nullable(),
  user_id: z.string().nullable(),
});
export type Envelope = z.infer<typeof Envelope>;

/** An event of this version of the program or of another, which may know other types. */
export const KeptEnvelope = Envelope.extend({ event_type: z.string().min(1) });
export type KeptEnvelope = z.infer<typeof KeptEnvelope>;

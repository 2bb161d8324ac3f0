import * as z from 'zod';
import { ROLES } from '../role.ts';
import { centsInput, idInput } from './inputs.ts';
import { Day, Money } from './page.ts';

/** Who may buy what without whom: limits, settings and rules of purchasing. */

const currency = z
  .string()
  .trim()
  .regex(/^[A-Z]{3}$/, 'is no currency of three capitals, such as GBP');

/** Up to which amount a role may approve. */
export const ApprovalLimit = z.object({
  role: z.enum(ROLES),
  currency: z.string(),
  /** Null: any amount. */
  max_amount: Money.nullable(),
});
export type ApprovalLimit = z.infer<typeof ApprovalLimit>;

/** Of the path /approval-limits/{role}/{currency}. */
export const LimitPath = z.object({ role: z.enum(ROLES), currency });
export const NewLimit = z.object({ max_amount: centsInput.nullable() });

/** GET and PUT /purchasing/settings */
export const PurchasingSettings = z.object({
  /** Nobody approves what they submitted themselves. */
  four_eyes: z.boolean(),
  /** Percent of a line that may come beyond what was ordered. */
  receipt_tolerance_percent: z.number().min(0).max(100),
  /** Percent that a supplier may confirm beyond what was approved without anybody approving it. */
  approval_tolerance_percent: z.number().min(0).max(100),
});
export type PurchasingSettings = z.infer<typeof PurchasingSettings>;
export const PurchasingSettingsChange = PurchasingSettings.partial();

/** Under which circumstances a draft becomes an order without a person. */
export const AutoRestockRule = z.object({
  id: z.string(),
  is_active: z.boolean(),
  priority: z.int(),
  supplier_id: z.string().nullable(),
  location_id: z.string().nullable(),
  category: z.string().nullable(),
  class: z.string().nullable(),
  currency: z.string(),
  max_order_value: Money,
  max_day_value: Money,
  usual_only: z.boolean(),
  due_only: z.boolean(),
});
export type AutoRestockRule = z.infer<typeof AutoRestockRule>;

const fields = z.object({
  is_active: z.boolean(),
  /** Rules with lower numbers are asked first. */
  priority: z.int().min(0).max(10_000),
  /** Null holds for all. */
  supplier_id: idInput().nullable(),
  location_id: idInput(50).nullable(),
  category: idInput(100).nullable(),
  /** Value A..C, certainty X..Z, or both such as AX. */
  class: z
    .string()
    .regex(/^([ABC][XYZ]?|[XYZ])$/, 'is no class such as A, X or AX')
    .nullable(),
  currency,
  /** Most that one order, and all orders of a day together, may cost. */
  max_order_value: centsInput,
  max_day_value: centsInput,
  /** Nothing whose forecast is of low confidence. */
  usual_only: z.boolean(),
  /** Only what its supplier takes orders for by today (`order_day`): to wait until `order_by` would use up the safety stock. */
  due_only: z.boolean(),
});
/** PUT /auto-restock/rules/{id} */
export const AutoRestockRuleChange = fields.partial();
/** POST /auto-restock/rules; off until somebody switches it on. */
export const NewAutoRestockRule = z.object({
  id: idInput(),
  ...fields.shape,
  is_active: fields.shape.is_active.default(false),
  priority: fields.shape.priority.default(100),
  supplier_id: fields.shape.supplier_id.default(null),
  location_id: fields.shape.location_id.default(null),
  category: fields.shape.category.default(null),
  class: fields.shape.class.default(null),
  currency: fields.shape.currency.default('GBP'),
  usual_only: fields.shape.usual_only.default(true),
  due_only: fields.shape.due_only.default(true),
});

/** GET /auto-restock/preview and POST /auto-restock/run: what the rules order, and what they do not. */
export const AutoRestockResult = z.object({
  day: Day,
  /** False for a preview. */
  is_done: z.boolean(),
  orders: z.array(
    z.object({
      rule_id: z.string(),
      /** Of the order; of the draft where none was made. */
      purchase_order_id: z.int(),
      supplier_id: z.string(),
      location_id: z.string(),
      lines: z.int(),
      total_cost: Money,
      currency: z.string(),
      products: z.array(z.string()),
      /** Null where it is ordered, or would be. */
      refused: z.string().nullable(),
    }),
  ),
});
export type AutoRestockResult = z.infer<typeof AutoRestockResult>;

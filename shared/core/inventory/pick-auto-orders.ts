import { MOST_COVER_DAYS } from './policies/round-order.ts';

/** Under which circumstances a draft becomes an order without a person. Absent conditions hold for everything. */
export interface AutoRestockRule {
  readonly ruleId: string;
  readonly supplierId: string | null;
  readonly locationId: string | null;
  readonly category: string | null;
  /** `AX`, or one of its two letters. */
  readonly class: string | null;
  readonly currency: string;
  /** Most that one order may cost, and all orders of a day by this rule together. In hundredths of the currency. */
  readonly maxOrderCents: number;
  readonly maxDayCents: number;
  /** Only what is as sure as usual. */
  readonly isUsualOnly: boolean;
  /** Only lines whose order day has come: the first day on which people can act on them and the supplier takes orders. */
  readonly isDueOnly: boolean;
}

/** A draft with what is suggested in it. */
export interface AutoDraft {
  readonly purchaseOrderId: number;
  readonly supplierId: string;
  readonly locationId: string;
  readonly currency: string;
  /** The supplier takes no order below. */
  readonly minimumCents: number;
  readonly lines: readonly AutoLine[];
}

export interface AutoLine {
  readonly suggestionId: number;
  readonly productId: string;
  readonly category: string | null;
  /** Of its value and certainty, such as `AX`; null before it has one. */
  readonly class: string | null;
  readonly isUsual: boolean;
  /** YYYY-MM-DD */
  readonly orderDay: string;
  /** For which stock, supply and the line last; null where no demand is expected. */
  readonly coverDays: number | null;
  /** Quantity x unit cost, in hundredths. */
  readonly cents: number;
}

/** An order that a rule allows, or why it does not. */
export interface AutoPick {
  readonly ruleId: string;
  readonly purchaseOrderId: number;
  /** What it orders: the draft's lines, or those that the rule is about. */
  readonly productIds: readonly string[];
  readonly isWhole: boolean;
  readonly cents: number;
  /** Undefined where it is ordered. */
  readonly refused:
    | 'above the limit of an order'
    | 'above the limit of the day'
    | 'below the minimum of the supplier'
    | undefined;
}

/**
 * What the rules order of these drafts today: for each draft the first rule, in their order, that is about any of its lines.
 * An order is all lines that the rule is about, or nothing: a part that fits below a limit would be an accident of the
 * order of lines. No rule orders what lasts longer than MOST_COVER_DAYS. `spent` is what each rule has ordered today; orders of this call count upon it, the most urgent first.
 */
export function pickAutoOrders(
  rules: readonly AutoRestockRule[],
  drafts: readonly AutoDraft[],
  today: string,
  spent: ReadonlyMap<string, number>,
): AutoPick[] {
  const left = new Map(rules.map((rule) => [rule.ruleId, rule.maxDayCents - (spent.get(rule.ruleId) ?? 0)]));
  const urgency = (draft: AutoDraft) =>
    draft.lines.reduce((first, line) => (line.orderDay < first ? line.orderDay : first), '9999-12-31');
  const sorted = [...drafts].sort(
    (a, b) =>
      (urgency(a) < urgency(b) ? -1 : urgency(a) > urgency(b) ? 1 : 0) ||
      a.purchaseOrderId - b.purchaseOrderId,
  );
  return sorted.flatMap((draft) => {
    for (const rule of rules) {
      const lines = linesOf(rule, draft, today);
      if (lines.length === 0) continue;
      const cents = lines.reduce((sum, line) => sum + line.cents, 0);
      const refused =
        cents < draft.minimumCents
          ? ('below the minimum of the supplier' as const)
          : cents > rule.maxOrderCents
            ? ('above the limit of an order' as const)
            : cents > left.get(rule.ruleId)!
              ? ('above the limit of the day' as const)
              : undefined;
      if (refused === undefined) left.set(rule.ruleId, left.get(rule.ruleId)! - cents);
      return [
        {
          ruleId: rule.ruleId,
          purchaseOrderId: draft.purchaseOrderId,
          productIds: lines.map((line) => line.productId),
          isWhole: lines.length === draft.lines.length,
          cents,
          refused,
        },
      ];
    }
    return [];
  });
}

function linesOf(rule: AutoRestockRule, draft: AutoDraft, today: string): AutoLine[] {
  if (rule.supplierId !== null && rule.supplierId !== draft.supplierId) return [];
  if (rule.locationId !== null && rule.locationId !== draft.locationId) return [];
  if (rule.currency !== draft.currency) return [];
  return draft.lines.filter(
    (line) =>
      // what lasts longer than anybody can look ahead is for people to decide
      (line.coverDays === null || line.coverDays <= MOST_COVER_DAYS) &&
      (rule.category === null || rule.category === line.category) &&
      (rule.class === null || line.class?.includes(rule.class) === true) &&
      (!rule.isUsualOnly || line.isUsual) &&
      (!rule.isDueOnly || line.orderDay <= today),
  );
}

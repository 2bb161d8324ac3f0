/** Up to how much a role may approve in a currency; null: any amount. Cents of the currency. */
export interface ApprovalLimit {
  readonly role: string;
  readonly currency: string;
  readonly maxCents: number | null;
}

/** Whether somebody may approve. */
export type Approval =
  | { readonly isAllowed: true }
  /** `mostCents` is the most that any of the roles may; undefined where none may approve at all. */
  | { readonly isAllowed: false; readonly mostCents: number | undefined };

/** Who approves while nobody has set a limit for that role. */
const APPROVERS: ReadonlySet<string> = new Set(['approver']);

/**
 * Whether somebody of these roles may approve an order of this amount. Each role may up to its limit in that currency: a
 * role with limits in other currencies only may not, one without any may everything as approver and nothing else. The
 * largest counts. `admin` may approve any.
 */
export function mayApprove(
  roles: readonly string[],
  limits: readonly ApprovalLimit[],
  { cents, currency }: { readonly cents: number; readonly currency: string },
): Approval {
  let most: number | undefined;
  for (const role of new Set(roles)) {
    const its = limits.filter((limit) => limit.role === role);
    if (role === 'admin' || (its.length === 0 && APPROVERS.has(role))) return { isAllowed: true };
    const limit = its.find((one) => one.currency === currency);
    if (limit === undefined) continue;
    if (limit.maxCents === null) return { isAllowed: true };
    most = Math.max(most ?? 0, limit.maxCents);
  }
  return most !== undefined && cents <= most ? { isAllowed: true } : { isAllowed: false, mostCents: most };
}

/** Whether somebody of these roles may approve anything at all. */
export const isApprover = (roles: readonly string[], limits: readonly ApprovalLimit[]): boolean =>
  roles.some(
    (role) => role === 'admin' || APPROVERS.has(role) || limits.some((limit) => limit.role === role),
  );

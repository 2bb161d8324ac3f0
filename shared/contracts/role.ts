/** What a user may be; `admin` may do all that any other may. Each is a group of the user pool. */
export const ROLES = ['viewer', 'planner', 'buyer', 'approver', 'warehouse', 'admin'] as const;
export type Role = (typeof ROLES)[number];

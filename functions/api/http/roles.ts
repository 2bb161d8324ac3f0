import { ROLES, type Role } from '../../../shared/contracts/role.ts';

/** Who may look: everybody who is signed in with a role. */
export const READERS: readonly Role[] = ROLES;
/** Who keeps products and orders, and brings data in. */
export const KEEPERS: readonly Role[] = ['planner', 'buyer', 'warehouse'];
/** Who decides what to order. */
export const DECIDERS: readonly Role[] = ['planner', 'buyer', 'approver'];

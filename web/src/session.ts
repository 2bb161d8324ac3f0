import type { Role } from '../../shared/contracts/role.ts';

/** The signed-in user of this browser tab; gone when the tab closes. */
export interface Session {
  readonly username: string;
  readonly token: string;
}

/**
 * Whether the session's token names one of these roles; `admin` may all. Only for what the page offers: the API
 * decides for itself.
 */
export function mayBe(session: Session, ...roles: readonly Role[]): boolean {
  const [, claims = ''] = session.token.split('.');
  const { 'cognito:groups': groups = [] } = JSON.parse(
    atob(claims.replace(/-/g, '+').replace(/_/g, '/')),
  ) as {
    'cognito:groups'?: readonly string[];
  };
  return [...roles, 'admin'].some((role) => groups.includes(role));
}

const KEY = 'smart-inventory-session';

export function readSession(): Session | undefined {
  const text = sessionStorage.getItem(KEY);
  return text === null ? undefined : (JSON.parse(text) as Session);
}

export function keepSession(session: Session | undefined): void {
  if (session) sessionStorage.setItem(KEY, JSON.stringify(session));
  else sessionStorage.removeItem(KEY);
}

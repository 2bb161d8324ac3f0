/** The signed-in user of this browser tab; gone when the tab closes. */
export interface Session {
  readonly username: string;
  readonly token: string;
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

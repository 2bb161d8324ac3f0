import { addConnection, takeTicket } from '../../shared/data/messages/stream-store.ts';
import type { Database } from '../../shared/data/sql/database.ts';

/** Opens a connection for the owner of a ticket, which is used up by it. False when the ticket is no good. */
export function admitListener(
  database: Database,
  connectionId: string,
  ticket: string | undefined,
): Promise<boolean> {
  if (ticket === undefined) return Promise.resolve(false);
  return database.transaction(async (tx) => {
    const username = await takeTicket(tx, ticket);
    if (username === undefined) return false;
    await addConnection(tx, connectionId, username);
    return true;
  });
}

import { randomBytes } from 'node:crypto';
import type * as z from 'zod';
import type { Vault } from '../../../shared/aws/vault.ts';
import type { MadeConnection, NewConnection } from '../../../shared/contracts/api/connection.ts';
import { Fault } from '../../../shared/contracts/fault.ts';
import { findConnection, insertConnection } from '../../../shared/data/connection-store.ts';
import type { Statements } from '../../../shared/data/database.ts';
import { readLocations } from '../../../shared/data/location-store.ts';
import { sealShopSecret } from './shop-secret.ts';

/** Makes a connection. Its secret is sealed before it is kept, and shown only where we made it. */
export async function createConnection(
  tx: Statements,
  vault: Vault,
  asked: NewConnection,
  actor: string,
): Promise<z.infer<typeof MadeConnection>> {
  const id = asked.id ?? `${asked.system}-${randomBytes(4).toString('hex')}`;
  const locations = await readLocations(tx);
  const locationId = asked.location_id ?? locations.defaultId;
  for (const location of [locationId, ...Object.values(asked.locations)])
    if (!locations.ids.has(location)) throw new Fault('missing', `There is no location ${location}`);
  if (asked.secret === undefined && asked.system !== 'woocommerce')
    throw new Fault('invalid', `${asked.system} makes the secret: give it as "secret"`);
  if (asked.access_token !== undefined && asked.system !== 'square')
    throw new Fault('invalid', 'Only Square is asked for its orders: leave out access_token');
  const made = asked.secret === undefined ? randomBytes(32).toString('base64url') : undefined;
  const sealedSecret = await sealShopSecret(vault, id, {
    signing: asked.secret ?? made!,
    ...(asked.access_token !== undefined && { accessToken: asked.access_token }),
  });
  const isNew = await insertConnection(tx, {
    id,
    system: asked.system,
    name: asked.name,
    locationId,
    locations: asked.locations,
    sealedSecret,
    notificationUrl: asked.notification_url ?? null,
    createdBy: actor,
  });
  if (!isNew) throw new Fault('conflict', `There is a connection ${id} already`);
  const { shown } = (await findConnection(tx, id))!;
  return { ...shown, path: `/webhooks/${id}`, ...(made !== undefined && { secret: made }) };
}

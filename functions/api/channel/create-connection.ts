import { randomBytes } from 'node:crypto';
import type * as z from 'zod';
import type { Vault } from '../../../shared/aws/vault.ts';
import type {
  MadeConnection,
  NewConnection,
  NewSecret,
  ShopSystem,
} from '../../../shared/contracts/api/connection.ts';
import { Fault } from '../../../shared/contracts/fault.ts';
import { readLocations } from '../../../shared/data/catalogue/location-store.ts';
import { findConnection, insertConnection } from '../../../shared/data/channels/connection-store.ts';
import type { Statements } from '../../../shared/data/sql/database.ts';
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
  const { signing, made } = signingOf(asked.system, asked);
  const sealedSecret = await sealShopSecret(vault, id, {
    signing,
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

/** What a shop signs with, `made` where we make it. Fault `invalid` when this system takes no such secrets. */
export function signingOf(
  system: ShopSystem,
  { secret, access_token: token }: NewSecret,
): { signing: string; made: string | undefined } {
  if (secret === undefined && system !== 'woocommerce')
    throw new Fault('invalid', `${system} makes the secret: give it as "secret"`);
  if (token !== undefined && system !== 'square')
    throw new Fault('invalid', 'Only Square is asked for its orders: leave out access_token');
  const made = secret === undefined ? randomBytes(32).toString('base64url') : undefined;
  return { signing: secret ?? made!, made };
}

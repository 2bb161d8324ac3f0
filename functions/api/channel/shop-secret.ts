import * as z from 'zod';
import type { Vault } from '../../../shared/aws/vault.ts';
import type { KeptConnection } from '../../../shared/data/channels/connection-store.ts';

const ShopSecret = z.object({
  /** What the shop signs with. */
  signing: z.string(),
  /** What we may ask the shop with. */
  accessToken: z.string().optional(),
});
export type ShopSecret = z.infer<typeof ShopSecret>;

const ownerOf = (connectionId: string): string => `connection:${connectionId}`;

/** A connection's secret as the database may hold it. */
export function sealShopSecret(vault: Vault, connectionId: string, secret: ShopSecret): Promise<string> {
  return vault.seal(ownerOf(connectionId), JSON.stringify(secret));
}

/** The secret of a connection. */
export async function readShopSecret(
  vault: Vault,
  { shown, sealedSecret }: KeptConnection,
): Promise<ShopSecret> {
  return ShopSecret.parse(JSON.parse(await vault.open(ownerOf(shown.id), sealedSecret)));
}

import type * as z from 'zod';
import type { Vault } from '../../../shared/aws/vault.ts';
import type { MadeConnection, NewSecret } from '../../../shared/contracts/api/connection.ts';
import { Fault } from '../../../shared/contracts/fault.ts';
import {
  findConnection,
  type KeptConnection,
  replaceSecret,
} from '../../../shared/data/channels/connection-store.ts';
import type { Statements } from '../../../shared/data/sql/database.ts';
import { found } from '../http/found.ts';
import { signingOf } from './create-connection.ts';
import { readShopSecret, sealShopSecret } from './shop-secret.ts';

/**
 * Gives a connection another secret, from then on the only one; one that was ended begins anew. Shown only where we
 * made it.
 */
export async function rotateSecret(
  tx: Statements,
  vault: Vault,
  id: string,
  asked: NewSecret,
): Promise<z.infer<typeof MadeConnection>> {
  const kept = found(await findConnection(tx, id), 'connection', id);
  const { signing, made } = signingOf(kept.shown.system, asked);
  const accessToken =
    asked.access_token === undefined ? await knownToken(vault, kept) : (asked.access_token ?? undefined);
  const sealed = await sealShopSecret(vault, id, {
    signing,
    ...(accessToken !== undefined && { accessToken }),
  });
  await replaceSecret(tx, id, sealed);
  const { shown } = (await findConnection(tx, id))!;
  return { ...shown, path: `/webhooks/${id}`, ...(made !== undefined && { secret: made }) };
}

/** The old secrets may be unreadable: that is one of the reasons to give new ones. */
async function knownToken(vault: Vault, kept: KeptConnection): Promise<string | undefined> {
  if (kept.shown.system !== 'square') return undefined;
  try {
    return (await readShopSecret(vault, kept)).accessToken;
  } catch (cause) {
    throw new Fault('invalid', 'The known access_token cannot be read: give it as well, or null for none', {
      cause,
    });
  }
}

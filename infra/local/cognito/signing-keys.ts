import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  randomBytes,
} from 'node:crypto';
import { join } from 'node:path';
import * as z from 'zod';
import { readKept, writeKept } from '../secrets/keep-file.ts';

const Kept = z.object({
  /** Signs refresh tokens, which only this side reads. */
  refreshSecret: z.string(),
  pools: z.record(z.string(), z.object({ keyId: z.string(), privateKey: z.string() })),
});

/** The key pair by which one pool signs. */
export interface SigningKey {
  readonly keyId: string;
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
}

export interface SigningKeys {
  readonly refreshSecret: Buffer;
  ofPool(poolId: string): SigningKey | undefined;
}

/** The RS256 keys of these pools, made on the first start and kept in a file that only its owner may read. */
export function openSigningKeys(directory: string, poolIds: readonly string[]): SigningKeys {
  const path = join(directory, 'cognito-keys.json');
  const kept = readKept(path, Kept) ?? { refreshSecret: randomBytes(32).toString('base64'), pools: {} };
  for (const poolId of poolIds) {
    if (Object.hasOwn(kept.pools, poolId)) continue;
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    kept.pools[poolId] = {
      keyId: randomBytes(32).toString('base64'),
      privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }) as string,
    };
    writeKept(path, kept);
  }
  const keys = new Map(
    poolIds.map((poolId) => {
      const { keyId, privateKey } = kept.pools[poolId]!;
      const key = createPrivateKey(privateKey);
      return [poolId, { keyId, privateKey: key, publicKey: createPublicKey(key) }];
    }),
  );
  return {
    refreshSecret: Buffer.from(kept.refreshSecret, 'base64'),
    ofPool: (poolId) => keys.get(poolId),
  };
}

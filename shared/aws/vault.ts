import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import * as z from 'zod';

/** Locks small secrets with a key that lies in Secrets Manager, so that the database may hold them. */
export interface Vault {
  /** `owner` is part of the lock: what is sealed for one opens for no other. */
  seal(owner: string, secret: string): Promise<string>;
  open(owner: string, sealed: string): Promise<string>;
}

const Document = z.object({ key: z.string().min(32) });
const VERSION = 'v1';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** A vault over one secret of Secrets Manager, which is read when first needed. AES-256-GCM. */
export function openVault(secretArn: string, client = new SecretsManagerClient({})): Vault {
  return vaultOf(async () => {
    const { SecretString } = await client.send(new GetSecretValueCommand({ SecretId: secretArn }));
    return Document.parse(JSON.parse(SecretString ?? '{}')).key;
  });
}

/** A vault over a key from wherever it comes; a failed reading is tried again. */
export function vaultOf(readKey: () => Promise<string>): Vault {
  let kept: Promise<Buffer> | undefined;
  const key = (): Promise<Buffer> => {
    kept ??= readKey().then((text) =>
      Buffer.from(hkdfSync('sha256', text, 'smart-inventory', 'webhook secrets', 32)),
    );
    kept.catch(() => {
      kept = undefined;
    });
    return kept;
  };
  return {
    async seal(owner, secret) {
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv('aes-256-gcm', await key(), nonce).setAAD(Buffer.from(owner));
      const text = Buffer.concat([cipher.update(secret, 'utf8'), cipher.final()]);
      return `${VERSION}.${Buffer.concat([nonce, cipher.getAuthTag(), text]).toString('base64url')}`;
    },
    async open(owner, sealed) {
      const [version, text] = sealed.split('.');
      if (version !== VERSION || text === undefined) throw new Error(`sealed in an unknown way: ${version}`);
      const bytes = Buffer.from(text, 'base64url');
      const decipher = createDecipheriv('aes-256-gcm', await key(), bytes.subarray(0, NONCE_BYTES), {
        authTagLength: TAG_BYTES,
      })
        .setAAD(Buffer.from(owner))
        .setAuthTag(bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
      return Buffer.concat([
        decipher.update(bytes.subarray(NONCE_BYTES + TAG_BYTES)),
        decipher.final(),
      ]).toString('utf8');
    },
  };
}

import { randomBytes, randomUUID, type ScryptOptions, scrypt, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import * as z from 'zod';

const derive = promisify<string, Buffer, number, ScryptOptions, Buffer>(scrypt);
/** 16 MiB and about 50 ms a try. */
const COST: ScryptOptions = { N: 16_384, r: 8, p: 1 };
const HASH_BYTES = 32;

export const User = z.object({
  poolId: z.string(),
  username: z.string(),
  sub: z.uuid(),
  groups: z.array(z.string()),
  status: z.enum(['CONFIRMED', 'UNCONFIRMED', 'RESET_REQUIRED', 'DISABLED']),
  salt: z.string(),
  hash: z.string(),
});
export type User = z.infer<typeof User>;

/** A confirmed user; of the password only a salted scrypt hash stays. */
export async function newUser(
  poolId: string,
  username: string,
  password: string,
  groups: readonly string[],
): Promise<User> {
  const salt = randomBytes(16);
  return {
    poolId,
    username,
    sub: randomUUID(),
    groups: [...groups],
    status: 'CONFIRMED',
    salt: salt.toString('base64'),
    hash: (await derive(password, salt, HASH_BYTES, COST)).toString('base64'),
  };
}

const NOBODY = {
  salt: Buffer.alloc(16).toString('base64'),
  hash: Buffer.alloc(HASH_BYTES).toString('base64'),
};

/** Whether the password is the user's. An unknown user costs the same time, so that names cannot be told by it. */
export async function isPasswordOf(user: User | undefined, password: string): Promise<boolean> {
  const { salt, hash } = user ?? NOBODY;
  const derived = await derive(password, Buffer.from(salt, 'base64'), HASH_BYTES, COST);
  return timingSafeEqual(derived, Buffer.from(hash, 'base64')) && user !== undefined;
}

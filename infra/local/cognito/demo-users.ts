import { join } from 'node:path';
import * as z from 'zod';
import { readKept, writeKept } from '../secrets/keep-file.ts';
import { randomPassword } from '../secrets/random-password.ts';
import type { UserPoolDefinition } from '../template/wiring.ts';
import { newUser, User } from './users.ts';

const Credentials = z.object({
  users: z.array(z.object({ username: z.string(), password: z.string(), roles: z.array(z.string()) })),
});
/** A demo user with the password in clear. */
export type DemoCredential = z.infer<typeof Credentials>['users'][number];

const PASSWORD_LENGTH = 20;

/**
 * The users of these pools: one for each group, named like it. Those that an earlier start did not make get a
 * password, which is written to `credentialsPath` before its hash is stored: a kill in between loses no password.
 */
export async function openUsers(
  directory: string,
  pools: readonly UserPoolDefinition[],
  credentialsPath: string,
): Promise<{ users: readonly User[]; created: readonly DemoCredential[] }> {
  const path = join(directory, 'cognito-users.json');
  const kept = readKept(path, z.object({ users: z.array(User) })) ?? { users: [] };
  const known = readKept(credentialsPath, Credentials) ?? { users: [] };
  const created: DemoCredential[] = [];
  const added: User[] = [];
  for (const pool of pools) {
    for (const group of pool.groups) {
      if (kept.users.some((user) => user.poolId === pool.id && user.username === group)) continue;
      const credential = known.users.find(({ username }) => username === group) ?? {
        username: group,
        password: randomPassword(PASSWORD_LENGTH),
        roles: [group],
      };
      created.push(credential);
      added.push(await newUser(pool.id, group, credential.password, credential.roles));
    }
  }
  if (added.length > 0) {
    const names = new Set(created.map(({ username }) => username));
    const others = known.users.filter(({ username }) => !names.has(username));
    writeKept(credentialsPath, { users: [...others, ...created] });
    kept.users.push(...added);
    writeKept(path, kept);
  }
  return { users: kept.users, created };
}

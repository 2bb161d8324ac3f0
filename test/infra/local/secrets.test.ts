import { statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  DescribeSecretCommand,
  GetSecretValueCommand,
  ResourceNotFoundException,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { describe, expect, it } from 'vitest';
import { openSecrets } from '../../../infra/local/secrets/open-secrets.ts';
import { hasSecret, openSecretText } from '../../../shared/aws/secrets.ts';
import { serveEdge } from './serve-edge.ts';
import { tempFolder } from './temp-folder.ts';

const arn = 'arn:aws:secretsmanager:eu-west-1:000000000000:secret:DatabaseSecret-a1B2c3';
const secret = { arn, template: { username: 'planner' }, generateKey: 'password' };

async function client(service: ReturnType<typeof openSecrets>) {
  return new SecretsManagerClient({
    endpoint: await serveEdge(service),
    region: 'eu-west-1',
    credentials: { accessKeyId: 'x', secretAccessKey: 'x' },
    maxAttempts: 1,
  });
}

describe('local secrets', () => {
  it('generates a value once and keeps it over a restart', () => {
    const directory = tempFolder();
    const first = openSecrets({ directory });
    first.define(secret);
    const value = first.get(arn);
    expect(value).toEqual({ username: 'planner', password: expect.stringMatching(/^\w{32}$/) });
    const second = openSecrets({ directory });
    expect(second.get(arn)).toEqual(value);
    second.define(secret);
    expect(second.get(arn)).toEqual(value);
  });

  it('takes a changed template over and keeps the generated part', () => {
    const secrets = openSecrets({ directory: tempFolder() });
    secrets.define(secret);
    const password = secrets.get(arn)?.password;
    secrets.define({ ...secret, template: { username: 'other', dbname: 'inventory' } });
    expect(secrets.get(arn)).toEqual({ username: 'other', dbname: 'inventory', password });
  });

  it('gives two secrets different values', () => {
    const secrets = openSecrets({ directory: tempFolder() });
    secrets.define(secret);
    secrets.define({ ...secret, arn: `${arn}2` });
    expect(secrets.get(arn)?.password).not.toBe(secrets.get(`${arn}2`)?.password);
  });

  it('has secrets without a value: they can be described, and read once somebody has put one in', async () => {
    const directory = tempFolder();
    const secrets = openSecrets({ directory });
    const valueless = { arn, template: {}, generateKey: undefined };
    secrets.define(valueless);
    const asking = await client(secrets);
    expect(await hasSecret(arn, asking)).toBe(false);
    expect(await openSecretText(arn, asking)()).toBeUndefined();
    await expect(asking.send(new GetSecretValueCommand({ SecretId: arn }))).rejects.toThrow(
      ResourceNotFoundException,
    );
    secrets.put(arn, 'the key');
    expect(await hasSecret(arn, asking)).toBe(true);
    expect(await openSecretText(arn, asking)()).toBe('the key');
    // as after a restart without it
    const later = openSecrets({ directory });
    later.define(valueless);
    expect(await openSecretText(arn, await client(later))()).toBe('the key');
  });

  it('writes a file that only its owner may read', () => {
    const directory = tempFolder();
    openSecrets({ directory }).define(secret);
    expect(statSync(join(directory, 'secrets.json')).mode & 0o777).toBe(0o600);
  });

  it('refuses to start over a file that it does not understand', () => {
    const directory = tempFolder();
    writeFileSync(join(directory, 'secrets.json'), '{"x": 1}');
    expect(() => openSecrets({ directory })).toThrow(/secrets\.json is not readable/);
  });

  it('answers GetSecretValue by ARN, by name and without the random suffix', async () => {
    const secrets = openSecrets({ directory: tempFolder() });
    secrets.define(secret);
    const sdk = await client(secrets);
    for (const SecretId of [arn, arn.slice(0, -7), 'DatabaseSecret-a1B2c3', 'DatabaseSecret']) {
      const answer = await sdk.send(new GetSecretValueCommand({ SecretId }));
      expect(JSON.parse(answer.SecretString ?? '')).toEqual(secrets.get(arn));
      expect(answer).toMatchObject({
        ARN: arn,
        Name: 'DatabaseSecret-a1B2c3',
        VersionStages: ['AWSCURRENT'],
      });
      expect(answer.CreatedDate).toBeInstanceOf(Date);
    }
  });

  it('answers DescribeSecret without the value', async () => {
    const secrets = openSecrets({ directory: tempFolder() });
    secrets.define(secret);
    const sdk = await client(secrets);
    const answer = await sdk.send(new DescribeSecretCommand({ SecretId: arn }));
    expect(Object.values(answer.VersionIdsToStages ?? {})).toEqual([['AWSCURRENT']]);
    expect(JSON.stringify(answer)).not.toContain(secrets.get(arn)?.password);
  });

  it('answers ResourceNotFoundException for a secret or a version that does not exist', async () => {
    const secrets = openSecrets({ directory: tempFolder() });
    secrets.define(secret);
    const sdk = await client(secrets);
    for (const input of [
      { SecretId: 'nothing' },
      { SecretId: '__proto__' },
      { SecretId: arn, VersionStage: 'AWSPREVIOUS' },
    ])
      await expect(sdk.send(new GetSecretValueCommand(input))).rejects.toBeInstanceOf(
        ResourceNotFoundException,
      );
    expect(secrets.get('nothing')).toBeUndefined();
  });
});

import {
  DescribeSecretCommand,
  GetSecretValueCommand,
  ResourceNotFoundException,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';

/** How long a value that was read is kept. */
const KEPT_MS = 300_000;

/** The text of one secret, undefined while it has none; read anew after five minutes. */
export function openSecretText(
  secretArn: string,
  client = new SecretsManagerClient({}),
): () => Promise<string | undefined> {
  let kept: { readonly text: string; readonly until: number } | undefined;
  return async () => {
    if (kept !== undefined && kept.until > Date.now()) return kept.text;
    try {
      const { SecretString } = await client.send(new GetSecretValueCommand({ SecretId: secretArn }));
      const text = SecretString?.trim();
      if (text === undefined || text === '') return undefined;
      kept = { text, until: Date.now() + KEPT_MS };
      return text;
    } catch (error) {
      // a secret that was made without a value
      if (error instanceof ResourceNotFoundException) return undefined;
      throw error;
    }
  };
}

/** Whether a secret has a value, for those who may not read it. */
export async function hasSecret(secretArn: string, client = new SecretsManagerClient({})): Promise<boolean> {
  const { VersionIdsToStages } = await client.send(new DescribeSecretCommand({ SecretId: secretArn }));
  return Object.values(VersionIdsToStages ?? {}).some((stages) => stages.includes('AWSCURRENT'));
}

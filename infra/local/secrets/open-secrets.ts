import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import * as z from 'zod';
import { AwsRefusal, jsonOperations } from '../http/json-operations.ts';
import type { Secrets } from '../services.ts';
import { readKept, writeKept } from './keep-file.ts';
import { randomPassword } from './random-password.ts';

const Kept = z.record(
  z.string(),
  z.object({
    versionId: z.string(),
    createdAt: z.number(),
    generated: z.string(),
    document: z.record(z.string(), z.string()),
    /** A value that was put in as text, in place of the document. */
    text: z.string().optional(),
  }),
);
type Kept = z.infer<typeof Kept>;

const PASSWORD_LENGTH = 32;
const CURRENT = 'AWSCURRENT';

/** Secrets Manager over one file of this directory, readable by its owner only; values are made once and kept. */
export function openSecrets({ directory }: { directory: string }): Secrets {
  const path = join(directory, 'secrets.json');
  const kept: Kept = readKept(path, Kept) ?? {};
  /** Secrets of the template that have no value. */
  const empty = new Set<string>();

  const service = jsonOperations({
    GetSecretValue(input) {
      const { arn, versionId, createdAt, document, text } = asked(kept, input);
      return {
        ARN: arn,
        Name: nameOf(arn),
        VersionId: versionId,
        SecretString: text ?? JSON.stringify(document),
        VersionStages: [CURRENT],
        CreatedDate: createdAt,
      };
    },
    DescribeSecret(input) {
      const valueless = find(Object.fromEntries([...empty].map((arn) => [arn, {}])), idOf(input));
      if (valueless) return { ARN: valueless.arn, Name: nameOf(valueless.arn), RotationEnabled: false };
      const { arn, versionId, createdAt } = asked(kept, input);
      return {
        ARN: arn,
        Name: nameOf(arn),
        CreatedDate: createdAt,
        LastChangedDate: createdAt,
        RotationEnabled: false,
        VersionIdsToStages: { [versionId]: [CURRENT] },
      };
    },
  });

  return {
    ...service,
    define({ arn, template, generateKey }) {
      const earlier = kept[arn];
      if (generateKey === undefined) {
        if (!earlier) empty.add(arn);
        return;
      }
      const generated = earlier?.generated ?? randomPassword(PASSWORD_LENGTH);
      const document = { ...template, [generateKey]: generated };
      if (earlier && JSON.stringify(earlier.document) === JSON.stringify(document)) return;
      kept[arn] = { versionId: randomUUID(), createdAt: Date.now() / 1000, generated, document };
      writeKept(path, kept);
    },
    put(arn, text) {
      empty.delete(arn);
      if (kept[arn]?.text === text) return;
      kept[arn] = {
        versionId: randomUUID(),
        createdAt: Date.now() / 1000,
        generated: '',
        document: {},
        text,
      };
      writeKept(path, kept);
    },
    get: (arn) => find(kept, arn)?.document,
  };
}

const Asked = z.object({
  SecretId: z.string().min(1),
  VersionId: z.string().optional(),
  VersionStage: z.string().optional(),
});

function idOf(input: unknown): string {
  const { success, data } = Asked.safeParse(input);
  if (!success) throw new AwsRefusal('InvalidParameterException', 'SecretId is required');
  return data.SecretId;
}

function asked(kept: Kept, input: unknown) {
  const secret = find(kept, idOf(input));
  const data = Asked.parse(input);
  if (!secret)
    throw new AwsRefusal('ResourceNotFoundException', "Secrets Manager can't find the specified secret.");
  const isCurrent =
    (data.VersionId ?? secret.versionId) === secret.versionId && (data.VersionStage ?? CURRENT) === CURRENT;
  if (!isCurrent)
    throw new AwsRefusal(
      'ResourceNotFoundException',
      `Secrets Manager can't find the specified secret value for version ${data.VersionId ?? data.VersionStage}.`,
    );
  return secret;
}

const nameOf = (arn: string) => arn.split(':').slice(6).join(':');

/** By ARN, by name, or by either without the six random characters that AWS appends. */
function find<T extends object>(
  kept: Readonly<Record<string, T>>,
  id: string,
): (T & { arn: string }) | undefined {
  const names = (arn: string) => [arn, nameOf(arn)].flatMap((name) => [name, name.replace(/-\w{6}$/, '')]);
  const arn = Object.hasOwn(kept, id) ? id : Object.keys(kept).find((known) => names(known).includes(id));
  return arn === undefined ? undefined : { arn, ...kept[arn]! };
}

import type { ClusterDefinition } from '../services.ts';
import { isTrue, jsonOf, objectOf, textMapOf, textOf } from './property-readers.ts';
import type { Resource } from './scope.ts';
import type { SecretDefinition } from './wiring.ts';

/** Secrets of the template, and those that RDS would keep for clusters that manage their own password. */
export function readSecrets(resources: readonly Resource[]): SecretDefinition[] {
  return [...secretsOf(resources).map(readSecret), ...clustersOf(resources).flatMap(managedSecret)];
}

/** Database clusters and the secrets that may sign in to them. */
export function readClusters(resources: readonly Resource[]): ClusterDefinition[] {
  const clusters = clustersOf(resources);
  const attachments = resources.filter(({ type }) => type === 'AWS::SecretsManager::SecretTargetAttachment');
  const attached = new Set(attachments.map((attachment) => attachment.ref()));
  // A secret with a user name and no attachment is one that migrations make a user from.
  const free = secretsOf(resources)
    .map(readSecret)
    .filter((secret) => 'username' in secret.template && !attached.has(secret.arn))
    .map((secret) => secret.arn);
  return clusters.map((cluster) => {
    const masterSecretArn = masterSecretOf(cluster);
    const own = attachments
      .filter((attachment) => attachment.property('TargetId') === cluster.ref())
      .map((attachment) => attachment.ref());
    return {
      arn: cluster.attribute('DBClusterArn'),
      databaseName: textOf(cluster.property('DatabaseName')),
      masterSecretArn,
      secretArns: [...new Set([masterSecretArn, ...own, ...free])],
    };
  });
}

function secretsOf(resources: readonly Resource[]): Resource[] {
  return resources.filter(({ type }) => type === 'AWS::SecretsManager::Secret');
}

function clustersOf(resources: readonly Resource[]): Resource[] {
  return resources.filter(({ type }) => type === 'AWS::RDS::DBCluster');
}

function readSecret(resource: Resource): SecretDefinition {
  const generate = objectOf(resource.property('GenerateSecretString'));
  const fixed = generate.SecretStringTemplate ?? resource.property('SecretString');
  const arn = resource.ref();
  return {
    arn,
    name: arn.split(':').at(-1)!,
    template: textMapOf(jsonOf(fixed ?? '{}')),
    // CloudFormation makes a secret without a value when the template has none
    generateKey:
      fixed === undefined && Object.keys(generate).length === 0
        ? undefined
        : textOf(generate.GenerateStringKey, 'value'),
  };
}

function managedSecret(cluster: Resource): SecretDefinition[] {
  if (!isTrue(cluster.property('ManageMasterUserPassword'))) return [];
  const arn = masterSecretOf(cluster);
  return [
    {
      arn,
      name: arn.split(':').at(-1)!,
      template: { username: textOf(cluster.property('MasterUsername'), 'admin') },
      generateKey: 'password',
    },
  ];
}

function masterSecretOf(cluster: Resource): string {
  if (isTrue(cluster.property('ManageMasterUserPassword')))
    return cluster.attribute('MasterUserSecret.SecretArn');
  const password = textOf(cluster.property('MasterUserPassword'));
  const arn = /\{\{resolve:secretsmanager:(arn:.+?):SecretString:/.exec(password)?.[1];
  if (!arn) throw new Error(`Cluster ${cluster.logicalId} takes its password from no secret`);
  return arn;
}

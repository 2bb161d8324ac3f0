// biome-ignore-all lint/suspicious/noTemplateCurlyInString: that is how CloudFormation writes substitutions
import { expect, test } from 'vitest';
import { arnOf, lambda, wired } from './template-fixture.ts';

test('a cluster knows its secrets, whichever way the password is kept', () => {
  const secret = {
    GenerateSecretString: { SecretStringTemplate: '{"username":"app"}', GenerateStringKey: 'password' },
  };
  const { clusters, secrets, functions } = wired({
    Managed: {
      Type: 'AWS::RDS::DBCluster',
      Properties: { DatabaseName: 'inventory', ManageMasterUserPassword: true, MasterUsername: 'root' },
    },
    App: { Type: 'AWS::SecretsManager::Secret', Properties: secret },
    Attached: { Type: 'AWS::SecretsManager::Secret', Properties: secret },
    Attachment: {
      Type: 'AWS::SecretsManager::SecretTargetAttachment',
      Properties: { SecretId: { Ref: 'Attached' }, TargetId: { Ref: 'Managed' } },
    },
    Own: {
      Type: 'AWS::RDS::DBCluster',
      Properties: {
        MasterUserPassword: {
          'Fn::Join': ['', ['{{resolve:secretsmanager:', { Ref: 'Attached' }, ':SecretString:password::}}']],
        },
      },
    },
    F: lambda({
      Environment: {
        Variables: {
          SECRET: { Ref: 'Attachment' },
          CLUSTER: { 'Fn::Join': ['', ['arn:aws:rds:us-east-1:000000000000:cluster:', { Ref: 'Managed' }]] },
          PORT: { 'Fn::GetAtt': ['Managed', 'Endpoint.Port'] },
        },
      },
    }),
  });
  const secretArn = (name: string) => arnOf('secretsmanager', `secret:${name}`);
  expect(clusters).toEqual([
    {
      arn: arnOf('rds', 'cluster:managed'),
      databaseName: 'inventory',
      masterSecretArn: secretArn('rds!cluster-managed'),
      secretArns: [secretArn('rds!cluster-managed'), secretArn('Attached'), secretArn('App')],
    },
    {
      arn: arnOf('rds', 'cluster:own'),
      databaseName: '',
      masterSecretArn: secretArn('Attached'),
      secretArns: [secretArn('Attached'), secretArn('App')],
    },
  ]);
  expect(secrets).toContainEqual({
    arn: secretArn('rds!cluster-managed'),
    name: 'rds!cluster-managed',
    template: { username: 'root' },
    generateKey: 'password',
  });
  expect(functions[0]!.environment).toEqual({
    SECRET: secretArn('Attached'),
    CLUSTER: clusters[0]!.arn,
    PORT: '3306',
  });
});

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { STAGE_NAMES, stageConfig } from '../../infra/config.ts';
import { type StageTemplates, synthesizeTemplates, target } from './stage-templates.ts';

describe.each(STAGE_NAMES)('what is kept in the templates of %s: they', (stage) => {
  let templates: StageTemplates;
  const config = stageConfig(stage);
  beforeAll(() => {
    templates = synthesizeTemplates(stage);
  });
  afterAll(() => templates[Symbol.dispose]());

  test('migrate before another stack is touched, after the database is there', () => {
    const [trigger] = templates.ofType('Custom::Trigger');
    expect(trigger?.stack).toBe('data');
    expect(trigger?.Properties).toMatchObject({
      InvocationType: 'RequestResponse',
      ExecuteOnHandlerChange: true,
    });
    const writer = templates.ofType('AWS::RDS::DBInstance')[0]?.id;
    expect(trigger?.DependsOn).toContain(writer);
    // of a version: a changed function is another version, which makes CloudFormation run it again
    expect(target(trigger?.Properties.HandlerArn)).toMatch(/^MigrateFunctionCurrentVersion/);
  });

  test('hold a database that can pause, with the Data API, backups and a master secret that RDS keeps', () => {
    const [cluster] = templates.ofType('AWS::RDS::DBCluster');
    expect(cluster?.Properties).toMatchObject({
      Engine: 'aurora-mysql',
      EnableHttpEndpoint: true,
      ManageMasterUserPassword: true,
      BackupRetentionPeriod: config.database.backupDays,
      ServerlessV2ScalingConfiguration: {
        MinCapacity: 0,
        MaxCapacity: config.database.maxAcu,
        SecondsUntilAutoPause: config.database.pauseAfterMinutes * 60,
      },
    });
    expect(cluster?.Properties.EngineVersion).toMatch(/^8\.0\.mysql_aurora\.3\.10\./);
  });

  test('make a group of each role, and a client without a secret that signs in by password', () => {
    const groups = templates
      .ofType('AWS::Cognito::UserPoolGroup')
      .map(({ Properties }) => Properties.GroupName);
    expect(groups.sort()).toEqual(['admin', 'approver', 'buyer', 'planner', 'viewer', 'warehouse']);
    const [client] = templates.ofType('AWS::Cognito::UserPoolClient');
    expect(client?.Properties.GenerateSecret).toBe(false);
    expect(client?.Properties.ExplicitAuthFlows).toContain('ALLOW_USER_PASSWORD_AUTH');
    const [pool] = templates.ofType('AWS::Cognito::UserPool');
    expect(pool?.Properties.AdminCreateUserConfig.AllowAdminCreateUserOnly).toBe(true);
  });

  test('let the page send files to the bucket by signed forms, wherever it is served from', () => {
    const { CorsConfiguration } = templates.one('data', 'DataBucketE6B0FAA8').Properties;
    const rules: Record<string, string[]>[] = CorsConfiguration.CorsRules;
    const fits = rules.some(
      ({ AllowedMethods, AllowedOrigins, AllowedHeaders }) =>
        AllowedMethods!.includes('POST') && AllowedOrigins!.includes('*') && AllowedHeaders!.includes('*'),
    );
    expect(fits).toBe(true);
  });

  test('keep data in prod when a stack goes, and leave a snapshot in dev', () => {
    const keeps = stage === 'prod';
    const cluster = templates.one('data', 'DatabaseCluster5B53A178');
    expect(cluster.Properties.DeletionProtection).toBe(keeps);
    expect(cluster.DeletionPolicy).toBe(keeps ? 'Retain' : 'Snapshot');
    expect(templates.one('data', 'DataBucketE6B0FAA8').DeletionPolicy).toBe(keeps ? 'Retain' : 'Delete');
    const users = templates.one('data', 'IdentityUsers61009EFD');
    expect(users.DeletionPolicy).toBe(keeps ? 'Retain' : 'Delete');
    expect(users.Properties.DeletionProtection).toBe(keeps ? 'ACTIVE' : 'INACTIVE');
  });

  test('keep the names of what holds data: another name would be another, empty one', () => {
    const stateful = templates.resources
      .filter(({ Type }) =>
        /^AWS::(RDS::DBCluster|S3::Bucket|Cognito::UserPool|SecretsManager::Secret|EC2::VPC)$/.test(Type),
      )
      .map(({ id }) => id);
    expect(stateful.sort()).toEqual([
      'DataBucketE6B0FAA8',
      'DatabaseAppUserB265EEA2',
      'DatabaseCluster5B53A178',
      'IdentityUsers61009EFD',
      'Network1C6012B5',
      'SearchKey',
      'WebhookKeyFF363931',
    ]);
  });

  test('tell where everything is', () => {
    const names = (outputs: object) =>
      Object.keys(outputs).filter((name) => !name.startsWith('PublishOutput'));
    expect(names(templates.outputs.data)).toEqual(
      expect.arrayContaining(['DataBucketName', 'DatabaseClusterArn', 'DatabaseSecretArn', 'DatabaseName']),
    );
    expect(names(templates.outputs.pipeline)).toEqual(
      expect.arrayContaining([
        'EventBusName',
        'StreamUrl',
        'IngestQueueUrl',
        'PlanQueueUrl',
        'PlanDeadLettersUrl',
      ]),
    );
    expect(names(templates.outputs.api)).toEqual(['ApiUrl']);
  });
});

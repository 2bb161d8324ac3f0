import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { STAGE_NAMES, stageConfig } from '../../infra/config.ts';
import { FUNCTION_NAMES } from '../../infra/functions.ts';
import { type StageTemplates, statementsOf, synthesizeTemplates, target } from './stage-templates.ts';

// functions that CDK brings along: they set up notifications and run migrations during deployment
const PROVIDERS = /^(BucketNotificationsHandler|AWSCDKTriggerCustomResourceProvider)/;

describe.each(STAGE_NAMES)(
  'what functions may do, and who may reach what in the templates of %s: they',
  (stage) => {
    let templates: StageTemplates;
    const config = stageConfig(stage);
    beforeAll(() => {
      templates = synthesizeTemplates(stage);
    });
    afterAll(() => templates[Symbol.dispose]());

    const ourFunctions = () =>
      templates.ofType('AWS::Lambda::Function').filter(({ id }) => !PROVIDERS.test(id));

    test('hold every function of the product once, on the newest Node and arm64', () => {
      const services = ourFunctions().map(
        ({ Properties }) => Properties.Environment.Variables.POWERTOOLS_SERVICE_NAME,
      );
      expect(services.sort()).toEqual([...FUNCTION_NAMES].sort());
      for (const { Properties } of ourFunctions()) {
        expect(Properties).toMatchObject({
          Runtime: 'nodejs24.x',
          Architectures: ['arm64'],
          Handler: 'index.handler',
        });
        expect(Properties.Environment.Variables.NODE_OPTIONS).toContain('--enable-source-maps');
      }
    });

    test('bring no functions along but the two known providers', () => {
      const others = templates.ofType('AWS::Lambda::Function').filter(({ id }) => PROVIDERS.test(id));
      expect(others.map(({ stack }) => stack).sort()).toEqual(['data', 'pipeline']);
    });

    test('give each function a role and a log of its own', () => {
      const functions = ourFunctions();
      for (const name of ['Role', 'LoggingConfig'] as const) {
        const used = functions.map(({ stack, Properties }) => {
          const id = target(name === 'Role' ? Properties.Role : Properties.LoggingConfig.LogGroup);
          expect(id).toBeDefined();
          return `${stack} ${id}`;
        });
        expect(new Set(used).size).toBe(functions.length);
      }
    });

    test('let no role of a function carry a managed policy, the two providers aside', () => {
      const managed = templates
        .ofType('AWS::IAM::Role')
        .filter((role) => role.Properties.ManagedPolicyArns && !PROVIDERS.test(role.id));
      expect(managed.map(({ id }) => id)).toEqual([]);
    });

    test('end every log after the configured days', () => {
      const logs = templates.ofType('AWS::Logs::LogGroup');
      expect(logs.length).toBe(FUNCTION_NAMES.length + 1);
      for (const log of logs) expect(log.Properties.RetentionInDays).toBe(config.logDays);
    });

    test('put no function into a network, and no way out of the network', () => {
      for (const { Properties } of templates.ofType('AWS::Lambda::Function')) {
        expect(Properties.VpcConfig).toBeUndefined();
      }
      for (const type of ['NatGateway', 'InternetGateway', 'VPCGatewayAttachment', 'SecurityGroupIngress']) {
        expect(templates.ofType(`AWS::EC2::${type}`)).toEqual([]);
      }
      const [door, ...others] = templates.ofType('AWS::EC2::SecurityGroup');
      expect(others).toEqual([]);
      expect(door?.Properties.SecurityGroupIngress).toBeUndefined();
      const [endpoint] = templates.ofType('AWS::EC2::VPCEndpoint');
      expect(endpoint?.Properties.VpcEndpointType).toBe('Gateway');
    });

    test('grant no action by a wildcard, and wildcards of resources for object keys and connections only', () => {
      const statements = statementsOf(templates);
      expect(statements.length).toBeGreaterThan(20);
      const wild = statements.flatMap(({ owner, Action, Resource }) => {
        for (const action of Action) expect(action).not.toContain('*');
        return Resource.map((resource) => JSON.stringify(resource))
          .filter((resource) => resource.includes('*'))
          .map(
            (resource) =>
              `${owner.replace(/Role[0-9A-F]{8}$/, '')} ${Action} ${/[^",[\]]*\*/.exec(resource)?.[0]}`,
          );
      });
      expect(wild.sort()).toEqual([
        'Api s3:GetObject /rejects/*',
        'Api s3:PutObject /drop/*',
        'ForecastWorker s3:GetObject /models/*',
        'IngestWorker s3:AbortMultipartUpload,s3:PutObject /rejects/*',
        'IngestWorker s3:GetObject /drop/*',
        'NotifyWorker execute-api:ManageConnections /live/POST/@connections/*',
        'TrainWorker s3:AbortMultipartUpload,s3:DeleteObject,s3:PutObject /models/*',
      ]);
    });

    test('let the clock act for the schedules of this stage only', () => {
      const roles = templates
        .ofType('AWS::IAM::Role')
        .flatMap(({ Properties }) => Properties.AssumeRolePolicyDocument.Statement)
        .filter(({ Principal }) => Principal.Service === 'scheduler.amazonaws.com');
      expect(roles).toHaveLength(1);
      const { 'aws:SourceAccount': account, 'aws:SourceArn': group } = roles[0].Condition.StringEquals;
      expect(account).toEqual({ Ref: 'AWS::AccountId' });
      expect(JSON.stringify(group)).toMatch(/schedule-group|"Clock/);
    });

    test('let nobody but the migrations read the secret of the master', () => {
      const readers = statementsOf(templates)
        .filter((statement) => JSON.stringify(statement.Resource).includes('MasterUserSecret'))
        .map(({ owner }) => owner);
      expect(readers).toHaveLength(1);
      expect(readers[0]).toMatch(/^MigrateRole/);
    });

    test('let nobody but the sourcing of products read the key of the search API, which has no value yet', () => {
      const askers = statementsOf(templates)
        .filter((statement) => JSON.stringify(statement.Resource).includes('SearchKey'))
        .map(({ owner, Action }) => `${owner.replace(/Role[0-9A-F]{8}$/, '')} ${Action}`);
      expect(askers.sort()).toEqual([
        'Api secretsmanager:DescribeSecret',
        'SourceWorker secretsmanager:GetSecretValue',
      ]);
      const [key] = templates.ofType('AWS::SecretsManager::Secret').filter(({ id }) => id === 'SearchKey');
      expect(Object.keys(key!.Properties).filter((name) => /SecretString/.test(name))).toEqual([]);
    });

    test('keep the bucket, the database and the queues from the public', () => {
      const [bucket] = templates.ofType('AWS::S3::Bucket');
      expect(bucket?.Properties.PublicAccessBlockConfiguration).toEqual({
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      });
      for (const instance of templates.ofType('AWS::RDS::DBInstance')) {
        expect(instance.Properties.PubliclyAccessible ?? false).toBe(false);
      }
      const policies = ['SQS::QueuePolicy', 'S3::BucketPolicy', 'SNS::TopicPolicy'].flatMap((type) =>
        templates.ofType(`AWS::${type}`),
      );
      for (const { Properties } of policies) {
        for (const statement of Properties.PolicyDocument.Statement) {
          if (statement.Effect === 'Allow') expect(statement.Principal).not.toEqual({ AWS: '*' });
        }
      }
      expect(templates.ofType('AWS::Lambda::Url')).toEqual([]);
    });

    test('encrypt what is stored, and refuse what comes without TLS', () => {
      for (const queue of templates.ofType('AWS::SQS::Queue')) {
        expect(queue.Properties.SqsManagedSseEnabled).toBe(true);
      }
      const [cluster] = templates.ofType('AWS::RDS::DBCluster');
      expect(cluster?.Properties.StorageEncrypted).toBe(true);
      const buckets = templates.ofType('AWS::S3::Bucket');
      expect(buckets.length).toBe(1);
      expect(
        buckets[0]?.Properties.BucketEncryption.ServerSideEncryptionConfiguration[0]
          .ServerSideEncryptionByDefault,
      ).toEqual({ SSEAlgorithm: 'AES256' });

      const refusesPlainHttp = (policies: readonly { Properties: Record<string, unknown> }[]) =>
        policies.filter(({ Properties }) =>
          JSON.stringify(Properties.PolicyDocument).includes(
            '"Condition":{"Bool":{"aws:SecureTransport":"false"}},"Effect":"Deny"',
          ),
        ).length;
      expect(refusesPlainHttp(templates.ofType('AWS::SQS::QueuePolicy'))).toBe(
        2 * Object.keys(config.feeds).length,
      );
      expect(refusesPlainHttp(templates.ofType('AWS::S3::BucketPolicy'))).toBe(1);
      expect(refusesPlainHttp(templates.ofType('AWS::SNS::TopicPolicy'))).toBe(1);
    });
  },
);

import { CfnOutput, Duration, RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as secrets from 'aws-cdk-lib/aws-secretsmanager';
import { Trigger } from 'aws-cdk-lib/triggers';
import type { Construct } from 'constructs';
import type * as z from 'zod';
import type { MigrateEnv } from '../../functions/migrate/env.ts';
import { AppFunction, type StageContext } from '../constructs/app-function.ts';
import { DataBucket } from '../constructs/data-bucket.ts';
import { Database } from '../constructs/database.ts';
import { Identity } from '../constructs/identity.ts';

/** All that is kept: database, files, users. Its schema is up to date before any other stack is touched. */
export class DataStack extends Stack {
  readonly database: Database;
  readonly files: DataBucket;
  readonly identity: Identity;
  /** Its key locks the secrets of shops and subscribers, which lie in the database. */
  readonly webhookSecret: secrets.Secret;
  readonly migrate: AppFunction;

  constructor(scope: Construct, id: string, props: StackProps & StageContext) {
    const { config, codeOf, ...stackProps } = props;
    super(scope, id, { ...stackProps, terminationProtection: config.keepsData });

    const network = new ec2.Vpc(this, 'Network', {
      maxAzs: 2,
      natGateways: 0,
      subnetConfiguration: [{ name: 'database', subnetType: ec2.SubnetType.PRIVATE_ISOLATED, cidrMask: 24 }],
      // free, and the way from the database to files if it ever loads them itself
      gatewayEndpoints: { Files: { service: ec2.GatewayVpcEndpointAwsService.S3 } },
      // would need a provider function of its own; the rules of the default group admit only the group itself
      restrictDefaultSecurityGroup: false,
    });
    this.database = new Database(this, 'Database', { config, network });
    this.files = new DataBucket(this, 'Data', { config });
    this.identity = new Identity(this, 'Identity', { config });
    this.webhookSecret = new secrets.Secret(this, 'WebhookKey', {
      description: 'Locks the secrets of connected shops and of webhook subscribers',
      generateSecretString: {
        secretStringTemplate: JSON.stringify({ use: 'webhooks' }),
        generateStringKey: 'key',
        passwordLength: 64,
        excludePunctuation: true,
      },
      // with another key every kept secret is lost
      removalPolicy: config.keepsData ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    });
    this.migrate = this.addMigrations({ config, codeOf });

    new CfnOutput(this, 'DataBucketName', { value: this.files.bucket.bucketName });
    new CfnOutput(this, 'DatabaseClusterArn', { value: this.database.cluster.clusterArn });
    new CfnOutput(this, 'DatabaseSecretArn', { value: this.database.appSecret.secretArn });
    new CfnOutput(this, 'DatabaseMasterSecretArn', { value: this.database.masterSecret.secretArn });
    new CfnOutput(this, 'DatabaseName', { value: this.database.name });
    new CfnOutput(this, 'UserPoolId', { value: this.identity.pool.userPoolId });
    new CfnOutput(this, 'UserPoolClientId', { value: this.identity.client.userPoolClientId });
  }

  /** Runs in this stack, so that a failed migration stops the deployment before new functions are there to serve. */
  private addMigrations({ config, codeOf }: StageContext): AppFunction {
    const { database } = this;
    const migrate = new AppFunction(this, 'Migrate', {
      config,
      codeOf,
      name: 'migrate',
      description: 'Brings the schema up to date and grants the application its rights',
      environment: {
        DB_CLUSTER_ARN: database.cluster.clusterArn,
        DB_NAME: database.name,
        DB_MASTER_SECRET_ARN: database.masterSecret.secretArn,
        DB_APP_SECRET_ARN: database.appSecret.secretArn,
        LOG_LEVEL: config.logLevel,
      } satisfies z.input<typeof MigrateEnv>,
    });
    database.openForMigration(migrate);
    // the migrations lie beside the bundle: a new one changes its hash, and a changed function is run again
    new Trigger(this, 'Migrations', {
      handler: migrate.function,
      executeAfter: [database, migrate],
      timeout: Duration.minutes(14),
    });
    return migrate;
  }
}

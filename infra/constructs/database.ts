import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as rds from 'aws-cdk-lib/aws-rds';
import * as secrets from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import type { StageConfig } from '../config.ts';
import type { AppFunction } from './app-function.ts';

const DATABASE_NAME = 'inventory';

/** Calls of the RDS Data API that our client makes. */
const DATA_API = ['ExecuteStatement', 'BeginTransaction', 'CommitTransaction', 'RollbackTransaction'].map(
  (call) => `rds-data:${call}`,
);

export interface DatabaseProps {
  readonly config: StageConfig;
  readonly network: ec2.Vpc;
}

/** The Aurora cluster behind the Data API, with the secret of its master and that of the application's user. */
export class Database extends Construct {
  readonly cluster: rds.DatabaseCluster;
  readonly name = DATABASE_NAME;
  readonly masterSecret: secrets.ISecret;
  readonly appSecret: secrets.Secret;

  constructor(scope: Construct, id: string, { config, network }: DatabaseProps) {
    super(scope, id);
    const vpc = asVpc(network);
    const engine = rds.DatabaseClusterEngine.auroraMysql({
      version: rds.AuroraMysqlEngineVersion.VER_3_10_4,
    });
    this.cluster = new rds.DatabaseCluster(this, 'Cluster', {
      engine,
      // what the tests' server has as well; Aurora's own sql_mode would let bad values pass
      parameterGroup: new rds.ParameterGroup(this, 'Parameters', {
        engine,
        description: 'Strict SQL in UTC',
        parameters: {
          time_zone: 'UTC',
          // or the triggers that guard the ledger need more rights than RDS gives anyone
          log_bin_trust_function_creators: '1',
          character_set_server: 'utf8mb4',
          sql_mode:
            'ONLY_FULL_GROUP_BY,STRICT_TRANS_TABLES,NO_ZERO_IN_DATE,NO_ZERO_DATE,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION',
        },
      }),
      writer: rds.ClusterInstance.serverlessV2('Writer', { autoMinorVersionUpgrade: true }),
      serverlessV2MinCapacity: config.database.minAcu,
      serverlessV2MaxCapacity: config.database.maxAcu,
      ...(config.database.minAcu === 0 && {
        serverlessV2AutoPauseDuration: Duration.minutes(config.database.pauseAfterMinutes),
      }),
      vpc,
      vpcSubnets: { subnetType: ec2.SubnetType.PRIVATE_ISOLATED },
      // nobody connects: the Data API comes from outside the VPC
      securityGroups: [
        new ec2.SecurityGroup(this, 'Door', { vpc, allowAllOutbound: false, description: 'Lets nobody in' }),
      ],
      enableDataApi: true,
      defaultDatabaseName: DATABASE_NAME,
      // RDS makes this secret and rotates it by itself
      manageMasterUserPassword: true,
      storageEncrypted: true,
      backup: { retention: Duration.days(config.database.backupDays) },
      copyTagsToSnapshot: true,
      deletionProtection: config.keepsData,
      removalPolicy: config.keepsData ? RemovalPolicy.RETAIN : RemovalPolicy.SNAPSHOT,
    });
    if (!this.cluster.secret) throw new Error('the cluster has no master secret');
    this.masterSecret = this.cluster.secret;
    this.appSecret = new secrets.Secret(this, 'AppUser', {
      description: 'The application: may read and write, may not change the schema or the past',
      generateSecretString: {
        secretStringTemplate: JSON.stringify({ username: 'app' }),
        generateStringKey: 'password',
        passwordLength: 40,
        excludePunctuation: true,
      },
    });
  }

  /** What `DatabaseEnv` asks for. */
  get environment() {
    return {
      DB_CLUSTER_ARN: this.cluster.clusterArn,
      DB_SECRET_ARN: this.appSecret.secretArn,
      DB_NAME: this.name,
    };
  }

  /** Lets a function use the database as the application's user. */
  openFor(user: AppFunction): void {
    user.allow(DATA_API, [this.cluster.clusterArn]);
    user.allow(['secretsmanager:GetSecretValue'], [this.appSecret.secretArn]);
  }

  /** Lets a function change the schema, and set the application user's password. */
  openForMigration(user: AppFunction): void {
    user.allow(DATA_API, [this.cluster.clusterArn]);
    user.allow(['secretsmanager:GetSecretValue'], [this.masterSecret.secretArn, this.appSecret.secretArn]);
  }
}

// CDK declares its optional members in a way that exactOptionalPropertyTypes reads as a difference
const asVpc = (network: ec2.Vpc) => network as ec2.IVpc;

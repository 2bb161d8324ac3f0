import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { StageConfig } from '../config.ts';
import type { FunctionName } from '../functions.ts';

/** Where the code of a function comes from: its bundle when deployed, a placeholder in tests of the templates. */
export type CodeOf = (name: FunctionName) => lambda.Code;

/** What every construct of a stage is told. */
export interface StageContext {
  readonly config: StageConfig;
  readonly codeOf: CodeOf;
}

export interface AppFunctionProps extends StageContext {
  readonly name: FunctionName;
  readonly description: string;
  readonly environment: Record<string, string>;
}

/** One function of ours with a role and a log group of its own. It may write its log; everything else is granted. */
export class AppFunction extends Construct {
  readonly name: FunctionName;
  readonly function: lambda.Function;
  readonly timeout: Duration;
  readonly log: logs.LogGroup;

  constructor(scope: Construct, id: string, props: AppFunctionProps) {
    super(scope, id);
    const { config, name } = props;
    const size = config.functions[name];
    this.name = name;
    this.timeout = Duration.seconds(size.timeoutSeconds);
    const logGroup = new logs.LogGroup(this, 'Log', {
      retention: retentionOf(config.logDays),
      removalPolicy: RemovalPolicy.DESTROY,
    });
    // not AWSLambdaBasicExecutionRole, which may write every log of the account
    const role = new iam.Role(this, 'Role', {
      assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com'),
      description: `${name} of smart-inventory ${config.stage}`,
    });
    this.log = logGroup;
    logGroup.grantWrite(role);
    this.function = new lambda.Function(this, 'Function', {
      description: props.description,
      runtime: lambda.Runtime.NODEJS_24_X,
      architecture: lambda.Architecture.ARM_64,
      code: props.codeOf(name),
      handler: 'index.handler',
      role,
      logGroup,
      // our logger writes JSON lines itself
      loggingFormat: lambda.LoggingFormat.TEXT,
      memorySize: size.memoryMib,
      timeout: this.timeout,
      ...(size.reservedConcurrency !== undefined && {
        reservedConcurrentExecutions: size.reservedConcurrency,
      }),
      // correlation ids in the log serve; X-Ray would cost per trace and put its SDK into every bundle
      tracing: lambda.Tracing.DISABLED,
      environment: {
        ...props.environment,
        NODE_OPTIONS: '--enable-source-maps',
        POWERTOOLS_SERVICE_NAME: name,
        POWERTOOLS_METRICS_NAMESPACE: 'smart-inventory',
      },
    });
  }

  /** Lets the function do exactly this. */
  allow(actions: readonly string[], resources: readonly string[]): void {
    this.function.addToRolePolicy(
      new iam.PolicyStatement({ actions: [...actions], resources: [...resources] }),
    );
  }
}

/** The log retention closest to a number of days. */
export function retentionOf(days: StageConfig['logDays']): logs.RetentionDays {
  return {
    7: logs.RetentionDays.ONE_WEEK,
    30: logs.RetentionDays.ONE_MONTH,
    90: logs.RetentionDays.THREE_MONTHS,
  }[days];
}

import { ACCOUNT, REGION } from '../account.ts';

/** What a resource's `Ref` and attributes may be made of. */
export interface NamingContext {
  /** Logical id, or stack and logical id where two stacks use the same one for a type. */
  readonly localId: string;
  readonly edgeBase: string;
  /** A property, resolved. */
  property(name: string): unknown;
}

export interface PhysicalNames {
  ref(): string;
  readonly attributes: Readonly<Record<string, () => string>>;
}

type Namer = (context: NamingContext) => PhysicalNames;

/** `Ref` and `Fn::GetAtt` of a resource: logical ids are names unless the template names it. */
export function physicalNames(type: string, context: NamingContext): PhysicalNames {
  return (NAMERS[type] ?? ignoredNames)(context);
}

const NAMERS: Readonly<Record<string, Namer>> = {
  'AWS::SQS::Queue': (context) => {
    const isFifo = context.property('FifoQueue') === true || context.property('FifoQueue') === 'true';
    const name = named(context, 'QueueName', context.localId + (isFifo ? '.fifo' : ''));
    const url = `${context.edgeBase}/${ACCOUNT}/${name}`;
    return {
      ref: () => url,
      attributes: { Arn: () => arn('sqs', name), QueueName: () => name, QueueUrl: () => url },
    };
  },
  'AWS::S3::Bucket': (context) => {
    const name = named(context, 'BucketName', context.localId.toLowerCase());
    const domain = `${name}.s3.amazonaws.com`;
    return {
      ref: () => name,
      attributes: {
        Arn: () => `arn:aws:s3:::${name}`,
        DomainName: () => domain,
        RegionalDomainName: () => `${name}.s3.${REGION}.amazonaws.com`,
      },
    };
  },
  'AWS::Lambda::Function': (context) => {
    const name = named(context, 'FunctionName');
    return { ref: () => name, attributes: { Arn: () => arn('lambda', `function:${name}`) } };
  },
  'AWS::Lambda::Version': (context) => qualified(context, '1'),
  'AWS::Lambda::Alias': (context) => qualified(context, named(context, 'Name')),
  'AWS::Events::EventBus': (context) => {
    const name = named(context, 'Name');
    return {
      ref: () => name,
      attributes: { Arn: () => arn('events', `event-bus/${name}`), Name: () => name },
    };
  },
  'AWS::Events::Rule': (context) => {
    const name = named(context, 'Name');
    const bus = String(context.property('EventBusName') ?? 'default')
      .split('/')
      .at(-1)!;
    const path = bus === 'default' ? name : `${bus}/${name}`;
    return { ref: () => name, attributes: { Arn: () => arn('events', `rule/${path}`) } };
  },
  'AWS::Scheduler::Schedule': (context) => {
    const name = named(context, 'Name');
    const group = String(context.property('GroupName') ?? 'default');
    return {
      ref: () => name,
      attributes: { Arn: () => arn('scheduler', `schedule/${group}/${name}`) },
    };
  },
  'AWS::Scheduler::ScheduleGroup': (context) => {
    const name = named(context, 'Name');
    return {
      ref: () => name,
      attributes: { Arn: () => arn('scheduler', `schedule-group/${name}`) },
    };
  },
  'AWS::RDS::DBCluster': (context) => {
    const id = named(context, 'DBClusterIdentifier', context.localId.toLowerCase());
    return {
      ref: () => id,
      attributes: {
        DBClusterArn: () => arn('rds', `cluster:${id}`),
        DBClusterResourceId: () => `cluster-${id}`,
        'Endpoint.Address': () => '127.0.0.1',
        'Endpoint.Port': () => '3306',
        'ReadEndpoint.Address': () => '127.0.0.1',
        'MasterUserSecret.SecretArn': () => arn('secretsmanager', `secret:rds!cluster-${id}`),
      },
    };
  },
  'AWS::SecretsManager::Secret': (context) => {
    const secret = arn('secretsmanager', `secret:${named(context, 'Name')}`);
    return { ref: () => secret, attributes: { Id: () => secret } };
  },
  'AWS::SecretsManager::SecretTargetAttachment': (context) => ({
    // Functions receive the attachment where they mean the secret.
    ref: () => String(context.property('SecretId')),
    attributes: { Id: () => String(context.property('SecretId')) },
  }),
  'AWS::ApiGatewayV2::Api': (context) => {
    const scheme = context.property('ProtocolType') === 'WEBSOCKET' ? 'wss' : 'https';
    const endpoint = `${scheme}://${context.localId}.execute-api.${REGION}.amazonaws.com`;
    return {
      ref: () => context.localId,
      attributes: { ApiEndpoint: () => endpoint, ApiId: () => context.localId },
    };
  },
  'AWS::ApiGatewayV2::Stage': (context) => ({
    ref: () => String(context.property('StageName')),
    attributes: {},
  }),
  'AWS::Cognito::UserPool': (context) => {
    const id = `${REGION}_${context.localId}`;
    const provider = `cognito-idp.${REGION}.amazonaws.com/${id}`;
    return {
      ref: () => id,
      attributes: {
        Arn: () => arn('cognito-idp', `userpool/${id}`),
        UserPoolId: () => id,
        ProviderName: () => provider,
        ProviderURL: () => `https://${provider}`,
      },
    };
  },
  'AWS::Cognito::UserPoolClient': (context) => ({
    ref: () => context.localId,
    attributes: { ClientId: () => context.localId, Name: () => named(context, 'ClientName') },
  }),
  'AWS::Cognito::UserPoolGroup': (context) => ({
    ref: () => named(context, 'GroupName'),
    attributes: {},
  }),
};

function qualified(context: NamingContext, qualifier: string): PhysicalNames {
  const name = String(context.property('FunctionName'));
  const target = name.startsWith('arn:') ? name : arn('lambda', `function:${name}`);
  return {
    ref: () => `${target}:${qualifier}`,
    attributes: { Version: () => '1', FunctionArn: () => `${target}:${qualifier}` },
  };
}

/** A resource that nothing serves: any attribute is a readable text that no service will ever mistake. */
function ignoredNames(context: NamingContext): PhysicalNames {
  const attributes = new Proxy<Record<string, () => string>>(
    {},
    { get: (_target, name) => () => `${context.localId}.${String(name)}` },
  );
  return { ref: () => context.localId, attributes };
}

function named(context: NamingContext, property: string, fallback = context.localId): string {
  const value = context.property(property);
  return typeof value === 'string' && value !== '' ? value : fallback;
}

function arn(service: string, rest: string): string {
  return `arn:aws:${service}:${REGION}:${ACCOUNT}:${rest}`;
}

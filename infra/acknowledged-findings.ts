import { type Stack, Validations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import type { StageName } from './config.ts';

interface Acknowledged {
  /** As cdk-nag prints it, without the name of its pack. `STAGE` stands for the stage. */
  readonly id: string;
  /** Path of the construct below its stack, of whatever lies under it as well. */
  readonly where: string;
  /** Absent: in every stage. */
  readonly stage?: StageName;
  readonly reason: string;
}

const BUCKET_ARN =
  '{"Fn::GetStackOutput":{"StackName":"smart-inventory-STAGE-data","Region":{"Ref":"AWS::Region"},"OutputName":"PublishOutputFnGetAttDataBucketE6B0FAA8Arn1C0B2E61"}}';

const PREFIX_ONLY = 'Object keys are not known beforehand; the prefix is the narrowest there is.';
const PUBLIC =
  'Answers without a token on purpose: the page, its files, the health, the API description, signing in.';
const TICKET =
  'Browsers cannot send a header with a WebSocket. The function admits only who brings a one-time ticket, which the API gives to signed-in users.';

/** Every finding of cdk-nag that we live with, by stack, and why. */
export const ACKNOWLEDGED: Readonly<Record<'data' | 'pipeline' | 'api' | 'watch', readonly Acknowledged[]>> =
  {
    data: [
      {
        id: 'AwsSolutions-VPC7',
        where: 'Network',
        reason:
          'Nothing in this network talks: its only door lets nobody in, the Data API comes from outside.',
      },
      {
        id: 'AwsSolutions-RDS6',
        where: 'Database/Cluster',
        reason: 'The Data API is IAM authentication already; behind it the cluster knows secrets only.',
      },
      {
        id: 'AwsSolutions-RDS10',
        where: 'Database/Cluster',
        stage: 'dev',
        reason: 'A trial stage goes when it is deleted, leaving a last snapshot; prod is protected.',
      },
      {
        id: 'AwsSolutions-RDS11',
        where: 'Database/Cluster',
        reason: 'No port is reachable, so hiding it gains nothing.',
      },
      {
        id: 'AwsSolutions-RDS14',
        where: 'Database/Cluster',
        reason:
          'Restoring to a point in time covers it; backtrack bills every change and keeps a second log.',
      },
      {
        id: 'AwsSolutions-SMG4',
        where: 'Database/AppUser',
        reason:
          'Rotation would need a function in the network; migrations set the password anew when the secret changes.',
      },
      {
        id: 'AwsSolutions-SMG4',
        where: 'WebhookKey',
        reason:
          'What it locks would have to be locked anew; whoever rotates it does so by hand, as the operating notes say.',
      },
      {
        id: 'AwsSolutions-S1',
        where: 'Data/Bucket',
        reason:
          'Each import is recorded with its object in the database; server access logs would cost more than the data.',
      },
      {
        id: 'AwsSolutions-COG8',
        where: 'Identity/Users',
        reason: 'Users are created by an administrator; the plus plan costs per user and month.',
      },
      {
        id: 'AwsSolutions-COG2',
        where: 'Identity/Users',
        reason: 'A second factor is offered; requiring it would shut out scripts, which sign in as well.',
      },
    ],
    pipeline: [
      {
        id: `AwsSolutions-IAM5[Resource::${BUCKET_ARN}/drop/*]`,
        where: 'Ingest/Worker',
        reason: PREFIX_ONLY,
      },
      {
        id: `AwsSolutions-IAM5[Resource::${BUCKET_ARN}/rejects/*]`,
        where: 'Ingest/Worker',
        reason: PREFIX_ONLY,
      },
      {
        id: `AwsSolutions-IAM5[Resource::${BUCKET_ARN}/models/*]`,
        where: 'Train/Worker',
        reason: PREFIX_ONLY,
      },
      {
        id: `AwsSolutions-IAM5[Resource::${BUCKET_ARN}/models/*]`,
        where: 'Forecast/Worker',
        reason: PREFIX_ONLY,
      },
      {
        id: 'AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:execute-api:<AWS::Region>:<AWS::AccountId>:<LiveApi149456B6>/live/POST/@connections/*]',
        where: 'Notify/Worker',
        reason: 'The gateway makes the ids of connections; api, stage and method are fixed.',
      },
      {
        id: 'AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole]',
        where: 'BucketNotificationsHandler050a0587b7544547bf325f094a3db834',
        reason:
          "CDK's own provider: it sets the bucket's notifications during deployment and never sees data.",
      },
      {
        id: 'AwsSolutions-SMG4',
        where: 'SearchKey',
        reason: 'The key is of somebody else, who makes a new one by hand only.',
      },
      { id: 'AwsSolutions-APIG4', where: 'Live/Api', reason: TICKET },
      {
        id: 'AwsSolutions-APIG1',
        where: 'Live/Live',
        reason: 'Needs a role set for the whole account; the function logs who comes and goes.',
      },
    ],
    api: [
      { id: `AwsSolutions-IAM5[Resource::${BUCKET_ARN}/drop/*]`, where: 'Api', reason: PREFIX_ONLY },
      { id: `AwsSolutions-IAM5[Resource::${BUCKET_ARN}/rejects/*]`, where: 'Api', reason: PREFIX_ONLY },
      { id: 'AwsSolutions-APIG4', where: 'Http/Api', reason: PUBLIC },
    ],
    watch: [],
  };

/** Acknowledges what is listed for one stack; refuses an entry whose construct is gone. */
export function acknowledgeFindings(stack: Stack, name: keyof typeof ACKNOWLEDGED, stage: StageName): void {
  for (const { id, where, reason, stage: only = stage } of ACKNOWLEDGED[name]) {
    if (only !== stage) continue;
    const construct = where.split('/').reduce((scope: IConstruct, step) => scope.node.findChild(step), stack);
    Validations.of(construct).acknowledge({ id: id.replaceAll('STAGE', stage), reason });
  }
}

import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import * as sns from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import type { Construct } from 'constructs';
import type { StageConfig } from '../config.ts';
import { apiAlarms, auditAlarms, databaseAlarms, functionAlarms } from '../constructs/alarms.ts';
import { addDashboard } from '../constructs/dashboard.ts';
import type { ApiStack } from './api.ts';
import type { DataStack } from './data.ts';
import type { PipelineStack } from './pipeline.ts';

export interface WatchStackProps extends StackProps {
  readonly config: StageConfig;
  readonly data: DataStack;
  readonly pipeline: PipelineStack;
  readonly api: ApiStack;
}

/** Who is told when something is wrong, and one page that shows how things are. */
export class WatchStack extends Stack {
  readonly alarms: readonly cloudwatch.Alarm[];

  constructor(scope: Construct, id: string, props: WatchStackProps) {
    const { config, data, pipeline, api, ...stackProps } = props;
    super(scope, id, stackProps);
    const topic = new sns.Topic(this, 'Alarms', {
      displayName: `smart-inventory ${config.stage}`,
      enforceSSL: true,
    });
    if (config.alarmEmail) topic.addSubscription(new EmailSubscription(config.alarmEmail));

    this.alarms = [
      ...pipeline.stages.flatMap((stage) => stage.alarms(this)),
      ...functionAlarms(this, 'api', api.api),
      ...functionAlarms(this, 'stream', pipeline.live.stream),
      ...apiAlarms(this, api.door.api),
      ...auditAlarms(this, pipeline.audit.worker, config.stage),
      ...databaseAlarms(this, data.database.cluster),
    ];
    const tell = new SnsAction(topic);
    for (const alarm of this.alarms) alarm.addAlarmAction(tell);

    addDashboard(this, {
      stages: pipeline.stages,
      functions: [...pipeline.stages.map((stage) => stage.worker), api.api, pipeline.live.stream],
      cluster: data.database.cluster,
      httpApi: api.door.api,
      alarms: this.alarms,
    });
    new CfnOutput(this, 'AlarmTopicArn', { value: topic.topicArn });
  }
}

import { Duration } from 'aws-cdk-lib';
import type * as apigateway from 'aws-cdk-lib/aws-apigatewayv2';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as rds from 'aws-cdk-lib/aws-rds';
import type { Construct } from 'constructs';
import type { AppFunction } from './app-function.ts';
import type { Stage } from './stage.ts';

export interface DashboardProps {
  readonly stages: readonly Stage[];
  readonly functions: readonly AppFunction[];
  readonly cluster: rds.DatabaseCluster;
  readonly httpApi: apigateway.HttpApi;
  readonly alarms: readonly cloudwatch.Alarm[];
}

/** One page: what is wrong, what waits, what fails, what it costs in time and capacity. */
export function addDashboard(scope: Construct, props: DashboardProps): cloudwatch.Dashboard {
  const { stages, functions, cluster, httpApi, alarms } = props;
  const period = Duration.minutes(5);
  const graph = (title: string, metrics: cloudwatch.IMetric[]) =>
    new cloudwatch.GraphWidget({ title, left: metrics, width: 12, height: 6 });
  return new cloudwatch.Dashboard(scope, 'Dashboard', {
    defaultInterval: Duration.days(1),
    widgets: [
      [new cloudwatch.AlarmStatusWidget({ title: 'Alarms', alarms: [...alarms], width: 24, height: 4 })],
      [
        graph(
          'Messages waiting',
          stages.map((stage) =>
            stage.queue.metricApproximateNumberOfMessagesVisible({ period, label: stage.worker.name }),
          ),
        ),
        graph(
          'Dead letters',
          stages.map((stage) =>
            stage.deadLetters.metricApproximateNumberOfMessagesVisible({ period, label: stage.worker.name }),
          ),
        ),
      ],
      [
        graph(
          'Duration, slowest 5 %',
          functions.map(({ function: fn, name }) =>
            fn.metricDuration({ period, statistic: 'p95', label: name }),
          ),
        ),
        graph(
          'Errors',
          functions.map(({ function: fn, name }) => fn.metricErrors({ period, label: name })),
        ),
      ],
      [
        graph('Database capacity (ACU)', [cluster.metricServerlessDatabaseCapacity({ period })]),
        graph('API requests and failures', [
          httpApi.metricCount({ period }),
          httpApi.metricClientError({ period }),
          httpApi.metricServerError({ period }),
        ]),
      ],
    ],
  });
}

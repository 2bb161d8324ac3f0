import { Duration } from 'aws-cdk-lib';
import type * as apigateway from 'aws-cdk-lib/aws-apigatewayv2';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as logs from 'aws-cdk-lib/aws-logs';
import type * as rds from 'aws-cdk-lib/aws-rds';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import type { AppFunction } from './app-function.ts';

const FIVE_MINUTES = Duration.minutes(5);

interface AlarmRule {
  readonly metric: cloudwatch.Metric;
  readonly above: number;
  /** Periods in a row; a passing peak is no alarm. */
  readonly periods: number;
  readonly says: string;
}

function alarm(scope: Construct, id: string, { metric, above, periods, says }: AlarmRule): cloudwatch.Alarm {
  return metric.createAlarm(scope, id, {
    alarmDescription: says,
    comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD,
    threshold: above,
    evaluationPeriods: periods,
    // an idle part sends no data
    treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
  });
}

/** Dead letters at all, and messages that wait far longer than a retry takes. */
export function queueAlarms(
  scope: Construct,
  id: string,
  { queue, deadLetters }: { readonly queue: sqs.Queue; readonly deadLetters: sqs.Queue },
): cloudwatch.Alarm[] {
  return [
    alarm(scope, `${id}-dead-letters`, {
      metric: deadLetters.metricApproximateNumberOfMessagesVisible({
        period: Duration.minutes(1),
        statistic: 'max',
      }),
      above: 0,
      periods: 1,
      says: 'Messages ended in the dead letters: look at them, mend the cause, redrive.',
    }),
    alarm(scope, `${id}-age`, {
      metric: queue.metricApproximateAgeOfOldestMessage({ period: FIVE_MINUTES, statistic: 'max' }),
      above: 4 * 3600,
      periods: 3,
      says: 'A message has waited for more than four hours: the stage is stuck or too small.',
    }),
  ];
}

/** Errors, and runs that come near the timeout at which they are killed. */
export function functionAlarms(scope: Construct, id: string, worker: AppFunction): cloudwatch.Alarm[] {
  return [
    alarm(scope, `${id}-errors`, {
      metric: worker.function.metricErrors({ period: FIVE_MINUTES }),
      above: 0,
      periods: 2,
      says: 'The function failed in two periods of five minutes in a row.',
    }),
    alarm(scope, `${id}-duration`, {
      metric: worker.function.metricDuration({ period: FIVE_MINUTES, statistic: 'max' }),
      above: 0.8 * worker.timeout.toMilliseconds(),
      periods: 2,
      says: 'Runs take more than 80 % of the time after which they are killed.',
    }),
  ];
}

/** Answers of 5xx: the API answers its own bugs itself, so that its function reports no error. */
export function apiAlarms(scope: Construct, httpApi: apigateway.HttpApi): cloudwatch.Alarm[] {
  return [
    alarm(scope, 'api-server-errors', {
      metric: httpApi.metricServerError({ period: FIVE_MINUTES, statistic: 'sum' }),
      above: 5,
      periods: 2,
      says: 'The API answered more than five requests with 5xx in two periods of five minutes in a row.',
    }),
  ];
}

/** Data that break a promise of theirs: whoever reads the log of the audits finds which, the alerts say so too. */
export function auditAlarms(scope: Construct, audit: AppFunction, stage: string): cloudwatch.Alarm[] {
  const filter = new logs.MetricFilter(scope, 'BrokenPromises', {
    logGroup: audit.log,
    filterPattern: logs.FilterPattern.stringValue('$.message', '=', 'audit done'),
    metricNamespace: 'smart-inventory',
    metricName: `BrokenPromises-${stage}`,
    metricValue: '$.broken',
  });
  return [
    alarm(scope, 'audit-broken-promises', {
      metric: filter.metric({ period: FIVE_MINUTES, statistic: 'max' }),
      above: 0,
      periods: 1,
      says: 'An audit found data that break a promise: GET /audits says which rows, nothing is repaired by itself.',
    }),
  ];
}

/** The database at the end of its capacity. */
export function databaseAlarms(scope: Construct, cluster: rds.DatabaseCluster): cloudwatch.Alarm[] {
  return [
    alarm(scope, 'database-capacity', {
      metric: cluster.metricACUUtilization({ period: FIVE_MINUTES, statistic: 'avg' }),
      above: 90,
      periods: 3,
      says: 'The database has used more than 90 % of its largest capacity for a quarter of an hour.',
    }),
  ];
}

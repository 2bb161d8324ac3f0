import type { BucketDefinition, BucketNotification } from '../services.ts';
import { itemsOf, objectOf, textOf, textsOf } from './property-readers.ts';
import type { Resource } from './scope.ts';

/** Buckets with their notifications, which the template keeps in a resource of its own or in the bucket. */
export function readBuckets(resources: readonly Resource[]): BucketDefinition[] {
  const separate = resources
    .filter(({ type }) => type === 'Custom::S3BucketNotifications')
    .map((resource) => ({
      bucket: textOf(resource.property('BucketName')),
      notifications: readNotifications(resource),
    }));
  return resources
    .filter(({ type }) => type === 'AWS::S3::Bucket')
    .map((resource) => {
      const name = resource.ref();
      const others = separate.filter((item) => item.bucket === name).flatMap((item) => item.notifications);
      return {
        name,
        arn: resource.attribute('Arn'),
        notifications: [...readNotifications(resource), ...others],
      };
    });
}

function readNotifications(resource: Resource): BucketNotification[] {
  const configuration = objectOf(resource.property('NotificationConfiguration'));
  const items = [
    // The custom resource follows the S3 API, the bucket CloudFormation's own names.
    ...itemsOf(configuration.QueueConfigurations).map((item) => [item, item.QueueArn ?? item.Queue]),
    ...itemsOf(configuration.LambdaFunctionConfigurations).map((item) => [item, item.LambdaFunctionArn]),
    ...itemsOf(configuration.LambdaConfigurations).map((item) => [item, item.Function]),
  ] as [Record<string, unknown>, unknown][];
  return items.map(([item, target], index) => {
    const filter = objectOf(item.Filter);
    const rules = [...itemsOf(objectOf(filter.Key).FilterRules), ...itemsOf(objectOf(filter.S3Key).Rules)];
    const ruleOf = (name: string) =>
      textOf(rules.find((rule) => textOf(rule.Name).toLowerCase() === name)?.Value);
    return {
      id: textOf(item.Id, `${resource.logicalId}-${index}`),
      events: textsOf(item.Events ?? item.Event),
      prefix: ruleOf('prefix'),
      suffix: ruleOf('suffix'),
      targetArn: textOf(target),
    };
  });
}

import * as z from 'zod';
import { AwsRefusal, jsonOperations } from '../http/json-operations.ts';
import type { EdgeService } from '../services.ts';
import type { RuleTarget } from '../template/wiring.ts';
import type { Bus } from './open-bus.ts';

const MAX_ENTRIES = 10;
const MAX_TOTAL_BYTES = 1024 * 1024;
const MAX_REQUEST_BYTES = 4 * MAX_TOTAL_BYTES;

const PutEvents = z.object({
  Entries: z.array(
    z.object({
      Source: z.string().exactOptional(),
      DetailType: z.string().exactOptional(),
      Detail: z.string().exactOptional(),
      EventBusName: z.string().exactOptional(),
      Resources: z.array(z.string()).exactOptional(),
      Time: z.union([z.number(), z.string()]).exactOptional(),
    }),
  ),
});
const Listed = z.object({ NamePrefix: z.string().default('') });
const Named = z.object({ Name: z.string().default('default') });
const OfBus = z.object({ EventBusName: z.string().default('default'), NamePrefix: z.string().default('') });
const OfRule = z.object({ EventBusName: z.string().default('default'), Name: z.string() });
const TargetsOf = z.object({ EventBusName: z.string().default('default'), Rule: z.string() });

/** EventBridge's own API, as far as programs put events and people look at rules. */
export function busApi(bus: Pick<Bus, 'put' | 'buses' | 'rules'>): EdgeService {
  const rulesOf = (busName: string) =>
    bus.rules().filter(({ rule }) => rule.busName === busName.split('/').at(-1));
  const ruleOf = (busName: string, name: string) => {
    const found = rulesOf(busName).find(({ rule }) => rule.name === name);
    if (!found)
      throw new AwsRefusal(
        'ResourceNotFoundException',
        `Rule ${name} does not exist on EventBus ${busName}.`,
      );
    return found.rule;
  };
  return jsonOperations(
    {
      PutEvents(input) {
        const { Entries } = read(PutEvents, input);
        if (Entries.length === 0 || Entries.length > MAX_ENTRIES)
          throw new AwsRefusal(
            'ValidationException',
            `1 validation error detected: Value at 'entries' failed to satisfy constraint: Member must have length between 1 and ${MAX_ENTRIES}`,
          );
        const bytes = Entries.reduce((sum, entry) => sum + Buffer.byteLength(JSON.stringify(entry)), 0);
        if (bytes > MAX_TOTAL_BYTES)
          throw new AwsRefusal(
            'ValidationException',
            'Total size of the entries in the request is over the limit.',
          );
        const results = bus.put(Entries);
        return {
          FailedEntryCount: results.filter(({ ErrorCode }) => ErrorCode !== undefined).length,
          Entries: results,
        };
      },
      ListEventBuses(input) {
        const { NamePrefix } = read(Listed, input);
        const EventBuses = bus.buses().filter(({ name }) => name.startsWith(NamePrefix));
        return { EventBuses: EventBuses.map(({ name, arn }) => ({ Name: name, Arn: arn })) };
      },
      DescribeEventBus(input) {
        const { Name: name } = read(Named, input);
        const found = bus.buses().find((candidate) => candidate.name === name.split('/').at(-1));
        if (!found) throw new AwsRefusal('ResourceNotFoundException', `Event bus ${name} does not exist.`);
        return { Name: found.name, Arn: found.arn };
      },
      ListRules(input) {
        const { EventBusName, NamePrefix } = read(OfBus, input);
        const found = rulesOf(EventBusName).filter(({ rule }) => rule.name.startsWith(NamePrefix));
        return { Rules: found.map(({ rule }) => describe(rule)) };
      },
      DescribeRule(input) {
        const { EventBusName, Name } = read(OfRule, input);
        return describe(ruleOf(EventBusName, Name));
      },
      ListTargetsByRule(input) {
        const { EventBusName, Rule } = read(TargetsOf, input);
        return { Targets: ruleOf(EventBusName, Rule).targets.map(describeTarget) };
      },
    },
    MAX_REQUEST_BYTES,
  );
}

function describe(rule: ReturnType<Bus['rules']>[number]['rule']) {
  return {
    Name: rule.name,
    Arn: rule.arn,
    EventBusName: rule.busName,
    EventPattern: JSON.stringify(rule.pattern),
    State: rule.isEnabled ? 'ENABLED' : 'DISABLED',
    Description: rule.description,
  };
}

function describeTarget(target: RuleTarget) {
  const { inputTransformer } = target;
  return {
    Id: target.id,
    Arn: target.arn,
    Input: target.input,
    InputPath: target.inputPath,
    InputTransformer: inputTransformer && {
      InputPathsMap: inputTransformer.paths,
      InputTemplate: inputTransformer.template,
    },
    DeadLetterConfig: target.deadLetterArn === undefined ? undefined : { Arn: target.deadLetterArn },
  };
}

function read<Schema extends z.ZodType>(schema: Schema, input: unknown): z.output<Schema> {
  const result = schema.safeParse(input);
  if (!result.success) throw new AwsRefusal('ValidationException', z.prettifyError(result.error));
  return result.data;
}

import * as events from 'aws-cdk-lib/aws-events';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import type { Construct } from 'constructs';
import type { AssessRequested, PlanRequested } from '../../shared/contracts/messages.ts';
import type { Stage } from './stage.ts';

const SOURCE = 'smart-inventory';

export interface BusRulesProps {
  readonly bus: events.EventBus;
  readonly notify: Stage;
  readonly deliver: Stage;
  readonly plan: Stage;
  readonly assess: Stage;
  readonly learn: Stage;
}

/**
 * Who hears what on the bus: listeners and subscribers of webhooks everything, the plan those imports that change what it would say, the
 * assessment each plan that is complete, and the online models what moves stock or brings demand.
 */
export function addBusRules(
  scope: Construct,
  { bus, notify, deliver, plan, assess, learn }: BusRulesProps,
): void {
  new events.Rule(scope, 'EveryEvent', {
    eventBus: bus,
    description: 'Every event of ours goes to the listeners and to the subscribers of webhooks',
    eventPattern: { source: [SOURCE] },
    targets: [
      new targets.SqsQueue(notify.queue, { deadLetterQueue: notify.deadLetters }),
      new targets.SqsQueue(deliver.queue, { deadLetterQueue: deliver.deadLetters }),
    ],
  });
  // the event's own id is the key, so that an event delivered twice asks for one plan
  const request = {
    type: 'PlanRequested',
    cause: 'import',
    key: events.EventField.fromPath('$.detail.event_id'),
  } satisfies PlanRequested;
  new events.Rule(scope, 'ImportChangesPlan', {
    eventBus: bus,
    description: 'An import that changes demand, stock or supply asks for a plan',
    eventPattern: {
      source: [SOURCE],
      detailType: ['import.completed'],
      detail: { data: { changesPlan: [true] } },
    },
    targets: [
      new targets.SqsQueue(plan.queue, {
        message: events.RuleTargetInput.fromObject(request),
        deadLetterQueue: plan.deadLetters,
      }),
    ],
  });
  const assessment = {
    type: 'AssessRequested',
    runId: events.EventField.fromPath('$.detail.data.runId'),
  } satisfies AssessRequested;
  new events.Rule(scope, 'PlanIsComplete', {
    eventBus: bus,
    description: 'A complete plan lets the forecasts of earlier ones be judged',
    eventPattern: { source: [SOURCE], detailType: ['forecast.completed'] },
    targets: [
      new targets.SqsQueue(assess.queue, {
        message: events.RuleTargetInput.fromObject(assessment),
        deadLetterQueue: assess.deadLetters,
      }),
    ],
  });
  new events.Rule(scope, 'DemandIsLearnt', {
    eventBus: bus,
    description: 'Movements of stock, imports and simulations move the online models on',
    eventPattern: {
      source: [SOURCE],
      detailType: ['stock.updated', 'import.completed', 'simulation.completed'],
    },
    targets: [new targets.SqsQueue(learn.queue, { deadLetterQueue: learn.deadLetters })],
  });
}

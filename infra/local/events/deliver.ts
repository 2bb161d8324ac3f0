import type { Functions, Queues } from '../services.ts';
import type { RuleTarget } from '../template/wiring.ts';

/** Hands a payload to a target once; throws when the target did not take it. */
export type Deliver = (target: RuleTarget, payload: string, id: string) => Promise<void>;

/** Delivers to queues and functions. */
export function deliverTo(needs: {
  readonly queues: Pick<Queues, 'send'>;
  readonly functions: Pick<Functions, 'invoke'>;
}): Deliver {
  return async (target, payload, id) => {
    if (target.arn.split(':')[2] === 'sqs') {
      const options =
        target.messageGroupId === undefined
          ? undefined
          : { groupId: target.messageGroupId, deduplicationId: id };
      await needs.queues.send(target.arn, payload, options);
      return;
    }
    const result = await needs.functions.invoke(target.arn, eventOf(payload));
    if (!result.ok) throw new Error(`${result.errorType}: ${result.errorMessage}`);
  };
}

function eventOf(payload: string): unknown {
  try {
    return JSON.parse(payload);
  } catch {
    // A template may make a plain text; a function gets it as a JSON string.
    return payload;
  }
}

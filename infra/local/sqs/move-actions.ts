import { countMessages } from './count-messages.ts';
import type { Engine } from './engine.ts';
import { moveDeadLetters } from './move-dead-letters.ts';
import { sourcesOf } from './queue-actions.ts';
import type { Queue } from './queue-table.ts';
import { type Input, optionalInteger, optionalText, requiredText } from './read-input.ts';
import { SqsError } from './sqs-error.ts';

type Action = (engine: Engine, input: Input) => object | Promise<object>;

type Task = {
  number: number;
  source_arn: string;
  destination_arn: string | null;
  started_at: number;
  moved: number;
  to_move: number;
};

/** Moves of dead letters. A move is over before its start is answered, so that none can be found running. */
export const MOVE_ACTIONS: Readonly<Record<string, Action>> = {
  async StartMessageMoveTask(engine, input) {
    const source = existing(engine, requiredText(input, 'SourceArn'));
    if (sourcesOf(engine, source).length === 0) {
      throw new SqsError('UnsupportedOperation', 'Source queue must be configured as a Dead Letter Queue.');
    }
    // Checked, yet without effect: a local move has no traffic to spare.
    optionalInteger(input, 'MaxNumberOfMessagesPerSecond', 1, 500);
    const destinationArn = optionalText(input, 'DestinationArn');
    const destination = destinationArn === undefined ? undefined : existing(engine, destinationArn);
    if (destination !== undefined && destination.settings.isFifo !== source.settings.isFifo) {
      throw new SqsError('InvalidParameterValue', 'Source and destination must be of the same type.');
    }
    const [startedAt, toMove] = [engine.now(), countMessages(engine, source).visible];
    const moved = await moveDeadLetters(engine, source, destination);
    engine.sqlite.run(
      `INSERT INTO move_tasks (source_arn, destination_arn, started_at, moved, to_move) VALUES (?, ?, ?, ?, ?)`,
      source.arn,
      destination?.arn ?? null,
      startedAt,
      moved,
      toMove,
    );
    return { TaskHandle: handleOf(source.arn, startedAt) };
  },

  ListMessageMoveTasks(engine, input) {
    const source = existing(engine, requiredText(input, 'SourceArn'));
    const tasks = engine.sqlite.all<Task>(
      'SELECT * FROM move_tasks WHERE source_arn = ? ORDER BY number DESC LIMIT ?',
      source.arn,
      optionalInteger(input, 'MaxResults', 1, 10) ?? 1,
    );
    const Results = tasks.map((task) => ({
      Status: 'COMPLETED',
      SourceArn: task.source_arn,
      ...(task.destination_arn !== null && { DestinationArn: task.destination_arn }),
      ApproximateNumberOfMessagesMoved: task.moved,
      ApproximateNumberOfMessagesToMove: task.to_move,
      StartedTimestamp: task.started_at,
    }));
    return { Results };
  },

  CancelMessageMoveTask() {
    throw new SqsError(
      'UnsupportedOperation',
      'Only active tasks can be cancelled; a local move is over at once.',
    );
  },
};

function existing(engine: Engine, arn: string): Queue {
  const queue = engine.queues.find(arn);
  if (queue !== undefined) return queue;
  throw new SqsError(
    'ResourceNotFoundException',
    "The resource that you specified for the SourceArn parameter doesn't exist.",
  );
}

function handleOf(sourceArn: string, startedAt: number): string {
  return Buffer.from(JSON.stringify({ sourceArn, startedAt })).toString('base64');
}

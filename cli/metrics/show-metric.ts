import { type MetricOperation, runOperation } from '../../shared/core/analytics/operations/run-operation.ts';
import { askStack } from './ask-stack.ts';
import { metricTable } from './metric-table.ts';
import { readMetricData } from './read-metric-data.ts';

export interface MetricOptions {
  readonly operation: MetricOperation;
  /** Last day that counts. */
  readonly cutoff?: string;
  /** Folder with the files of a simulation; without one the running stack is asked. */
  readonly input?: string;
  readonly format: 'json' | 'csv';
  /** Of CSV: which list. */
  readonly list?: string;
}

/** Prints what one metric operation says of files, or of the running stack. */
export async function showMetric(edge: string, options: MetricOptions): Promise<void> {
  const { operation, cutoff, input } = options;
  const result =
    input === undefined
      ? await askStack(edge, operation, cutoff)
      : runOperation(operation, await readMetricData(input, operation), cutoff);
  process.stdout.write(
    options.format === 'csv' ? metricTable(result, options.list) : `${JSON.stringify(result, null, 2)}\n`,
  );
}

import { type Command, InvalidArgumentError, Option } from 'commander';
import { NearDay } from '../../shared/contracts/near-day.ts';
import { METRIC_OPERATIONS } from '../../shared/core/analytics/operations/run-operation.ts';
import { type MetricOptions, showMetric } from './show-metric.ts';

/** Adds `metrics`: the five metric operations, over files or over the running stack. */
export function addMetricsCommand(program: Command, edge: () => string): void {
  program
    .command('metrics')
    .description('count products and stockouts, describe sales and refunds, of files or of the running stack')
    .addOption(new Option('--operation <name>', 'what').choices([...METRIC_OPERATIONS]).makeOptionMandatory())
    .option('--cutoff <day>', 'last day that counts; default: the last one of the data', cutoffDay)
    .option('--input <folder>', 'with ledger.csv, sales.csv and products.csv; default: ask the running stack')
    .addOption(new Option('--format <format>', 'of what is printed').choices(['json', 'csv']).default('json'))
    .option('--list <name>', 'of CSV: summary, rows, months, reasons or by_category')
    .action((options: MetricOptions) => showMetric(edge(), options));
}

function cutoffDay(text: string): string {
  const { success, error } = NearDay.safeParse(text);
  if (!success) throw new InvalidArgumentError(`it ${error.issues[0]!.message}`);
  return text;
}

import { availableParallelism } from 'node:os';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { STANDING_POLICIES, TEXTBOOK_POLICIES } from '../../shared/core/replay/comparison-rows.ts';
import { DEFAULT_FORECASTERS, FORECASTER_NAMES } from '../../shared/core/replay/forecasters.ts';
import { columnNames, wholeNumber } from '../forecast/options.ts';
import { type EvaluateOptions, evaluateFile } from './evaluate-file.ts';

const MOST_PERIODS = 365;
const MOST_TEST = 50_000;
const MOST_JOBS = 64;
const HELP = `
Every policy starts from the same stock (mean demand of the last year of training over lead time + review), decides with
what was known before each period, loses what it cannot serve, and is charged for what is left. An order placed at the
start of period t is there at the start of t + lead time. auto is chosen for each class (demand x value) by simulated cost
on the last third of the training data: the least cost among those that reach the service level there. The other
policies aim at the service level as cycle service; the clairvoyant knows the demand and pays the least possible.
With --known, mix, window and the models with room for inputs know these columns (price, promotion) over the
horizon of each decision; the other forecasters know nothing ahead, as without it.

Columns: fill_rate units served of units asked for; cycle_service share of replenishment cycles without a shortage;
stockout_days days of periods with unserved demand, summed over series; average_stock units, summed over series; turns
cost of a year's sales over the average stock at cost; holding_cost keeping, and with --shelf-life what spoiled, at
cost; lost_margin, with --unmet waits, what waiting cost; total_cost with a 95 % interval from resampled series.
`;

/** Adds the command that compares policies in money; it needs no stack. */
export function addEvaluateCommand(program: Command): void {
  program
    .command('evaluate')
    .description('replay the end of every history through ordering policies, and say what each costs')
    .requiredOption('--input <file>', 'history: CSV with series_id,date,quantity and price; gzip allowed')
    .addOption(
      new Option('--frequency <frequency>', 'length of a period')
        .choices(['daily', 'weekly', 'monthly'])
        .makeOptionMandatory(),
    )
    .requiredOption('--lead-time <periods>', 'periods from order to arrival', wholeNumber(0, MOST_PERIODS))
    .requiredOption('--review <periods>', 'periods between reviews', wholeNumber(1, MOST_PERIODS))
    .option('--service-level <share>', 'service to reach', share(0.01, 0.9999), 0.95)
    .option('--holding-rate <share>', "a year's keeping, as a share of the unit cost", share(0, 100), 0.25)
    .option(
      '--margin <share>',
      'share of the price that is earned: unit cost = price x (1 - margin)',
      share(0, 0.9999),
      0.4,
    )
    .option('--order-cost <money>', 'money an order and series', share(0, 1e9), 0)
    .addOption(
      new Option('--unmet <what>', 'what becomes of demand that stock cannot serve')
        .choices(['lost', 'waits'])
        .default('lost'),
    )
    .option(
      '--waiting-cost <share>',
      "with --unmet waits: share of a unit's margin for each period that a customer waits; default: 0.1",
      share(0, 1e6),
    )
    .option(
      '--shelf-life <periods>',
      'periods in which a unit can be sold; default: no end',
      wholeNumber(1, MOST_TEST),
    )
    .option(
      '--policy <names>',
      `all, or some of ${TEXTBOOK_POLICIES.join(',')}; ${STANDING_POLICIES.join(', ')} are always there`,
      policyNames,
      ['all'],
    )
    .option('--forecaster <names>', `some of ${FORECASTER_NAMES.join(',')}`, forecasterNames, [
      ...DEFAULT_FORECASTERS,
    ])
    .option(
      '--known <columns>',
      'columns that were known ahead at every decision; several with commas between',
      columnNames,
    )
    .option(
      '--test <periods>',
      'periods at the end that are replayed; default: a third',
      wholeNumber(1, MOST_TEST),
    )
    .addOption(
      new Option('--missing <what>', 'what a missing date inside a series is: no demand, or unknown')
        .choices(['zero', 'nan'])
        .default('zero'),
    )
    .option('--jobs <threads>', 'worker threads', wholeNumber(1, MOST_JOBS), availableParallelism())
    .option('--seed <number>', 'start of all chance', wholeNumber(0, Number.MAX_SAFE_INTEGER), 1)
    .option('--details <file>', 'JSON to write: policies by class, differences to auto')
    .requiredOption('--output <file>', 'CSV to write, complete or not at all; gzip when the name ends in .gz')
    .addHelpText('after', HELP)
    .action((options: EvaluateOptions) => evaluateFile(options));
}

function share(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = text.trim() === '' ? Number.NaN : Number(text);
    if (!(value >= least && value <= most))
      throw new InvalidArgumentError(`a number from ${least} to ${most}`);
    return value;
  };
}

function policyNames(text: string): readonly string[] {
  return namesOf(text, ['all', ...TEXTBOOK_POLICIES, ...STANDING_POLICIES]);
}

function forecasterNames(text: string): readonly string[] {
  return namesOf(text, FORECASTER_NAMES);
}

function namesOf(text: string, known: readonly string[]): readonly string[] {
  const names = [...new Set(text.split(',').map((name) => name.trim()))];
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined) throw new InvalidArgumentError(`no ${unknown}; there are ${known.join(', ')}`);
  return names;
}

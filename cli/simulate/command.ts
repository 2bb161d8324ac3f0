import { type Command, Option } from 'commander';
import { Fault } from '../../shared/contracts/fault.ts';
import { CONFIG_FLAGS, type ConfigKey } from '../../shared/contracts/simulation-config.ts';
import { readSimulationConfig, settingsOf } from '../../shared/contracts/simulation-settings.ts';
import { METRIC_OPERATIONS } from '../../shared/core/analytics/operations/run-operation.ts';
import { simulateToFiles } from './simulate-to-files.ts';

/** How the text of a flag becomes a value of the configuration. */
type Kind = 'number' | 'text' | 'numbers' | 'names';

const FLAGS: readonly (readonly [key: ConfigKey, kind: Kind, value: string, about: string])[] = [
  [
    'SIMULATION_DEMAND',
    'text',
    '<kind>',
    'original (the day loop) or realistic (seasons, promotions, lead times); default: original',
  ],
  ['SIMULATION_DAYS', 'number', '<number>', 'days, below 900; default: 30'],
  ['SIMULATION_SEED', 'number', '<number>', 'start of all chance; default: 1'],
  ['SIMULATION_STARTING_DATE', 'text', '<day>', 'first day; default: 2024-01-01'],
  ['SIMULATION_NAME', 'text', '<name>', 'begins every id; default: sim'],
  ['PRODUCT_LISTING', 'names', '<names>', 'categories, commas between; default: a hundred of retail'],
  [
    'WAREHOUSE_LISTING',
    'names',
    '<names>',
    'warehouses, commas between; default: twenty cities; realistic: MAIN',
  ],
  ['PRODUCT_RESTOCK_LOWER_PROPORTION', 'number', '<share>', 'least restocked of what was sold; default: 0.8'],
  ['PRODUCT_RESTOCK_UPPER_PROPORTION', 'number', '<share>', 'most restocked of what was sold; default: 1.2'],
  [
    'PRODUCT_RESTOCK_UNIFORM_PROPORTION',
    'number',
    '<share>',
    'always restocked of what was sold, in place of a range',
  ],
  [
    'SALE_TREND_SUBSET',
    'number',
    '<rows>',
    'newest sales by which goods are divided, above 100; default: 1000',
  ],
  [
    'NEW_PRODUCT_ITERATION_PROB',
    'number',
    '<percent>',
    'chance of a new category a day, 0 to 90; default: 10',
  ],
  ['REFUND_RATE', 'numbers', '<parts>', 'refunded and kept, two whole numbers that sum to 10; default: 1,9'],
  [
    'QUANTITY_SELL_RATES',
    'numbers',
    '<shares>',
    'chances of 1 to 5 units, sum 1; default: 0.82,0.1,0.05,0.02,0.01',
  ],
  [
    'SALE_SIMULATION_PROPORTION_LOWER_BOUND',
    'number',
    '<share>',
    'least sold of a stock that sells; default: 0.05',
  ],
  [
    'SALE_SIMULATION_PROPORTION_UPPER_BOUND',
    'number',
    '<share>',
    'most sold of a stock that sells; default: 0.3',
  ],
  [
    'ITERATION_PRODUCT_COUNT_ALLOCATION_LOWER_BOUND',
    'number',
    '<units>',
    'least units of a new category; default: 300',
  ],
  [
    'ITERATION_PRODUCT_COUNT_ALLOCATION_UPPER_BOUND',
    'number',
    '<units>',
    'most units of a new category; default: 2500',
  ],
  [
    'ITERATION_PRODUCT_COUNT_ALLOCATION_UNIFORM_BOUND',
    'number',
    '<units>',
    'units of every new category, in place of a range',
  ],
  ['SIMULATION_PRODUCTS', 'number', '<number>', 'realistic: products; default: 200'],
  [
    'SIMULATION_MEAN_DEMAND',
    'number',
    '<units>',
    'realistic: units a day of the average product; default: 1',
  ],
  ['SIMULATION_RETURN_SHARE', 'number', '<share>', 'realistic: share of lines that come back; default: 0.03'],
  ['SIMULATION_SERVICE_LEVEL', 'number', '<share>', 'realistic: what the buyer aims at; default: 0.95'],
  ['METRIC_OPERATION', 'text', '<name>', `with --get-metrics: ${METRIC_OPERATIONS.join(', ')}`],
  ['METRIC_DATE_CUTOFF', 'text', '<day>', 'with --get-metrics: last day that counts'],
];

const HELP = `
The last line is JSON: counts, and the SHA-256 of ledger.csv. The same flags write the same bytes.
With --output: ledger.csv, sales.csv, products.csv, supply.csv, lost.csv, and import/ with files for the drop folder, to
be imported in the order of their numbers. --truth adds what was wanted each day, whatever there was, and with realistic
demand, in FILE.parameters.csv, what that was drawn from.
`;

/** Adds `simulate`: a business that never was, from a seed, without a database. */
export function addSimulateCommand(program: Command): void {
  const command = program
    .command('simulate')
    .description(
      'invent a business day by day: products, sales, refunds, restocks and their ledger; needs no stack',
    )
    .option('-r, --run', 'simulate; what happens when nothing else is asked')
    .option('--get-metrics', 'print a measure of the simulated ledger: see --metric-operation')
    .option('--output <folder>', 'write the files there; without it only counts and hash are printed')
    .option(
      '--truth <file>',
      'write the ground truth: a CSV, gzip when it ends in .gz, with a row for each product, place and day',
    );
  for (const [key, , value, about] of FLAGS)
    command.addOption(new Option(`${CONFIG_FLAGS[key]} ${value}`, about));
  command.addHelpText('after', HELP).action(async (options: Record<string, string | boolean | undefined>) => {
    const config = readSimulationConfig(configOf(options), 'flags');
    const { getMetrics, run, output, truth } = options;
    refuseActions(options);
    await simulateToFiles(settingsOf(config), {
      output: output as string | undefined,
      truth: truth as string | undefined,
      showsSummary: run === true || getMetrics !== true,
      ...(getMetrics === true && {
        metric: { operation: config.METRIC_OPERATION!, cutoff: config.METRIC_DATE_CUTOFF },
      }),
    });
  });
}

function configOf(options: Readonly<Record<string, string | boolean | undefined>>): Record<string, unknown> {
  const config: Record<string, unknown> = {};
  for (const [key, kind] of FLAGS) {
    const text = options[optionName(CONFIG_FLAGS[key]!)];
    if (typeof text === 'string') config[key] = VALUES[kind](text);
  }
  return config;
}

const VALUES: Readonly<Record<Kind, (text: string) => unknown>> = {
  text: (text) => text,
  number: numberOf,
  numbers: (text) => text.split(',').map(numberOf),
  names: (text) => text.split(','),
};

/** The number, or the text as it is, which the configuration then refuses by its flag. */
function numberOf(text: string): number | string {
  const value = Number(text);
  return text.trim() === '' || Number.isNaN(value) ? text : value;
}

/** As commander names the value of `--some-flag`: `someFlag`. */
const optionName = (flag: string): string =>
  flag.slice(2).replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());

function refuseActions(options: Readonly<Record<string, string | boolean | undefined>>): void {
  const refuse = (sentence: string): never => {
    throw new Fault('invalid', sentence);
  };
  if (options.getMetrics && options.metricOperation === undefined)
    refuse('--get-metrics needs --metric-operation to say which measure');
  if (!options.getMetrics && options.metricOperation !== undefined)
    refuse(`--metric-operation ${options.metricOperation} means nothing without --get-metrics`);
  if (!options.getMetrics && options.metricCutoff !== undefined)
    refuse(`--metric-cutoff ${options.metricCutoff} means nothing without --get-metrics`);
}

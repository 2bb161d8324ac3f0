import { type Command, Option } from 'commander';
import { type BacktestOptions, backtestFile } from './backtest-file.ts';
import { type ForecastOptions, forecastFile } from './forecast-file.ts';
import {
  addSeriesOptions,
  columnNames,
  day,
  defaultQuantiles,
  modelHelp,
  modelName,
  quantileList,
  wholeNumber,
} from './options.ts';

const MOST_ORIGINS = 1000;
const BACKTEST_HELP = `
Columns: n points scored; mae, smape, mase, rmsse mean over forecasts; wape, wql, coverage, bias pooled over points, as
fractions; seconds of the wall clock, shared out over the classes by their number of forecasts. A class is that of the
history before the origin. MASE is scaled by the season (7 days, 52 weeks, 12 months), or by neighbours when it is short.
`;

/** Adds the commands that forecast files; they need no stack. */
export function addForecastCommands(program: Command): void {
  addSeriesOptions(program.command('forecast'))
    .description('forecast every series of a file')
    .option('--origin <day>', 'last training date; rows after it are not read; default: last date', day)
    .option('--model <name>', 'how', modelName, 'auto')
    .addOption(
      new Option('--quantiles <levels>', 'quantiles to write')
        .argParser(quantileList)
        .default(defaultQuantiles(), defaultQuantiles().join(',')),
    )
    .option('--future <file>', 'CSV with series_id,date and the columns whose future is known')
    .addHelpText('after', modelHelp)
    .action((options: ForecastOptions) => forecastFile(options));

  addSeriesOptions(program.command('backtest'))
    .description('forecast from past origins, and measure against what came')
    .requiredOption('--origins <number>', 'past origins', wholeNumber(1, MOST_ORIGINS))
    .option('--step <periods>', 'periods between origins; default: the horizon', wholeNumber(1, MOST_ORIGINS))
    .option(
      '--known <columns>',
      'columns that were known ahead at every origin; several with commas between',
      columnNames,
    )
    .option('--model <names>', 'how; several with commas between', modelNames, ['auto'])
    .addHelpText('after', BACKTEST_HELP)
    .addHelpText('after', modelHelp)
    .action(({ model, ...options }: BacktestOptions & { readonly model: readonly string[] }) =>
      backtestFile({ ...options, models: model }),
    );
}

function modelNames(text: string): readonly string[] {
  return [...new Set(text.split(',').map(modelName))];
}

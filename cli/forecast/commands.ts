import { type Command, Option } from 'commander';
import { type ForecastOptions, forecastFile } from './forecast-file.ts';
import { addSeriesOptions, day, defaultQuantiles, modelHelp, modelName, quantileList } from './options.ts';

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
}

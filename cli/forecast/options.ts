import { availableParallelism } from 'node:os';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { dayNumber, type Frequency } from '../../shared/core/calendar/period-grid.ts';
import { GLOBAL_MODELS } from '../../shared/core/forecast/global/forecast-global.ts';
import { NAMED_MODELS } from '../../shared/core/forecast/named-models.ts';

/** What `forecast` and `backtest` have in common. */
export interface SeriesOptions {
  readonly input: string;
  readonly frequency: Frequency;
  readonly horizon: number;
  readonly missing: 'zero' | 'nan';
  readonly jobs: number;
  readonly seed: number;
  readonly output: string;
  /** Country whose holidays are known inputs: `GB`, or `US-CA`. */
  readonly holidays?: string;
}

const MOST_PERIODS_AHEAD = 1000;
const MOST_JOBS = 64;
const DEFAULT_QUANTILES = [0.025, 0.1, 0.25, 0.5, 0.75, 0.9, 0.975];

/** Adds the options that say which series are read and how the work is done. */
export function addSeriesOptions(command: Command): Command {
  return command
    .requiredOption(
      '--input <file>',
      'history: CSV with series_id,date,quantity and further columns; gzip allowed',
    )
    .addOption(
      new Option('--frequency <frequency>', 'length of a period')
        .choices(['daily', 'weekly', 'monthly'])
        .makeOptionMandatory(),
    )
    .requiredOption('--horizon <periods>', 'periods ahead', wholeNumber(1, MOST_PERIODS_AHEAD))
    .addOption(
      new Option('--missing <what>', 'what a missing date inside a series is: no demand, or unknown')
        .choices(['zero', 'nan'])
        .default('zero'),
    )
    .option('--holidays <place>', 'holidays of a country (GB) or a part of it (GB-ENG) as known inputs')
    .option('--jobs <threads>', 'worker threads', wholeNumber(1, MOST_JOBS), availableParallelism())
    .option('--seed <number>', 'start of all chance', wholeNumber(0, Number.MAX_SAFE_INTEGER), 1)
    .requiredOption(
      '--output <file>',
      'CSV to write, complete or not at all; gzip when the name ends in .gz',
    );
}

/** Help for `--model`, from the table of models. */
export function modelHelp(): string {
  const lines = Object.entries({ ...GLOBAL_MODELS, ...NAMED_MODELS }).map(
    ([name, { about }]) => `  ${name.padEnd(19)}${about}`,
  );
  const combined = [
    `  ${'auto'.padEnd(19)}single models and one of all series, averaged by how they did before (default)`,
    `  ${'blend'.padEnd(19)}single models of each series, averaged by how they did before`,
  ];
  return `\nModels:\n${[...combined, ...lines].join('\n')}`;
}

/** The quantile levels when none are asked for. */
export const defaultQuantiles = (): readonly number[] => DEFAULT_QUANTILES;

/** Parses `0.1,0.9`, ascending and without repetition. */
export function quantileList(text: string): readonly number[] {
  const levels = text.split(',').map((part) => Number(part.trim() || Number.NaN));
  if (!levels.every((level) => level > 0 && level < 1)) {
    throw new InvalidArgumentError('levels lie between 0 and 1, such as 0.1,0.5,0.9');
  }
  return [...new Set(levels)].sort((a, b) => a - b);
}

/** Checks a name of a model. */
export function modelName(text: string): string {
  const names = ['auto', 'blend', ...Object.keys(GLOBAL_MODELS), ...Object.keys(NAMED_MODELS)];
  if (!names.includes(text)) {
    throw new InvalidArgumentError(`there are ${names.join(', ')}`);
  }
  return text;
}

/** Parses `price,deal`, each column once. */
export function columnNames(text: string): readonly string[] {
  return [
    ...new Set(
      text
        .split(',')
        .map((name) => name.trim())
        .filter((name) => name !== ''),
    ),
  ];
}

/** Parses a day to its number. */
export function day(text: string): number {
  const number = dayNumber(text);
  if (Number.isNaN(number)) throw new InvalidArgumentError('not a day such as 2024-12-31');
  return number;
}

/** A parser of whole numbers within bounds. */
export function wholeNumber(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!/^\d+$/.test(text) || value < least || value > most) {
      throw new InvalidArgumentError(`a whole number from ${least} to ${most}`);
    }
    return value;
  };
}

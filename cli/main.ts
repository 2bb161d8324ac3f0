import { Command, CommanderError, InvalidArgumentError } from 'commander';
import { Fault } from '../shared/contracts/fault.ts';
import { addEvaluateCommand } from './evaluate/commands.ts';
import { addForecastCommands } from './forecast/commands.ts';
import { ingestFiles } from './ingest.ts';
import { addMetricsCommand } from './metrics/command.ts';
import { redrive, runSchedule } from './operate.ts';
import { addSimulateCommand } from './simulate/command.ts';
import { showStatus } from './status.ts';

const program = new Command('smart-inventory')
  .description(
    'Demand planning and replenishment. Forecasts files; talks to the stack that `npm start` runs on this machine.',
  )
  .option(
    '--edge <url>',
    'edge port of the stack',
    edgeUrl,
    `http://127.0.0.1:${process.env.AWS_PORT ?? 4566}`,
  )
  .showHelpAfterError('(--help tells more)')
  .exitOverride();

const edge = (): string => program.opts<{ edge: string }>().edge;

program
  .command('status')
  .description('functions with the hash of their code, queues, dead letters, schedules, imports, plans')
  .option('--json', 'the whole state as JSON')
  .action((options: { json?: boolean }) => showStatus(edge(), options.json === true));

program
  .command('ingest')
  .description('drop CSV files into the data bucket, as `aws s3 cp FILE s3://BUCKET/drop/` would')
  .argument('<file...>', 'CSV files, gzip allowed')
  .action((files: string[]) => ingestFiles(edge(), files));

program
  .command('run-schedule')
  .description('fire a schedule now')
  .argument('<name>', 'name of the schedule, as `status` shows it')
  .action((name: string) => runSchedule(edge(), name));

program
  .command('redrive')
  .description('send dead letters back to the queues they came from')
  .argument('[queue]', 'one dead-letter queue; default: all of them')
  .action((queue?: string) => redrive(edge(), queue));

addForecastCommands(program);
addEvaluateCommand(program);
addMetricsCommand(program, edge);
addSimulateCommand(program);

/** Exit code for what the caller has to change: options and input files. */
const BAD_INPUT = 2;

await program.parseAsync().catch((error: unknown) => {
  if (error instanceof CommanderError) {
    // Its message has been shown.
    process.exitCode = error.exitCode === 0 ? 0 : BAD_INPUT;
    return;
  }
  console.error(`smart-inventory: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = error instanceof Fault && error.kind === 'invalid' ? BAD_INPUT : 1;
});

function edgeUrl(text: string): string {
  if (!URL.canParse(text)) throw new InvalidArgumentError('not an address such as http://127.0.0.1:4566');
  return text.replace(/\/$/, '');
}

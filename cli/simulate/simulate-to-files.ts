import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { chainLedger } from '../../functions/simulate/chain-ledger.ts';
import { type MetricOperation, runOperation } from '../../shared/core/analytics/operations/run-operation.ts';
import { LEDGER_HEADER, ledgerLine, openMemoryLedger } from '../../shared/core/simulate/ledger-lines.ts';
import type { SimulationSettings } from '../../shared/core/simulate/settings.ts';
import { openWorld, simulateDay } from '../../shared/core/simulate/simulate-day.ts';
import { progressOn } from '../forecast/progress.ts';
import { writeForImport } from './import-files.ts';
import { MetricRows } from './metric-rows.ts';
import { writeForPeople } from './people-files.ts';
import { writeTruth } from './truth-file.ts';
import { WholeFiles } from './whole-files.ts';

export interface SimulateOptions {
  readonly output: string | undefined;
  readonly truth: string | undefined;
  /** Whether the last line tells the counts. */
  readonly showsSummary: boolean;
  readonly metric?: { readonly operation: MetricOperation; readonly cutoff: string | undefined };
}

/** Simulates in memory, books by the ledger's own rule, writes what is asked for and prints what came of it. */
export async function simulateToFiles(settings: SimulationSettings, options: SimulateOptions): Promise<void> {
  const files = new WholeFiles();
  try {
    const writers = [
      ...(options.output === undefined
        ? []
        : [
            writeForPeople(files, options.output, settings),
            writeForImport(files, join(options.output, 'import'), settings),
          ]),
      ...(options.truth === undefined ? [] : [writeTruth(files, options.truth, settings)]),
    ];
    const ledgerFile =
      options.output === undefined ? undefined : files.add(join(options.output, 'ledger.csv'), LEDGER_HEADER);
    const metricRows = options.metric && new MetricRows();
    const counts = { products: 0, orders: 0, sales: 0, units: 0, returns: 0, lostUnits: 0, movements: 0 };
    const hash = createHash('sha256').update(`${LEDGER_HEADER}\n`);
    let chain = '';
    const ledger = openMemoryLedger();
    const progress = progressOn('days');
    let state = openWorld(settings);
    for (let day = 0; day < settings.days; day++) {
      const { events, state: next } = simulateDay(state, settings, day);
      state = next;
      const booked = ledger.book(events);
      let text = '';
      for (const movement of booked) {
        const line = ledgerLine(++counts.movements, movement);
        text += `${line}\n`;
        ledgerFile?.line(line);
      }
      hash.update(text);
      chain = chainLedger(chain, booked);
      for (const write of writers) write(events);
      metricRows?.add(events, booked);
      counts.products += events.products.length;
      counts.sales += events.sales.length;
      counts.orders += new Set(events.sales.map(({ orderId }) => orderId)).size;
      counts.returns += events.returns.length;
      for (const { quantity } of events.sales) counts.units += quantity;
      for (const { quantity } of events.losses) counts.lostUnits += quantity;
      progress(day + 1, settings.days);
    }
    files.keep();
    const { demand, days, seed } = settings;
    if (metricRows) {
      const { operation, cutoff } = options.metric!;
      console.log(JSON.stringify(runOperation(operation, metricRows.data(), cutoff)));
    }
    if (options.showsSummary)
      console.log(
        JSON.stringify({
          demand,
          days,
          seed,
          ...counts,
          ledger_sha256: hash.digest('hex'),
          ledger_chain: chain,
        }),
      );
  } finally {
    files.drop();
  }
}

import type { Machine } from '../speed/machine.ts';
import type { Beside, SettingResult } from './compare-setting.ts';
import { stockAt } from './curve.ts';
import type { Estimate } from './estimate.ts';
import { ECONOMICS } from './settings.ts';

const FILL_RATES = [0.9, 0.95, 0.98, 0.99, 0.995, 0.999];

/** The results as text. */
export function reportOf(machine: Omit<Machine, 'engine'>, results: readonly SettingResult[]): string {
  const load = `load average ${machine.loadBefore.toFixed(1)} before, ${machine.loadAfter.toFixed(1)} after`;
  return `# What decisions cost

Made by \`npm run bench -- decisions --data DIR\`. ${machine.date}, ${machine.processor}, one of ${machine.cores} cores, Node ${machine.node}; ${load}.
The last third of real histories is replayed with lost sales (docs/theory/evaluation.md): holding ${100 * ECONOMICS.holdingRate} % of the
unit cost a year, margin ${100 * ECONOMICS.margin} %, no cost of an order. Everything that \`auto\` chooses, it chooses on the last third of the training part.
The original rules are read as kindly as they can be: they count what is on order, and periods without sales. They run
once with our forecaster (\`mix\`) and once with the seasonal naive one. Stock is in units, summed over series; intervals are
95 %, from 1000 resamples of the series.

${results.map(settingText).join('\n')}`;
}

function settingText({ setting, series, test, cpuSeconds, rows, curves, beside }: SettingResult): string {
  const unit = setting.frequency === 'daily' ? 'days' : 'weeks';
  const lines = rows.map(
    ({ name, measures: m }) =>
      `| ${name} | ${percent(m.fillRate, 2)} | ${percent(m.cycleService, 1)} | ${whole(m.stockoutDays)} | ${whole(m.averageStock)} | ${m.turns.toFixed(1)} | ${whole(m.orders)} | ${whole(m.holdingCost)} | ${whole(m.lostMargin)} | ${whole(m.totalCost)} |`,
  );
  return `## ${setting.name}

${series} series, ${test} ${unit} replayed, lead time ${setting.leadTime}, review ${setting.review}; ${cpuSeconds.toFixed(0)} CPU s for all sweeps on one thread.${
    setting.known
      ? `
Rows that say "known ahead" know ${setting.known.join(', ')} of the weeks ahead that a decision is for.`
      : ''
  }

![](decisions-${setting.name}.svg)

| policy | fill rate | cycle service | stockout days | average stock | turns | orders | holding | lost margin | total cost |
|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|
${lines.join('\n')}

Against each original rule as it is: how much less ours costs in all, how much less stock our curve needs at the rule's fill rate,
and how many fewer days with unserved demand it has at the rule's stock.

| rule | its fill rate | its stock | ours | total cost saved | stock saved | stockout days saved |
|---|--:|--:|---|--:|--:|--:|
${beside.map(besideLine).join('\n')}

Average stock for a fill rate, when the numbers of every rule are scaled up and down (- beyond the ends of a sweep):

| policy | ${FILL_RATES.map((rate) => percent(rate, 1)).join(' | ')} |
|---|${FILL_RATES.map(() => '--:').join('|')}|
${curves.map(({ name, points }) => `| ${name} | ${FILL_RATES.map((rate) => whole(stockAt(points, rate))).join(' | ')} |`).join('\n')}
`;
}

function besideLine({ rule, ours, measures, costSaved, stockSaved, daysSaved }: Beside): string {
  return `| ${rule} | ${percent(measures.fillRate, 2)} | ${whole(measures.averageStock)} | ${ours} | ${interval(costSaved)} | ${interval(stockSaved)} | ${interval(daysSaved)} |`;
}

function interval({ value, low, high }: Estimate): string {
  if (Number.isNaN(value)) return 'beyond our curve';
  const bounds = Number.isNaN(low) ? '' : ` (${percent(low, 0)} to ${percent(high, 0)})`;
  return `${percent(value, 0)}${bounds}`;
}

function percent(share: number, digits: number): string {
  return `${(100 * share).toFixed(digits)} %`;
}

function whole(value: number): string {
  return Number.isNaN(value) ? '-' : Math.round(value).toLocaleString('en-US');
}

import type { Machine } from '../speed/machine.ts';
import type { M4Line } from './m4-weekly.ts';
import type { Line, SetResult } from './score-set.ts';

/** Everything that one run of the bench found. */
export interface AccuracyResults {
  readonly machine: Omit<Machine, 'engine'>;
  readonly sets: readonly SetResult[];
  readonly m4: readonly M4Line[];
}

/** The results as a page for people. */
export function reportOf({ machine, sets, m4 }: AccuracyResults): string {
  const { date, cores, processor, node } = machine;
  const load = `${machine.loadBefore.toFixed(1)} before, ${machine.loadAfter.toFixed(1)} after`;
  return `# Accuracy

Made by \`npm run bench -- accuracy --data DIR\`; the same figures are in accuracy.json. ${date}, ${cores} cores
(${processor}), Node ${node}, load average ${load}. A set that the newest run left out has the figures of an earlier one.

Every line is scored by the same code (shared/core/forecast/evaluate), on the same series, origins and dates. wQL is the
mean over nine levels; MASE is the mean over forecasts; bias and coverage are pooled over points. PIT is the coverage by
randomised probability transforms, which is what a calibrated forecast of counts has at the nominal level; the rivals'
files have too few levels for it. Seconds are CPU seconds a forecast, start of the program and reading included for ours;
the rivals' are those measured elsewhere when their forecasts were made: compare magnitudes only. A forecaster whose name
ends in \`known_inputs\` was told prices, promotions and events of the dates ahead.

${sets.map(sectionOf).join('\n\n')}
${m4.length > 0 ? `\n## M4 weekly, official test\n\n${m4Table(m4)}\n` : ''}`;
}

function sectionOf({ set, lines, sample, largestDifference }: SetResult): string {
  const parts = [
    `## ${set}`,
    `${lines[0]!.score.forecasts} forecasts, ${lines[0]!.score.points} points. ${verdict(lines)}`,
    `The rivals' wQL and MASE differ from those published beside their forecasts by at most ${largestDifference.toExponential(1)}.`,
    `![accuracy against time](accuracy-${set}.svg)`,
    tableOf(lines),
  ];
  if (sample.length > 0) {
    parts.push(`### ${set}, the sample of series that slow rivals were run on`, tableOf(sample));
  }
  return parts.join('\n\n');
}

/** Largest bias with which a MASE counts: the median of a skewed demand has a low one and is no mean. */
const MOST_BIAS = 0.1;

/** Where \`auto\` stands among those with the same information. */
function verdict(lines: readonly Line[]): string {
  return ['smart-inventory auto', 'smart-inventory auto_known_inputs']
    .flatMap((name) => {
      const ours = lines.find((line) => line.name === name);
      if (!ours) return [];
      const rivals = lines.filter((line) => !line.isOurs && (ours.knowsInputs || !line.knowsInputs));
      const wql = best(rivals, ({ score }) => score.wql);
      const mase = best(
        rivals.filter(({ score }) => Math.abs(score.bias) <= MOST_BIAS),
        ({ score }) => score.mase,
      );
      const against = (own: number, rival: Line | undefined, of: (line: Line) => number): string =>
        rival
          ? `${own < of(rival) ? 'ahead of' : 'behind'} ${rival.name} (${of(rival).toFixed(4)})`
          : 'alone';
      return [
        `\`${name}\`: wQL ${ours.score.wql.toFixed(4)}, ${against(ours.score.wql, wql, ({ score }) => score.wql)}; ` +
          `MASE ${ours.score.mase.toFixed(4)}, ${against(ours.score.mase, mase, ({ score }) => score.mase)}, ` +
          'the best rival with a bias within 10 %.',
      ];
    })
    .join(' ');
}

function best(lines: readonly Line[], of: (line: Line) => number): Line | undefined {
  return lines.reduce<Line | undefined>(
    (found, line) => (Number.isNaN(of(line)) || (found && of(found) <= of(line)) ? found : line),
    undefined,
  );
}

function tableOf(lines: readonly Line[]): string {
  const rows = lines.map(({ name, isOurs, seconds, score }) => {
    const pit = isOurs ? [score.pit80, score.pit95].map((value) => value.toFixed(3)).join(' / ') : '-';
    const cells = [
      isOurs ? `**${name}**` : name,
      ...[figure(score.wql, 4), figure(score.mase, 4), figure(100 * score.bias, 1)],
      `${figure(score.coverage80, 3)} / ${figure(score.coverage95, 3)}`,
      ...[pit, Number.isNaN(seconds) ? '-' : seconds.toPrecision(2)],
    ];
    return `| ${cells.join(' | ')} |`;
  });
  return [
    '| forecaster | wQL | MASE | bias % | coverage 80 / 95 | PIT 80 / 95 | CPU s |',
    '|---|--:|--:|--:|--:|--:|--:|',
    ...rows,
  ].join('\n');
}

function m4Table(lines: readonly M4Line[]): string {
  const rows = lines.map(
    ({ name, smape, mase, owa, wql, coverage80, coverage95, seconds }) =>
      `| ${name} | ${smape.toFixed(3)} | ${mase.toFixed(3)} | ${owa.toFixed(3)} | ${figure(wql, 4)} | ${figure(coverage80, 3)} / ${figure(coverage95, 3)} | ${seconds.toPrecision(2)} |`,
  );
  return [
    'OWA is the mean of sMAPE and MASE (season 1), each relative to the published Naive2 (9.161 and 2.777), which on',
    'weekly data is the naive forecast; ours must come out as 1. The best entry of the competition had .739 here.\n',
    '| forecaster | sMAPE | MASE | OWA | wQL | coverage 80 / 95 | CPU s |',
    '|---|--:|--:|--:|--:|--:|--:|',
    ...rows,
  ].join('\n');
}

function figure(value: number, digits: number): string {
  return Number.isNaN(value) ? '-' : value.toFixed(digits);
}
